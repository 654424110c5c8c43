"""Run + claim -> why, when not, and by what: all that the worlds say of one claim.

Everything is read from the run folder. What needs worlds of its own (boxes checked on fresh
worlds, the channels of a base, what flips a world, Sobol indices, slopes) is read from the run's
designs where they were played, and a sentence says so where they were not.
"""

from dataclasses import dataclass, field

from foedus.case.schema import Check, Level
from foedus.judge.channels import Channel, based, channels
from foedus.judge.claims import Share, Tested, Verdict, Word, margin, standing, verdict, verdicts
from foedus.judge.conditions import BoxSaid, Case, conditions, tested_claim
from foedus.judge.deciding import About, Decides, deciding
from foedus.judge.examples import Example, examples
from foedus.judge.explained import read_from, refuse_empty, remembered
from foedus.judge.lasting import Lasting, lasting_claim
from foedus.judge.screens import keeping
from foedus.judge.slopes import Slope, slopes
from foedus.judge.weighed import WeighedExplanation, explain_weighed, weighed_only
from foedus.table import Run

ALSO_WEIGHED = (
    "The verdict also counts ways to weigh outcomes; when it breaks, what decides it and the "
    "worlds to look at are about its tests alone."
)
IN_EXAMPLES = 4  # of the assumptions that decide, told of each example world


@dataclass(frozen=True)
class Curve:
    """The share of worlds in which a test holds, against its margin or level."""

    test: str
    says: str
    asks: str
    unit: str
    relative: bool  # margins are shares of the option compared with
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Explanation:
    """All that a run says of one claim. Kept in `explained/<claim>.json`, field by field."""

    claim: str
    quote: str
    says: str
    verdict: Word
    share: Share | None
    worlds: int
    case: Case  # what the boxes say: when it "fails", or, if it mostly fails, when it "holds"
    curves: tuple[Curve, ...]
    boxes: tuple[BoxSaid, ...]
    no_box: str  # why there is no box
    decides_about: About
    decides: tuple[Decides, ...]
    decides_not: int  # assumptions that do not rise above what chance gives
    channels: tuple[Channel, ...]
    examples: tuple[Example, ...]
    slopes: tuple[Slope, ...] = ()  # where they were played
    sell_by: Lasting | None = None  # where the years were played
    note: str = ""
    key: str = field(default="", repr=False)  # of the run and designs it was read from


def explain(run: Run, claim: str, *, most: int | None = None) -> Explanation | WeighedExplanation:
    """When a claim breaks, what decides it, and three worlds to look at.

    Of a claim that is weighed and has no tests: which weights decide, and which assumptions.

    Args:
        run: a run folder, opened. What is read beyond it are its designs: `foedus explain` on
            the command line plays those that are missing.
        claim: the name of a claim that has tests, or is weighed.
        most: boxes and what decides are looked for in so many worlds at most; None for all. The
            verdict counts all of them in any case.

    Returns:
        The explanation, kept in the run folder as `explained/<claim>.json`.

    Raises:
        RunError: there is no such claim, it has no tests, or no world could be computed.
        CaseError: if the bounds on weights leave too little room to try any.
    """
    if weighed_only(run, claim):
        return explain_weighed(run, claim, most=most)
    return explain_tested(run, claim, most=most)


def explain_tested(run: Run, claim: str, *, most: int | None = None) -> Explanation:
    """The same of a claim that has tests, and of no other."""
    tested_claim(run, claim)
    refuse_empty(run)
    parts = [f"channels-{option}" for option in based(run.case, run.case.claims[claim])]
    designs = ("fresh", "sobol", "slopes", "years", f"near-{claim}", *parts)
    return remembered(
        run, claim, read_from(run, most, designs), Explanation,
        lambda key: _explained(run, claim, most, key),
    )  # fmt: skip


def _explained(run: Run, claim: str, most: int | None, key: str) -> Explanation:
    told = run.case.claims[claim]
    judged, stands = _verdict(run, claim), standing(keeping(run), told)
    when, what = conditions(run, claim, most=most), deciding(run, claim, stands, most=most)
    parts, no_parts = channels(run, claim)
    steep = slopes(run, claim)
    weighed = ALSO_WEIGHED if told.weigh else ""
    worlds = examples(run, claim, stands, [each.column for each in what.assumptions[:IN_EXAMPLES]])
    return Explanation(
        claim=claim,
        quote=told.quote,
        says=told.says,
        verdict=judged.verdict,
        share=judged.share,
        worlds=judged.worlds,
        case=when.case,
        curves=tuple(_curve(t, told.tests[t.name]) for t in judged.tests),
        boxes=when.boxes,
        no_box=when.reason,
        decides_about=what.about,
        decides=what.assumptions,
        decides_not=what.others,
        channels=tuple(parts),
        examples=worlds,
        slopes=steep.found,
        sell_by=lasting_claim(run, claim),
        note=" ".join(e for e in (weighed, *when.notes, what.note, no_parts, *steep.notes) if e),
        key=key,
    )


def _verdict(run: Run, claim: str) -> Verdict:
    """Of all worlds, where their counts are kept, though the rows of a sample alone are."""
    if run.tallied:
        return next(each for each in verdicts(run) if each.claim == claim)
    return verdict(run, claim)


def _curve(test: Tested, check: Check) -> Curve:
    relative = not isinstance(check.form, Level) and margin(check.form)[1]
    return Curve(test.name, test.says, test.asks, test.unit, relative, test.curve)
