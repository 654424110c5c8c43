"""What scenario discovery finds, and how it is said: limits, boxes, and a reason where none is."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from typing import Literal

import numpy as np
import polars as pl

Interval = tuple[float, float]


@dataclass(frozen=True)
class Limit:
    """One restriction of a box, on one side of one column.

    Attributes:
        column: the column's name.
        side: "at least" and "at most" include the bound, "below" does not.
        bound: a number, or the categories that are in the box.
        others: the categories that are not; empty for numbers.
        interval: 95 % bootstrap interval of the bound; None for categories.
        quasi_p: odds of as many cases inside by chance, were the box as dense as without this
            limit; one-sided binomial on the worlds the box was found in (Bryant & Lempert 2010).
        p: the same question asked of worlds the box was not found in, by the exact permutation
            test, times the number of limits that could have been tried.
        reproduced: share of half-samples in which a box of the same coverage limits this column.
    """

    column: str
    side: Literal["at least", "at most", "below", "one of"]
    bound: float | tuple[str, ...]
    others: tuple[str, ...] = ()
    interval: Interval | None = None
    quasi_p: float = float("nan")
    p: float = float("nan")
    reproduced: float = float("nan")

    @property
    def expr(self) -> pl.Expr:
        """The limit as a polars predicate."""
        column = pl.col(self.column)
        if isinstance(self.bound, tuple):
            return column.cast(pl.String).is_in(self.bound)
        column = column.cast(pl.Float64)
        if self.side == "at least":
            return column >= self.bound
        return column <= self.bound if self.side == "at most" else column < self.bound


@dataclass(frozen=True)
class Box:
    """A region of the worlds in which cases are dense, checked on worlds it was not found in.

    Attributes:
        limits: all of them hold inside the box.
        density: share of the box's worlds that are cases.
        coverage: share of all cases that are in the box.
        mass: share of all worlds that are in the box.
        density_interval: 95 % Wilson interval; so are the next two.
        coverage_interval: of the coverage.
        mass_interval: of the mass.
        overall: share of all worlds that are cases.
        adds: share of all cases that are in this box and in none before it.
        worlds: how many worlds these shares were counted on.
        scope: which worlds those are, e.g. "all worlds".
        checked_on: "fresh worlds", or which half of the worlds.
    """

    limits: tuple[Limit, ...]
    density: float
    coverage: float
    mass: float
    density_interval: Interval
    coverage_interval: Interval
    mass_interval: Interval
    overall: float
    adds: float
    worlds: int
    scope: str
    checked_on: str

    @property
    def expr(self) -> pl.Expr:
        """The box as a polars predicate: ``worlds.filter(box.expr)``."""
        return reduce(pl.Expr.and_, [limit.expr for limit in self.limits])

    @property
    def columns(self) -> tuple[str, ...]:
        """The restricted columns, in order."""
        return tuple(dict.fromkeys(limit.column for limit in self.limits))

    def contains(self, worlds: pl.DataFrame) -> np.ndarray:
        """Which worlds are in the box; bool (worlds,)."""
        return worlds.select(self.expr.fill_null(False)).to_series().to_numpy()

    def conditions(
        self, labels: Mapping[str, str] | None = None, units: Mapping[str, str] | None = None
    ) -> str:
        """The limits as half a sentence: "warning is below 4 days and theory is 'spiral'"."""
        labels, units = labels or {}, units or {}
        grouped = groupby(self.limits, key=lambda limit: limit.column)
        return " and ".join(
            f"{labels.get(column, column)} is {_range(list(limits), units.get(column, ''))}"
            for column, limits in grouped
        )

    def in_words(
        self,
        labels: Mapping[str, str] | None = None,
        units: Mapping[str, str] | None = None,
        *,
        failing: str = "fails",
    ) -> str:
        """The box as a sentence in the case's own words and units.

        Args:
            labels: column -> the words for it; a column without label keeps its name.
            units: column -> unit.
            failing: what a case does, e.g. "fails".
        """
        low, high = self.density_interval
        return (
            f"{failing} in {share(self.density)} ({share(low)} to {share(high)}) of the worlds in "
            f"which {self.conditions(labels, units)}; those are {share(self.mass)} of {self.scope} "
            f"and hold {share(self.coverage)} of those in which it {failing}"
        )

    def frame(self) -> pl.DataFrame:
        """One row a limit, with its interval and tests."""
        return pl.DataFrame(
            {
                "column": [limit.column for limit in self.limits],
                "side": [limit.side for limit in self.limits],
                "bound": [_bound(limit) for limit in self.limits],
                "low": [limit.interval[0] if limit.interval else None for limit in self.limits],
                "high": [limit.interval[1] if limit.interval else None for limit in self.limits],
                "quasi_p": [limit.quasi_p for limit in self.limits],
                "p": [limit.p for limit in self.limits],
                "reproduced": [limit.reproduced for limit in self.limits],
            },
            schema_overrides={"low": pl.Float64, "high": pl.Float64},
        )


@dataclass(frozen=True)
class Discovery:
    """All that scenario discovery has to say about one set of cases.

    Attributes:
        boxes: most telling first; empty if no box survives.
        reason: why there is no box, or no further one; ``{failing}`` stands for what a case does.
        notes: what a reader must know: columns left out, worlds split.
        trajectory: every box of every peeling: box, step, column (peeled last), coverage,
            density, mass, restricted (columns), fresh_coverage, fresh_density, fresh_mass, front
            (no other step has more coverage and more density), limits (in words).
    """

    boxes: tuple[Box, ...]
    reason: str
    notes: tuple[str, ...]
    trajectory: pl.DataFrame

    def in_words(
        self,
        labels: Mapping[str, str] | None = None,
        units: Mapping[str, str] | None = None,
        *,
        failing: str = "fails",
    ) -> list[str]:
        """One sentence a box; if there is none, the reason; then the notes."""
        found = [box.in_words(labels, units, failing=failing) for box in self.boxes]
        return [*(found or [self.reason.format(failing=failing)]), *self.notes]


def share(x: float) -> str:
    """A share as readers want it: "71 %", "0.4 %", never "0 %" for something.

    >>> share(0.714), share(0.004), share(0.9996), share(0.00001), share(1.0)
    ('71 %', '0.4 %', '99.96 %', 'under 0.01 %', '100 %')
    """
    percent = 100 * x
    if 0 < percent < 0.01:
        return "under 0.01 %"
    if 99.99 < percent < 100:
        return "over 99.99 %"
    if 1 <= percent <= 99:
        return f"{percent:.0f} %"
    return f"{float(f'{percent:.1g}') if percent < 1 else round(percent, 2):g} %"


def number(x: float, unit: str = "") -> str:
    """A number with its unit, digits as given.

    >>> number(12000.0, "troops"), number(0.25)
    ('12,000 troops', '0.25')
    """
    return f"{x:,.10g} {unit}".rstrip()


def _bound(limit: Limit) -> str:
    if isinstance(limit.bound, tuple):
        return ", ".join(limit.bound)
    return number(limit.bound)


def _range(limits: list[Limit], unit: str) -> str:
    """The limits on one column, after "is"."""
    first, last = limits[0], limits[-1]
    if isinstance(first.bound, tuple):
        if len(first.bound) == 1:
            return f"'{first.bound[0]}'"
        if len(first.others) == 1:
            return f"not '{first.others[0]}'"
        return "one of " + ", ".join(f"'{name}'" for name in first.bound)
    assert isinstance(last.bound, float)
    if len(limits) == 1:
        return f"{first.side} {number(first.bound, unit)}"
    if first.bound == last.bound:
        return number(first.bound, unit)
    return f"between {number(first.bound)} and {number(last.bound, unit)}"
