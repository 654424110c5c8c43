"""A claim that is weighed: which weights decide whether it is right, and which assumptions.

Everything is read from the run folder, and counted as the verdict counts it.
"""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from foedus.errors import RunError
from foedus.judge.boxes import share
from foedus.judge.claims import Share, Word, word_for
from foedus.judge.deciding import Decides, ranked
from foedus.judge.explained import read_from, refuse_empty, remembered
from foedus.judge.quantities import label
from foedus.judge.screens import screened
from foedus.judge.weighing import weigh
from foedus.table import Run

ABOUT = "how many weightings agree"


@dataclass(frozen=True)
class WeightSaid:
    """What hangs on the weight of one outcome."""

    outcome: str
    words: str
    middle: float  # the median weight of all weightings
    above: float  # share of worlds and weightings in which it is right, where it weighs more
    below: float  # and where it weighs no more


@dataclass(frozen=True)
class WeighedExplanation:
    """All that a run says of a claim that is weighed. Kept in `explained/<claim>.json`."""

    claim: str
    quote: str
    says: str
    verdict: Word
    share: Share  # of worlds and weightings
    worlds: int
    weightings: int
    always: float  # share of worlds in which it is right under every weighting
    never: float
    weights: tuple[WeightSaid, ...]  # most telling first
    decides: tuple[Decides, ...]
    decides_not: int  # assumptions that do not rise above what chance gives
    note: str = ""
    key: str = field(default="", repr=False)  # of the run it was read from


def weighed_only(run: Run, claim: str) -> bool:
    """Whether a claim is weighed and has no tests beside."""
    told = run.case.claims.get(claim)
    return told is not None and told.weigh is not None and not told.tests


def explain_weighed(run: Run, claim: str, *, most: int | None = None) -> WeighedExplanation:
    """Which weights, and which assumptions, decide whether a weighed claim is right.

    Args:
        run: a run folder, opened.
        claim: the name of a claim that is weighed and has no tests.
        most: what decides is looked for in so many worlds at most; None for all.

    Raises:
        RunError: it is no claim that is weighed alone, or no world could be computed.
        CaseError: if the bounds on weights leave too little room to try any.
    """
    if not weighed_only(run, claim):
        raise RunError(f"'{claim}' is no claim of {run.folder} that is weighed and not tested")
    refuse_empty(run)
    return remembered(
        run, claim, read_from(run, most), WeighedExplanation,
        lambda key: _explained(run, claim, most, key),
    )  # fmt: skip


def _explained(run: Run, claim: str, most: int | None, key: str) -> WeighedExplanation:
    told = run.case.claims[claim]
    assert told.weigh is not None
    table = screened(run)
    found, agree = weigh(table, claim, told.weigh)
    assert found.frame is not None
    here = agree[table.passes]
    options = [told.weigh.option, *found.rivals]
    nothing = ((), 0, "No assumption differs from world to world.")
    decides, others, note = ranked(run, options, here, ABOUT, most=most) or nothing
    return WeighedExplanation(
        claim=claim,
        quote=told.quote,
        says=told.says,
        verdict=word_for(found.share, run.case.verdicts),
        share=found.share,
        worlds=len(here),
        weightings=found.weightings,
        always=float((here == 1.0).mean()),
        never=float((here == 0.0).mean()),
        weights=_weights(found.frame, list(told.weigh.outcomes)),
        decides=decides,
        decides_not=others,
        note=note,
        key=key,
    )


def _weights(frame: pl.DataFrame, outcomes: list[str]) -> tuple[WeightSaid, ...]:
    """How often it is right where an outcome weighs more than the median weight, and less."""
    found = []
    for outcome in outcomes:
        middle = float(np.median(frame[outcome]))
        more = frame[outcome] > middle
        above, below = (
            float(frame.filter(side)["share"].to_numpy().mean()) for side in (more, ~more)
        )
        words = (
            f"where {label(outcome)} has more than {share(middle)} of the weight, it is right in "
            f"{share(above)}; where it has no more, in {share(below)}"
        )
        found.append(WeightSaid(outcome, words, middle, above, below))
    return tuple(sorted(found, key=lambda each: -abs(each.above - each.below)))
