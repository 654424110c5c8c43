"""How fast a claim's numbers move with each assumption, and so which cannot matter (DGSM).

The slopes are read from the run's design `slopes`, which the engine wrote.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from foedus.case.schema import Check
from foedus.errors import FoedusError
from foedus.judge.assumptions import column_words, drawn, options_in
from foedus.judge.claims import measure
from foedus.judge.sensitivity import dgsm, given_data
from foedus.table import Run

NEGLIGIBLE = 0.01  # of the variance: an assumption that decides less could as well be fixed


@dataclass(frozen=True)
class Slope:
    """How the difference (or level) of one test moves with one assumption."""

    test: str
    column: str
    words: str
    slope: float  # mean, in the outcome's unit, over the whole range
    nu: float  # mean square, with its 95 % interval
    nu_low: float
    nu_high: float
    at_most: float | None  # share of the variance, interactions included: nu / (pi^2 variance)
    at_most_high: float | None  # with the upper end of the interval
    worlds: int
    jumps: bool  # more goes with it than slopes allow: the outcome jumps, and the bound is void


@dataclass(frozen=True)
class Slopes:
    """All slopes of a claim, steepest first in each test, and what could not be told."""

    found: tuple[Slope, ...] = ()
    notes: tuple[str, ...] = ()


def slopes(run: Run, claim: str) -> Slopes:
    """The slopes of every test of a claim, where the run has them; else nothing.

    They are of all worlds of the design: no screen sets any aside.
    """
    design = run.design("slopes")
    if design is None:
        return Slopes()
    said, notes = design.manifest["design"], []
    if not said["columns"]:
        return Slopes(notes=("No assumption is a range, so no outcome has a slope.",))
    if said["discrete"]:
        notes.append(
            f"{', '.join(said['discrete'])} can only take separate values, so outcomes have no "
            "slope along them; the indices above speak of those."
        )
    found: list[Slope] = []
    for test, check in run.case.claims[claim].tests.items():
        try:
            found += _of_test(run, design, test, check)
        except FoedusError as error:
            notes.append(f"{check.says} {error}")
    return Slopes(tuple(found), tuple(notes))


def _of_test(run: Run, design: Run, test: str, check: Check) -> list[Slope]:
    """Every test is of a sum of outcomes, so its slope is the sum of theirs."""
    names = design.manifest["design"]["columns"]
    moved = design.sound.select("of", "along").with_columns(y=measure(design, check)[0])
    wide = moved.pivot(on="along", index="of", values="y").sort("of")
    outcome = wide[""].to_numpy()
    gradients = wide.select(names).to_numpy()
    good = np.isfinite(gradients).all(axis=1) & np.isfinite(outcome)
    rows = dgsm(gradients, outcome, names)
    variance = float(outcome[good].var())
    told = _told_by_the_run(run, check)
    found = []
    for row in rows.sort("nu", "assumption", descending=[True, False]).to_dicts():
        bound = row["total_at_most"]
        high = None if bound is None else row["nu_high"] / (np.pi**2 * variance)
        found.append(
            Slope(
                test, row["assumption"], column_words(run, row["assumption"]), row["slope"],
                row["nu"], row["nu_low"], row["nu_high"], bound, high, int(good.sum()),
                jumps=high is not None and told.get(row["assumption"], 0.0) > high,
            )
        )  # fmt: skip
    return found


def _told_by_the_run(run: Run, check: Check) -> dict[str, float]:
    """At least how much of the variance goes with each assumption, from the run's own worlds."""
    worlds = drawn(run, options_in(check))
    if not worlds.width:
        return {}
    group = run.sound["scramble"].to_numpy()
    told = given_data(worlds, measure(run, check)[0], group=group)
    found: dict[str, float] = {}
    clear = told.filter(pl.col("first_low") > pl.col("first_floor"))
    for name, low in clear.select("assumption", "first_low").iter_rows():
        stem = name.partition("@")[0]
        found[stem] = max(low, found.get(stem, 0.0))
    return found
