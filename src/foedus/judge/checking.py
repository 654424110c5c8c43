"""Does a box hold in worlds it was not found in, and how sharply are its limits known?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from scipy import stats

from foedus.judge.boxes import Box, Interval, Limit
from foedus.judge.peeling import (
    Allowed,
    Face,
    Step,
    Table,
    faces_of,
    information,
    inside,
    peel,
    slab,
    without,
)

HALF_SAMPLES = 20
LARGEST_HALF = 10_000  # worlds; more do not make the reproducibility test sharper
RESAMPLES = 200
TRAJECTORY = pl.Schema(
    {
        "box": pl.Int64,
        "step": pl.Int64,
        "column": pl.String,
        "coverage": pl.Float64,
        "density": pl.Float64,
        "mass": pl.Float64,
        "restricted": pl.Int64,
        "fresh_coverage": pl.Float64,
        "fresh_density": pl.Float64,
        "fresh_mass": pl.Float64,
        "front": pl.Boolean,
        "limits": pl.String,
    }
)


@dataclass(frozen=True, eq=False)
class Evidence:
    """The worlds a box is found in, and other worlds to check it on."""

    table: Table
    fresh: pl.DataFrame
    y: np.ndarray  # bool (fresh worlds,)
    scope: str
    checked_on: str


@dataclass(frozen=True)
class Check:
    """What other worlds say of one limit."""

    p: float  # corrected
    share: float  # of what the box explains, lost without the limit


def limit_of(table: Table, allowed: Allowed, face: Face) -> Limit:
    """A side of a box, in the column's own values."""
    j, side = face
    bins, kept = table.bins[j], np.flatnonzero(allowed[j])
    if side == "set":
        names = tuple(bins.names[k] for k in kept)
        others = tuple(name for name in bins.names if name not in names)
        return Limit(bins.column, "one of", names, others)
    whole = bins.kind == "values"
    if side == "low":
        return Limit(bins.column, "at least", float(bins.cuts[kept[0] - (not whole)]))
    return Limit(bins.column, "at most" if whole else "below", float(bins.cuts[kept[-1]]))


def limits_of(table: Table, allowed: Allowed) -> dict[Face, Limit]:
    """All sides of a box; column by column, low before high."""
    order = {"low": 0, "high": 1, "set": 2}
    faces = sorted(faces_of(table, allowed), key=lambda face: (face[0], order[face[1]]))
    return {face: limit_of(table, allowed, face) for face in faces}


def holds(limits: Iterable[Limit], worlds: pl.DataFrame) -> np.ndarray:
    """Which worlds satisfy all limits; bool (worlds,)."""
    mask = np.ones(worlds.height, bool)
    for limit in limits:
        mask &= worlds.select(limit.expr.fill_null(False)).to_series().to_numpy()
    return mask


def check_limits(evidence: Evidence, allowed: Allowed, tried: int) -> dict[Face, Check]:
    """Each limit against the permutation null, on worlds the box was not found in.

    Permute the cases among the worlds that satisfy all the other limits: the number inside the
    box is then hypergeometric, so the permutation test is exact and needs no permutation.

    Args:
        evidence: the worlds.
        allowed: the box.
        tried: the number of limits that could have been tried; the p-values are times this.
    """
    limits, y = limits_of(evidence.table, allowed), evidence.y
    masks = {face: holds([limit], evidence.fresh) for face, limit in limits.items()}

    def explained(mask: np.ndarray) -> float:
        return float(information(mask.sum(), (mask & y).sum(), y.size, y.sum()))

    box = np.logical_and.reduce([np.ones_like(y), *masks.values()])
    n, t = box.sum(), (box & y).sum()
    checks: dict[Face, Check] = {}
    for face in limits:
        rest = np.logical_and.reduce([np.ones_like(y), *(masks[f] for f in masks if f != face)])
        p = stats.hypergeom.sf(t - 1, rest.sum(), np.count_nonzero(rest & y), n)
        lost = 1.0 - explained(rest) / max(explained(box), 1e-300)
        checks[face] = Check(min(1.0, float(p) * tried), lost)
    return checks


def with_tests(
    evidence: Evidence, allowed: Allowed, checks: Mapping[Face, Check]
) -> tuple[Limit, ...]:
    """The limits of a box with their intervals and tests."""
    table = evidence.table
    again = reproduced(table, allowed)
    return tuple(
        replace(
            limit,
            interval=_bound_interval(table, allowed, face),
            quasi_p=_quasi_p(table, allowed, face),
            p=checks[face].p,
            reproduced=again[face[0]],
        )
        for face, limit in limits_of(table, allowed).items()
    )


def measured(evidence: Evidence, limits: tuple[Limit, ...], covered: np.ndarray) -> Box:
    """Density, coverage and mass of a box, with intervals, in worlds it was not found in."""
    y, mask = evidence.y, holds(limits, evidence.fresh)
    n, t, cases = int(mask.sum()), int((mask & y).sum()), int(y.sum())
    return Box(
        limits=limits,
        density=t / n,
        coverage=t / cases,
        mass=n / y.size,
        density_interval=wilson(t, n),
        coverage_interval=wilson(t, cases),
        mass_interval=wilson(n, y.size),
        overall=cases / y.size,
        adds=np.count_nonzero(mask & y & ~covered) / cases,
        worlds=y.size,
        scope=evidence.scope,
        checked_on=evidence.checked_on,
    )


def wilson(hits: int, n: int) -> Interval:
    """95 % Wilson interval of a share (Wilson 1927, doi:10.1080/01621459.1927.10502953)."""
    found = stats.binomtest(hits, n).proportion_ci(0.95, method="wilson")
    return float(found.low), float(found.high)


def _quasi_p(table: Table, allowed: Allowed, face: Face) -> float:
    """One-sided binomial: as many cases inside, were the box as dense as without this limit?"""
    box, rest = inside(table, allowed), inside(table, without(table, allowed, face))
    n, t = np.count_nonzero(box), np.count_nonzero(box & table.y)
    return float(stats.binom.sf(t - 1, n, np.count_nonzero(rest & table.y) / rest.sum()))


def _bound_interval(table: Table, allowed: Allowed, face: Face) -> Interval | None:
    """95 % interval of a limit: refit it to Poisson resamples of its column, the others fixed.

    One bin is added at either end, because no limit is known better than its bin.
    """
    j, side = face
    if side == "set":
        return None
    others = {k: kept for k, kept in allowed.items() if k != j}
    n, t = slab(table, j, inside(table, others))
    kept = np.flatnonzero(allowed[j])
    rng = np.random.default_rng(0)
    hits = rng.poisson(t, (RESAMPLES, t.size))
    worlds = hits + rng.poisson(n - t, (RESAMPLES, t.size))
    span = slice(0, kept[-1] + 1) if side == "low" else slice(kept[0], n.size)
    ends = -1 if side == "low" else 1
    up_n, up_t = (c[:, span][:, ::ends].cumsum(axis=1) for c in (worlds, hits))
    total = table.y.size - n.sum() + worlds.sum(axis=1, keepdims=True)
    cases = table.y.sum() - t.sum() + hits.sum(axis=1, keepdims=True)
    best = information(up_n, up_t, total, cases).argmax(axis=1)
    last = kept[-1] - best if side == "low" else kept[0] + best  # the outermost bin inside
    low, high = np.quantile(last, [0.025, 0.975], method="nearest") + np.array([-1, 1])
    bins = table.bins[j]
    shift = 1 if side == "low" and bins.kind == "continuous" else 0
    at = np.clip(np.array([low, high]) - shift, 0, bins.cuts.size - 1).astype(int)
    return float(bins.cuts[at[0]]), float(bins.cuts[at[1]])


def reproduced(table: Table, allowed: Allowed) -> dict[int, float]:
    """Share of half-samples whose box of the same coverage restricts each column of this box."""
    cases = int(table.y.sum())
    coverage = np.count_nonzero(inside(table, allowed) & table.y) / max(cases, 1)
    rng = np.random.default_rng(0)
    size = min(table.y.size // 2, LARGEST_HALF)
    again = dict.fromkeys(allowed, 0.0)
    for _ in range(HALF_SAMPLES):
        half = table.take(np.sort(rng.choice(table.y.size, size, replace=False)))
        hits = max(int(half.y.sum()), 1)
        like = min(peel(half, least=coverage), key=lambda step: abs(step.cases / hits - coverage))
        for j in allowed:
            again[j] += (j in like.allowed) / HALF_SAMPLES
    return again


def trajectory(evidence: Evidence, steps: list[Step], box: int) -> pl.DataFrame:
    """Every step of the peeling of one box: as it was found, and in other worlds."""
    table, y = evidence.table, evidence.y
    mask, rows = np.ones(y.size, bool), []
    total, cases, fresh_cases = table.y.size, int(table.y.sum()), max(int(y.sum()), 1)
    for k, step in enumerate(steps):
        if step.column >= 0:
            newest = {step.column: step.allowed[step.column]}
            mask &= holds(limits_of(table, newest).values(), evidence.fresh)
        n, t = np.count_nonzero(mask), np.count_nonzero(mask & y)
        rows.append(
            {
                "box": box,
                "step": k,
                "column": table.bins[step.column].column if step.column >= 0 else None,
                "coverage": step.cases / cases,
                "density": step.cases / step.worlds,
                "mass": step.worlds / total,
                "restricted": len(step.allowed),
                "fresh_coverage": t / fresh_cases,
                "fresh_density": t / n if n else None,
                "fresh_mass": n / y.size,
                "limits": _said(table, step.allowed),
            }
        )
    frame = pl.DataFrame(rows, schema_overrides={"fresh_density": pl.Float64})
    return frame.with_columns(front=_front(frame)).select(*TRAJECTORY)


def _said(table: Table, allowed: Allowed) -> str:
    limits = limits_of(table, allowed).values()
    return " and ".join(f"{m.column} {m.side} {m.bound}" for m in limits)


def _front(frame: pl.DataFrame) -> pl.Series:
    """Steps that no other step beats in both coverage and density."""
    by_coverage = frame.sort("coverage", "density", descending=True)
    best = pl.col("density").cum_max().shift(1, fill_value=-1.0)
    found = by_coverage.select("step", front=pl.col("density") > best)
    return found.sort("step")["front"]
