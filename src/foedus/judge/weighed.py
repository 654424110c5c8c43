"""A claim that is weighed: which weights decide whether it is right, and which assumptions.

Everything is read from the run folder, and counted as the verdict counts it.
"""

import json
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from foedus.errors import RunError
from foedus.judge.assumptions import drawn
from foedus.judge.boxes import share
from foedus.judge.claims import Share, Word, word_for
from foedus.judge.deciding import MOST, Decides, told
from foedus.judge.explained import refuse_empty, remembered
from foedus.judge.quantities import label
from foedus.judge.screens import keeping, screened
from foedus.judge.sensitivity import given_data
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
    looked = min(most or run.sound.height, run.sound.height)
    read_from = [str(looked), json.dumps(run.blocks, sort_keys=True)]
    return remembered(
        run, claim, read_from, WeighedExplanation, lambda key: _explained(run, claim, most, key)
    )


def _explained(run: Run, claim: str, most: int | None, key: str) -> WeighedExplanation:
    told = run.case.claims[claim]
    assert told.weigh is not None
    table = screened(run)
    found, agree = weigh(table, claim, told.weigh)
    assert found.frame is not None
    here = agree[table.passes]
    decides, others, note = _deciding(run, [told.weigh.option, *found.rivals], here, most)
    return WeighedExplanation(
        claim=claim,
        quote=told.quote or told.says,
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


def _deciding(
    run: Run, options: list[str], agree: np.ndarray, most: int | None
) -> tuple[tuple[Decides, ...], int, str]:
    """Assumptions that decide under how many weightings a world bears the claim out."""
    kept = keeping(run)
    worlds = drawn(kept, options)[:most]
    if not worlds.width:
        return (), 0, "No assumption differs from world to world."
    group = kept.sound["scramble"][:most].to_numpy()
    found = given_data(worlds, agree[:most], group=group)
    telling = found.filter("matters").sort("first_order", "delta", descending=True)
    notes = found["note"].drop_nulls().unique(maintain_order=True).to_list()
    rows = tuple(told(run, row, ABOUT) for row in telling.head(MOST).to_dicts())
    return rows, found.height - telling.height, notes[0] if notes and not rows else ""
