"""Writes the country shapes that the report's map is drawn from: `src/foedus/report/shapes.json`.

    npm pack world-atlas@2.0.2 && tar -xzf world-atlas-2.0.2.tgz
    pip install pycountry        # only here: numeric country codes -> ISO 3166 alpha-3
    python docs/shapes.py package/countries-50m.json

The source is Natural Earth 4.1, 1:50 million (naturalearthdata.com), which is in the public domain,
as packed by world-atlas 2.0.2 (ISC licence). Borders that two countries share stay one line: the
lines are thinned, not the countries.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pycountry

TARGET = Path(__file__).parent.parent / "src/foedus/report/shapes.json"
TOLERANCE = 0.02  # degrees that a thinned line may lie off
STEPS = 100  # grid steps a degree: about a kilometre
SAYS = {
    "source": "Natural Earth 4.1 (2018), 1:50 million, public domain; via world-atlas 2.0.2 (ISC)",
    "borders": "as Natural Earth draws them: who holds an area, not who has a right to it",
    "made_by": "docs/shapes.py",
    "unit": f"1/{STEPS} degree; each line starts at a point, then goes by steps",
}


def thinned(line: np.ndarray) -> np.ndarray:
    """Douglas & Peucker 1973: the fewest points within the tolerance of the line."""
    keep = np.zeros(len(line), bool)
    keep[[0, -1]] = True
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        off = _distances(line[first + 1 : last], line[first], line[last])
        far = int(off.argmax())
        if off[far] > TOLERANCE:
            middle = first + 1 + far
            keep[middle] = True
            spans += [(first, middle), (middle, last)]
    return line[keep]


def _distances(points: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    along = end - start
    length = np.hypot(*along)
    if length == 0:  # an island: its line ends where it starts
        return np.hypot(*(points - start).T)
    off = points - start
    return np.abs(along[0] * off[:, 1] - along[1] * off[:, 0]) / length


def encoded(line: np.ndarray) -> list[int]:
    """A line as its first point and the steps from there, without steps of nothing."""
    grid = np.rint(line * STEPS).astype(int)
    steps = np.diff(grid, axis=0)
    steps = steps[np.any(steps != 0, axis=1)]
    return [*map(int, grid[0]), *map(int, steps.ravel())]


def country(geometry: dict) -> tuple[str, dict] | None:
    """ISO code -> name and rings, each a list of lines; a line ~n is line n walked backwards.

    An area without a code of its own is kept under its name, so that it can be drawn.
    """
    if not geometry.get("type"):
        return None
    name = geometry["properties"]["name"]
    found = pycountry.countries.get(numeric=geometry.get("id") or "")
    parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    # Holes (Lesotho) stay out: what lies in them is drawn on top.
    code = found.alpha_3 if found else name
    return code, {"name": name, "rings": [part[0] for part in parts]}


def main(path: str) -> None:
    """Read the TopoJSON of world-atlas, write the shapes."""
    world = json.loads(Path(path).read_text("utf-8"))
    scale, shift = (np.array(world["transform"][k]) for k in ("scale", "translate"))
    lines = [thinned(np.cumsum(np.array(arc), axis=0) * scale + shift) for arc in world["arcs"]]
    countries: dict[str, dict] = {}
    for code, found in filter(None, map(country, world["objects"]["countries"]["geometries"])):
        first = countries.setdefault(code, found)
        if first is not found:  # a state's far islands, drawn as a country of their own
            first["rings"] += found["rings"]
    said = {**SAYS, "steps": STEPS, "lines": [encoded(line) for line in lines],
            "countries": dict(sorted(countries.items()))}  # fmt: skip
    TARGET.write_text(json.dumps(said, separators=(",", ":"), ensure_ascii=False) + "\n", "utf-8")
    print(f"{TARGET}: {len(said['countries'])} countries, {TARGET.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1])
