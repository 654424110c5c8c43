"""PRIM on bins: peel a box from all sides, then paste its limits where they fit best.

Each world leaves the box once, so a whole trajectory costs one pass over the table, not one pass
a step: the histograms of all columns are kept, and what is peeled is subtracted.

Sources: Friedman & Fisher 1999, Statistics and Computing 9, 123-143 (peeling and pasting);
Kwakkel & Jaxa-Rozen 2016, doi:10.1016/j.envsoft.2015.11.020 (gain per world lost, which lets
categories and integers compete with numbers).
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import xlogy

from foedus.judge.bins import Bins

PEEL = 0.05  # share of the box's worlds a peel takes at least: Friedman & Fisher's "patience"
FEWEST = 20  # worlds; a smaller box says nothing
LEAST_COVERAGE = 0.05

Side = Literal["low", "high", "set"]
SIDES: tuple[Side, ...] = ("low", "high", "set")
Face = tuple[int, Side]  # a side of the box: column, and which of its ends
Allowed = dict[int, np.ndarray]  # column -> which of its bins are in the box; other columns: all


@dataclass(frozen=True, eq=False)
class Table:
    """Worlds as bins, and which of them are cases of interest."""

    bins: tuple[Bins, ...]
    codes: tuple[np.ndarray, ...]  # uint8 (worlds,) each
    y: np.ndarray  # bool (worlds,)

    def take(self, rows: np.ndarray) -> "Table":
        """Some of the worlds; rows as indices or as a mask."""
        return Table(self.bins, tuple(c[rows] for c in self.codes), self.y[rows])

    def faces(self) -> frozenset[Face]:
        """Every side a box could be limited on."""
        return frozenset(
            (j, side)
            for j, b in enumerate(self.bins)
            for side in (("low", "high") if b.ordered else ("set",))
        )


@dataclass(frozen=True, eq=False)
class Step:
    """One box of a peeling trajectory."""

    allowed: Allowed
    column: int  # the column peeled last; -1 at the start
    worlds: int
    cases: int


def information(n: ArrayLike, t: ArrayLike, total: ArrayLike, cases: ArrayLike) -> np.ndarray:
    """How much better two rates, inside and outside, explain the cases than one: 2 log-likelihood.

    Args:
        n: worlds inside; any shape.
        t: cases inside; same shape.
        total: worlds; broadcasts against n.
        cases: cases among all worlds; broadcasts against n.

    Returns:
        The deviance explained, >= 0; 0 where the inside is no denser than the whole.
    """

    def fit(worlds: np.ndarray, hits: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = np.where(worlds > 0, hits / worlds, 0.0)
        return np.asarray(xlogy(hits, rate) + xlogy(worlds - hits, 1.0 - rate))

    n, t, every, hit = (np.asarray(x, np.float64) for x in (n, t, total, cases))
    gain = 2.0 * (fit(n, t) + fit(every - n, hit - t) - fit(every, hit))
    return np.where(t * every > n * hit, np.maximum(gain, 0.0), 0.0)


def peel(
    table: Table, faces: Collection[Face] | None = None, least: float = LEAST_COVERAGE
) -> list[Step]:
    """The whole peeling trajectory, from all worlds to the smallest box worth having.

    Args:
        table: worlds as bins.
        faces: the sides that may be peeled; None for all.
        least: the coverage at which to stop.

    Returns:
        The boxes, largest first; the first holds all worlds.
    """
    faces = table.faces() if faces is None else faces
    columns = sorted({j for j, _ in faces})
    may = np.array([[(j, s) in faces for j in columns] for s in SIDES], bool)
    live = np.arange(table.y.size, dtype=np.int32)
    counts = _histograms(table, columns, live)
    total = int(table.y.sum())
    n, t = table.y.size, total
    steps = [Step({}, -1, n, t)]
    while columns and n > FEWEST and t < n and t > least * total:
        best = _best_peel(counts, n, t, may)
        if best is None:
            break
        at, dropped = best
        j = columns[at]
        gone = dropped[table.codes[j][live]]
        out, live = live[gone], live[~gone]
        counts = counts - _histograms(table, columns, out)
        n, t = live.size, t - int(table.y[out].sum())
        before = steps[-1].allowed
        size = len(table.bins[j])
        kept = before.get(j, np.ones(size, bool)) & ~dropped[:size]
        steps.append(Step({**before, j: kept}, j, n, t))
    return steps


def _histograms(table: Table, columns: list[int], rows: np.ndarray) -> np.ndarray:
    """Worlds and cases a bin, for each column: int64 (2, columns, 256)."""
    hits = rows[table.y[rows]]
    return np.array(
        [
            [np.bincount(table.codes[j][chosen], minlength=256) for j in columns]
            for chosen in (rows, hits)
        ]
    )


def _best_peel(
    counts: np.ndarray, n: int, t: int, may: np.ndarray
) -> tuple[int, np.ndarray] | None:
    """The peel that raises the density most per world lost: (column, bins to drop)."""
    below = counts.cumsum(axis=2)
    at = np.arange(counts.shape[1])
    need = max(PEEL * n, 1.0)
    bottom = np.argmax(below[0] >= need, axis=1)
    top = np.count_nonzero(below[0] <= n - need, axis=1)
    under = np.where(top > 0, below[:, at, np.maximum(top, 1) - 1], 0)
    lost_high = np.array([[n], [t]]) - under
    gains = [
        _gain(below[:, at, bottom], n, t, may[0]),
        _gain(lost_high, n, t, may[1]),
        _gain(counts, n, t, may[2][:, None]),
    ]
    best = int(np.argmax([g.max(initial=-np.inf) for g in gains]))
    if not gains[best].max(initial=-np.inf) > 0:
        return None
    bins = np.arange(256)
    if best == 2:
        column, category = divmod(int(gains[2].argmax()), bins.size)
        return column, bins == category
    column = int(gains[best].argmax())
    return column, (bins <= bottom[column]) if best == 0 else (bins >= top[column])


def _gain(peeled: np.ndarray, n: int, t: int, may: np.ndarray) -> np.ndarray:
    """Rise of the density per world lost; -inf where the peel is not allowed or takes all."""
    lost, hits = peeled
    left = n - lost
    sound = may & (lost > 0) & (left > 0)
    rise = (t - hits) / np.maximum(left, 1) - t / n
    return np.where(sound, rise / np.maximum(lost, 1), -np.inf)


def faces_of(table: Table, allowed: Allowed) -> frozenset[Face]:
    """The sides on which a box is limited."""
    found: set[Face] = set()
    for j, kept in allowed.items():
        if not table.bins[j].ordered:
            found |= {(j, "set")} if not kept.all() else set()
            continue
        found |= {(j, "low")} if not kept[0] else set()
        found |= {(j, "high")} if not kept[-1] else set()
    return frozenset(found)


def within(table: Table, j: int, kept: np.ndarray) -> np.ndarray:
    """Which worlds have column j in the bins kept; bool (worlds,)."""
    codes, bins = table.codes[j], np.flatnonzero(kept)
    if table.bins[j].ordered:  # comparing bytes is twenty times faster than looking them up
        return np.asarray((codes >= np.uint8(bins[0])) & (codes <= np.uint8(bins[-1])))
    return np.asarray(kept[codes])


def inside(table: Table, allowed: Allowed) -> np.ndarray:
    """Which worlds are in the box; bool (worlds,)."""
    mask = np.ones(table.y.size, bool)
    for j, kept in allowed.items():
        mask &= within(table, j, kept)
    return mask


def without(table: Table, allowed: Allowed, face: Face) -> Allowed:
    """The box with one of its sides taken off."""
    j, side = face
    kept = allowed[j].copy()
    where = np.flatnonzero(kept)
    if side == "set":
        kept[:] = True
    elif side == "low":
        kept[: where[0]] = True
    else:
        kept[where[-1] :] = True
    rest = {k: v for k, v in allowed.items() if k != j}
    return rest if kept.all() else {**rest, j: kept}


def paste(table: Table, allowed: Allowed, faces: Collection[Face]) -> Allowed:
    """Move every limit, outward or inward, to where the box explains most; repeat until still.

    Friedman & Fisher paste outward only, while the density rises. Here each column in turn gets
    the limits with the largest two-rate likelihood given the others, which undoes the last peel's
    overshoot as pasting does and needs no threshold.
    """
    for _ in range(10):
        before = allowed
        outside = {j: ~within(table, j, kept) for j, kept in allowed.items()}
        broken = broken_limits(table, outside)
        for j in sorted(allowed):
            n, t = slab(table, j, broken == outside[j])
            kept = _best_bins(n, t, table, j, faces)
            allowed = {**allowed, j: kept}
            now = ~within(table, j, kept)
            broken += now
            broken -= outside[j]
            outside[j] = now
        if all(np.array_equal(before[j], allowed[j]) for j in allowed):
            break
    return {j: kept for j, kept in allowed.items() if not kept.all()}


def broken_limits(table: Table, outside: dict[int, np.ndarray]) -> np.ndarray:
    """In how many columns each world is outside the box; uint8 (worlds,)."""
    broken = np.zeros(table.y.size, np.uint8)
    for mask in outside.values():
        broken += mask
    return broken


def slab(table: Table, j: int, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Worlds and cases in each bin of column j, among the worlds of the mask."""
    rows, size = np.flatnonzero(mask), len(table.bins[j])
    codes = table.codes[j][rows]
    return np.bincount(codes, minlength=size), np.bincount(codes[table.y[rows]], minlength=size)


def _best_bins(
    n: np.ndarray, t: np.ndarray, table: Table, j: int, faces: Collection[Face]
) -> np.ndarray:
    """The bins of a column that explain most, as a mask."""
    total, cases = table.y.size, int(table.y.sum())
    if not table.bins[j].ordered:
        order = np.argsort(-(t / np.maximum(n, 1)), kind="stable")
        best = int(np.argmax(information(n[order].cumsum(), t[order].cumsum(), total, cases)))
        kept = np.zeros(n.size, bool)
        kept[order[: best + 1]] = True
        return kept
    up_n, up_t = (np.concatenate(([0], c.cumsum())) for c in (n, t))
    lows = np.arange(n.size) if (j, "low") in faces else np.array([0])
    highs = np.arange(1, n.size + 1) if (j, "high") in faces else np.array([n.size])
    inside_n = up_n[highs][None, :] - up_n[lows][:, None]
    inside_t = up_t[highs][None, :] - up_t[lows][:, None]
    gain = information(np.maximum(inside_n, 0), np.maximum(inside_t, 0), total, cases)
    low, high = divmod(int(gain.argmax()), highs.size)
    bins = np.arange(n.size)
    return np.asarray((bins >= lows[low]) & (bins < highs[high]))


def best_step(table: Table, steps: list[Step]) -> Step:
    """The box of a trajectory that explains most of the cases."""
    n, t = np.array([(step.worlds, step.cases) for step in steps]).T
    return steps[int(information(n, t, table.y.size, int(table.y.sum())).argmax())]


def losses(table: Table, allowed: Allowed) -> tuple[dict[Face, float], float]:
    """What each side of a box adds to what it explains, and what it explains in all (deviance)."""
    total, cases = table.y.size, int(table.y.sum())
    outside = {j: ~within(table, j, kept) for j, kept in allowed.items()}
    broken = broken_limits(table, outside)
    box = broken == 0
    whole = float(information(box.sum(), (box & table.y).sum(), total, cases))
    lost: dict[Face, float] = {}
    for face in sorted(faces_of(table, allowed)):
        j = face[0]
        n, t = slab(table, j, broken == outside[j])
        kept = without(table, allowed, face).get(j, np.ones(n.size, bool))
        lost[face] = whole - float(information(n[kept].sum(), t[kept].sum(), total, cases))
    return lost, whole
