"""The shapes of countries, from Natural Earth, and what of them lies in a window of the map.

`shapes.json` says whose shapes they are and how borders are drawn; `docs/shapes.py` writes it.
"""

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

Ring = np.ndarray  # shape (points, 2): longitude and latitude, degrees; the last point is the first


class Window(NamedTuple):
    """A part of the world, in degrees."""

    west: float
    south: float
    east: float
    north: float


class Land(NamedTuple):
    """What of a country lies in a window."""

    code: str  # ISO 3166 alpha-3, or a name where there is none
    name: str
    rings: list[Ring]


@cache
def _file() -> dict[str, Any]:
    text = files("foedus.report").joinpath("shapes.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def source() -> str:
    """Whose shapes they are."""
    return str(_file()["source"])


def known(code: str) -> bool:
    """Whether there is a shape of this country."""
    return code in _file()["countries"]


@cache
def _line(index: int) -> Ring:
    steps = np.array(_file()["lines"][index], dtype=np.float64).reshape(-1, 2)
    line: Ring = np.cumsum(steps, axis=0) / _file()["steps"]
    return line


def rings(code: str) -> list[Ring]:
    """The outlines of a country's parts. East of 180 degrees they go on, to 190 for Russia."""
    return [
        _unbroken(np.concatenate([_line(i) if i >= 0 else _line(~i)[::-1] for i in ring]))
        for ring in _file()["countries"][code]["rings"]
    ]


def _unbroken(ring: Ring) -> Ring:
    """A ring that does not jump from one end of the world to the other."""
    x = np.unwrap(ring[:, 0], period=360.0)
    around_a_pole = abs(x[-1] - x[0]) > 1.0
    return ring if around_a_pole else np.column_stack([x, ring[:, 1]])


def area(ring: Ring) -> float:
    """The size of a ring on the plane, in square degrees."""
    x, y = ring[:, 0], ring[:, 1]
    return float(abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2)


def centre(ring: Ring) -> tuple[float, float]:
    """A point inside a ring: the middle of its longest stretch from west to east, near its middle.

    The centre of gravity of a bent country may lie in another.
    """
    south, north = ring[:, 1].min(), ring[:, 1].max()
    best = (-1.0, 0.0, 0.0)
    for y in np.linspace(south + 0.3 * (north - south), south + 0.7 * (north - south), 9):
        x = np.sort(_crossings(ring, y))
        for west, east in zip(x[::2], x[1::2], strict=False):
            best = max(best, (east - west, (west + east) / 2, y))
    return float(best[1]), float(best[2])


def _crossings(ring: Ring, y: float) -> np.ndarray:
    a, b = ring[:-1], ring[1:]
    crosses = (a[:, 1] > y) != (b[:, 1] > y)
    a, b = a[crosses], b[crosses]
    found: np.ndarray = a[:, 0] + (y - a[:, 1]) / (b[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0])
    return found


def around(codes: Iterable[str], margin: float = 0.08) -> Window:
    """The window that holds the main part of each of these countries, with a margin around."""
    main = np.concatenate([max(rings(code), key=area) for code in codes])
    low, high = main.min(axis=0), main.max(axis=0)
    edge = margin * (high - low).max()
    return Window(*(low - edge), *(high + edge))


def lands(window: Window) -> list[Land]:
    """Every country of which something lies in a window, cut at its edges."""
    found = []
    for code, told in _file()["countries"].items():
        inside = [cut for ring in rings(code) if len(cut := clipped(ring, window)) > 3]
        if inside:
            found.append(Land(code, told["name"], inside))
    return found


def clipped(ring: Ring, window: Window) -> Ring:
    """What of a ring lies in a window (Sutherland & Hodgman 1974); empty if nothing does."""
    if (ring.min(axis=0) > window[2:]).any() or (ring.max(axis=0) < window[:2]).any():
        return np.empty((0, 2))
    for axis, edge, side in ((0, window.west, 1), (0, window.east, -1),
                             (1, window.south, 1), (1, window.north, -1)):  # fmt: skip
        ring = _cut(ring, axis, edge, side)
        if len(ring) == 0:
            return ring
    return ring


def _cut(ring: Ring, axis: int, edge: float, side: int) -> Ring:
    """What of a ring lies on one side of an edge."""
    inside = side * (ring[:, axis] - edge) >= 0
    if inside.all():
        return ring
    kept: list[np.ndarray] = []
    for i in range(len(ring) - 1):
        here, there = ring[i], ring[i + 1]
        if inside[i]:
            kept.append(here)
        if inside[i] != inside[i + 1]:
            along = (edge - here[axis]) / (there[axis] - here[axis])
            kept.append(here + along * (there - here))
    return np.array([*kept, kept[0]]) if kept else np.empty((0, 2))
