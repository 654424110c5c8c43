"""How long does it last? The sell-by year of a claim, and of every option under a claim's level.

Read from the design `years`, in which outcomes are kept as they stand after each year. Source:
sell-by dates as in Haasnoot et al. 2013, doi:10.1016/j.gloenvcha.2012.12.006.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from foedus.case.schema import Check, Claim, Level
from foedus.judge.claims import standing
from foedus.judge.quantities import label, outcome_words, percent, quantity
from foedus.judge.reweighting import sell_by, sell_by_curve
from foedus.judge.screens import Screened, keeping
from foedus.table import Run


@dataclass(frozen=True)
class Lasting:
    """Until which year something is right, over the worlds of the design."""

    of: str  # a claim, or an option
    level: str  # what is asked of the option, in words; empty for a claim
    words: str
    to_the_end: float  # share of worlds in which it is right at the end of the years
    never: float  # ... in which it is right after no year
    median: int | None  # of the sell-by years, over the worlds in which it was right and ends
    curve: tuple[tuple[int, float], ...]  # year, share of worlds in which it lasts beyond
    worlds: int


def lasting_claim(run: Run, claim: str) -> Lasting | None:
    """How long a claim lasts; None if the years were not played for its outcomes.

    In each world it is judged after every year, on what has happened until then. Its sell-by year
    is the first from which on it is wrong to the end: a gain that needs years to show is not over
    before it began.
    """
    played = run.design("years")
    if played is None:
        return None
    holds = _by_year(keeping(played), run.case.claims[claim])
    return None if holds is None else _lasting(run, claim, "", holds)


def lasting_options(run: Run) -> tuple[Lasting, ...] | None:
    """How long each option stays within each level that a claim's test asks of an outcome."""
    played = run.design("years")
    if played is None:
        return None
    kept = keeping(played)
    asked: dict[tuple[str, str, float], Check] = {}
    for claim in run.case.claims.values():
        for check in claim.tests.values():
            if isinstance(check.form, Level):
                asked.setdefault((check.form.outcome, check.form.is_, check.form.value), check)
    found = []
    for (outcome, is_, value), check in asked.items():
        meta = run.manifest["outcomes"][outcome]
        what = f"{outcome_words(outcome, meta, run.case)} {is_.replace('_', ' ')}"
        level = f"{what} {quantity(value, meta['unit'])}"
        for option in run.manifest["options"]:
            form = check.form.model_copy(update={"option": option})
            one = check.model_copy(update={"level": form})
            holds = _by_year(kept, _claim_of(run, {"level": one}))
            if holds is not None:
                found.append(_lasting(run, option, level, holds))
    return tuple(found)


def _claim_of(run: Run, tests: dict[str, Check]) -> Claim:
    any_claim = next(iter(run.case.claims.values()))
    return any_claim.model_copy(update={"tests": tests})


def _by_year(kept: Screened, told: Claim) -> np.ndarray | None:
    """Whether a claim is right after each year; bool (worlds, years)."""
    outcomes = {check.form.outcome for check in told.tests.values()}
    if not outcomes <= set(kept.manifest["design"]["outcomes"]):
        return None
    every = []
    for year in range(kept.case.years[0], kept.case.years[1] + 1):
        tests = {name: _after(check, year) for name, check in told.tests.items()}
        every.append(standing(kept, told.model_copy(update={"tests": tests})).holds)
    return np.stack(every, axis=1)


def _after(check: Check, year: int) -> Check:
    """The same test of the outcome as it stands after a year."""
    form = check.form.model_copy(update={"outcome": f"{check.form.outcome}@{year}"})
    name = next(k for k in ("compare", "compare_difference", "level") if getattr(check, k))
    return check.model_copy(update={name: form})


def _lasting(run: Run, of: str, level: str, holds: np.ndarray) -> Lasting:
    """The distribution of sell-by years; what comes back later has not ended."""
    years = list(range(run.case.years[0], run.case.years[1] + 1))
    lasts = np.logical_or.accumulate(holds[:, ::-1], axis=1)[:, ::-1]
    first = sell_by(lasts, years)
    ended = first.filter(pl.Series(lasts[:, 0])).drop_nulls()
    median = int(np.quantile(ended.to_numpy(), 0.5, method="lower")) if len(ended) else None
    curve = sell_by_curve(lasts, years)
    end, never = float(holds[:, -1].mean()), float((~lasts[:, 0]).mean())
    words = (
        f"“{label(of)}” is right to the end in {percent(end)} of worlds, and after no year in "
        f"{percent(never)}"
    ) + (f"; where it ends, half the time by {median}" if median is not None and end < 1 else "")
    return Lasting(
        of, level, words, end, never, median,
        tuple((int(y), float(s)) for y, s in curve.select("year", "held_so_far").iter_rows()),
        len(holds),
    )  # fmt: skip
