"""Under which conditions does a claim break? Boxes of one run, in the case's own words."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Literal

import numpy as np
import polars as pl
from pydantic import Field

from foedus.errors import RunError, did_you_mean
from foedus.judge.assumptions import column_unit, column_words, drawn, options_of, value_words
from foedus.judge.boxes import Box, Discovery, Interval, Limit, share
from foedus.judge.claims import standing
from foedus.judge.discovery import discover as search
from foedus.judge.screens import keeping
from foedus.table import Run, Table

LEAST_NEW = 0.05  # of all cases: a further box that adds fewer is not worth a reader

NOTHING_VARIES = "No assumption differs from world to world, so there are no conditions to find."

Case = Literal["fails", "holds"]


@dataclass(frozen=True)
class LimitSaid:
    """The limits of a box on one column.

    Numbers have `low` and `high` (None where open; `high` is outside, unless `high_included`);
    words have `within`.
    """

    column: str
    words: str
    unit: str
    low: float | None = None
    high: float | None = None
    high_included: bool = False
    low_interval: Interval | None = None  # 95 %, of the limit
    high_interval: Interval | None = None
    within: Annotated[tuple[str, ...], Field(alias="in")] = ()
    p: float = 1.0  # of the least certain of them, on worlds the box was not found in


@dataclass(frozen=True)
class BoxSaid:
    """A region of the worlds, in words and numbers."""

    words: str
    mass: float
    density: float
    coverage: float
    adds: float  # share of all cases that are in this box and in none before it
    overall: float  # density of all worlds
    intervals: dict[str, Interval]  # 95 %, of mass, density and coverage
    limits: tuple[LimitSaid, ...]
    checked_on: str
    worlds: int


@dataclass(frozen=True)
class Conditions:
    """When a claim breaks, or, where it mostly breaks, when it holds."""

    case: Case
    boxes: tuple[BoxSaid, ...]
    reason: str  # why there is no box
    notes: tuple[str, ...]


def discover(run: Run, claim: str, *, max_boxes: int = 3) -> list[Box]:
    """The boxes of worlds in which a claim breaks, checked on worlds they were not found in.

    Where a claim is wrong in more than half of the worlds, they are those in which it holds.

    Args:
        run: a run; its design `fresh`, if it has one, is what the boxes are checked on, else
            half of its worlds.
        claim: the name of a claim that has tests.
        max_boxes: how many at most.

    Returns:
        Boxes, most telling first; none if no box survives the check.

    Raises:
        RunError: there is no such claim, or it has no tests.
    """
    return list(_searched(run, claim, max_boxes, None, None)[1].boxes)


def conditions(
    run: Table,
    claim: str,
    *,
    max_boxes: int = 3,
    most: int | None = None,
    among: Collection[str] | None = None,
) -> Conditions:
    """The same in words, with the reason where there is none; of a run or of worlds in memory.

    `most` worlds at most are looked through for boxes; all fresh ones check them. Where there are
    none, as in memory, half of those looked through do. `among`: the columns that a box may limit;
    None for all.
    """
    case, found = _searched(run, claim, max_boxes, most, among)
    boxes = tuple(said(run, box, case) for box in found.boxes)
    return Conditions(case, boxes, "" if boxes else found.reason.format(failing=case), found.notes)


def tested_claim(run: Run, claim: str) -> None:
    """Refuse a claim that is not there, or that no world can test.

    Raises:
        RunError: with what there is instead.
    """
    claims = run.case.claims
    if claim not in claims:
        raise RunError(f"no claim '{claim}' in {run.folder}: {did_you_mean(claim, claims)}")
    if not claims[claim].tests:
        tested = ", ".join(name for name, each in claims.items() if each.tests)
        weighed = ": it is weighed, and foedus.explain says which weights decide"
        raise RunError(
            f"claim '{claim}' has no tests, so no world says when it breaks"
            + (weighed if claims[claim].weigh else "")
            + (f"; claims with tests: {tested}" if tested else "")
        )


def _searched(
    run: Table, claim: str, max_boxes: int, most: int | None, among: Collection[str] | None
) -> tuple[Case, Discovery]:
    if isinstance(run, Run):
        tested_claim(run, claim)
    told = run.case.claims[claim]
    kept = keeping(run)
    holds = standing(kept, told).holds
    case: Case = "holds" if holds.size and holds.mean() < 0.5 else "fails"
    fresh = run.design("fresh") if isinstance(run, Run) else None
    options = options_of(told)
    worlds = drawn(kept, options)[:most]
    if among is not None:
        worlds = worlds.select(name for name in worlds.columns if name in among)
    if not worlds.width:
        return case, Discovery((), NOTHING_VARIES, (), pl.DataFrame())
    checked = None
    if fresh is not None:
        others = keeping(fresh)
        checked = (
            others.sound.select(worlds.columns),
            _cases(standing(others, told).holds, case),
        )
    found = search(worlds, _cases(holds[:most], case), fresh=checked, max_boxes=max_boxes)
    return case, _telling(found)


def _cases(holds: np.ndarray, case: Case) -> np.ndarray:
    return holds if case == "holds" else ~holds


def _telling(found: Discovery) -> Discovery:
    """Only boxes that are denser than all worlds, and that add cases to those before them."""
    boxes = tuple(
        box
        for box in found.boxes
        if box.density_interval[0] > box.overall and box.adds >= LEAST_NEW
    )
    return Discovery(boxes, found.reason, found.notes, found.trajectory)


def said(run: Table, box: Box, case: Case) -> BoxSaid:
    """A box in the case's own words and units."""
    limits = tuple(
        _limit(run, column, list(each))
        for column, each in groupby(box.limits, key=lambda limit: limit.column)
    )
    low, high = box.density_interval
    among = "the worlds that the screens keep" if run.case.screens else "all worlds"
    cases = "failures" if case == "fails" else "worlds in which it holds"
    words = (
        f"It {case} in {share(box.density)} ({share(low)} to {share(high)}) of the worlds in "
        f"which {' and '.join(limit.words for limit in limits)}; those are {share(box.mass)} of "
        f"{among} and contain {share(box.coverage)} of the {cases}."
    )
    intervals = {
        "mass": box.mass_interval,
        "density": box.density_interval,
        "coverage": box.coverage_interval,
    }
    return BoxSaid(
        words, box.mass, box.density, box.coverage, box.adds, box.overall, intervals, limits,
        box.checked_on, box.worlds,
    )  # fmt: skip


def _limit(run: Table, column: str, limits: list[Limit]) -> LimitSaid:
    subject, unit = column_words(run, column), column_unit(run, column)
    verb = "are" if subject.startswith("the odds ") else "is"
    p = max(limit.p for limit in limits)
    (first, last) = (limits[0], limits[-1])
    if isinstance(first.bound, tuple):
        words = f"{subject} {verb} {_among(first.bound, first.others)}"
        return LimitSaid(column, words, unit, within=first.bound, p=p)
    low = next((limit for limit in limits if limit.side == "at least"), None)
    high = next((limit for limit in limits if limit.side != "at least"), None)
    values = {limit: value_words(run, column, _bound(limit), exact=True) for limit in limits}
    if low is not None and high is not None:
        between = f"between {values[low]} and {values[high]}"
        words = f"{subject} {verb} {values[low] if low.bound == high.bound else between}"
    else:
        words = f"{subject} {verb} {last.side} {values[last]}"
    return LimitSaid(
        column, words, unit,
        low=None if low is None else _bound(low),
        high=None if high is None else _bound(high),
        high_included=high is not None and high.side == "at most",
        low_interval=None if low is None else low.interval,
        high_interval=None if high is None else high.interval,
        p=p,
    )  # fmt: skip


def _bound(limit: Limit) -> float:
    assert not isinstance(limit.bound, tuple)
    return limit.bound


def _among(names: tuple[str, ...], others: tuple[str, ...]) -> str:
    quoted = [f"“{name.replace('_', ' ')}”" for name in names]
    if len(quoted) == 1:
        return quoted[0]
    if len(others) == 1:
        return f"not “{others[0].replace('_', ' ')}”"
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}"
