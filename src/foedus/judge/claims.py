"""Claim + run -> Verdict: in what share of the worlds explored a claim is right.

A share of worlds is not a probability: it says how much of the space of plausible worlds bears
a claim out, with every range and theory as the case gives them.
"""

import dataclasses
import io
import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from foedus.case.schema import Check, Level, Thresholds
from foedus.disk import replace
from foedus.judge.measures import (
    Bools,
    Standing,
    asks,
    compares,
    curve,
    held_by,
    margin,
    measure,
    standing,
)
from foedus.judge.screens import Screened, screened
from foedus.judge.shares import Share, Word, by_theory, share_of, word_for
from foedus.judge.tallied import Tallied
from foedus.judge.weighing import Weighed, weigh
from foedus.table import Run, Table

WEIGHED = "weighed"  # the folder of weightings in a run

__all__ = [
    "Share", "Standing", "Tested", "Verdict", "Word", "by_theory", "compares", "held_by", "judge",
    "margin", "measure", "share_of", "standing", "tested", "verdict", "verdicts", "word_for",
]  # fmt: skip


@dataclass(frozen=True)
class Tested:
    """One test of a claim."""

    name: str
    says: str
    because: str
    outcome: str
    unit: str
    asks: str  # "lower by 0.01 disputes", "at least 0.9"
    verdict: Word
    share: Share
    unscreened: Share | None  # the share without any screen; None if the case has no screen
    one_sided: bool  # whether it asks for lower or higher
    close: float  # share of worlds in which the options differ by no more than the margin
    quantiles: tuple[float, float, float]  # 5, 50 and 95 % of the difference, or of the level
    by_theory: dict[str, dict[str, float]]
    curve: tuple[tuple[float, float], ...]  # (margin, share): how small is small?


@dataclass(frozen=True)
class Verdict:
    """What the worlds, and the record, say of one claim."""

    claim: str
    quote: str
    says: str
    kind: str
    verdict: Word
    share: Share | None
    unscreened: Share | None = None  # the share without any screen; None if there is none
    by_theory: dict[str, dict[str, float]] = field(default_factory=dict)
    tests: tuple[Tested, ...] = ()
    weighed: Weighed | None = None  # of a value claim; its share is then of worlds and weightings
    missing: str = ""  # what an untested claim would need
    record: str = ""  # the status of the public record
    worlds: int = 0  # that could be computed and that every screen keeps: the share is of these
    set_aside: int = 0  # by screens
    kept: float = 1.0  # the share of the worlds that could be computed which every screen keeps
    refused: int = 0  # could not be computed

    @property
    def headline(self) -> str:
        """The one word for a reader: the record's for a fact, else the worlds'."""
        if self.verdict == "untested" and self.record:
            return self.record
        return self.verdict


def judge(run: Run) -> list[Verdict]:
    """The verdict on every claim of a run, in the order of the case; kept in `verdicts.json`.

    The weightings of a value claim are kept in `weighed/<claim>.parquet`.

    Raises:
        RunError: if the run folder is damaged.
    """
    found = verdicts(run)
    for each in found:
        if each.weighed is not None and each.weighed.frame is not None:
            (run.folder / WEIGHED).mkdir(exist_ok=True)
            parquet = io.BytesIO()
            each.weighed.frame.write_parquet(parquet)
            replace(run.folder / WEIGHED / f"{each.claim}.parquet", parquet.getvalue())
    said = json.dumps([plain(each) for each in found], indent=1, ensure_ascii=False)
    replace(run.folder / "verdicts.json", said.encode("utf-8"))
    return found


def plain(verdict: Verdict) -> dict[str, Any]:
    """A verdict as JSON holds it: without the weightings, which `weighed/<claim>.parquet` has."""
    if verdict.weighed is not None:
        weighed = dataclasses.replace(verdict.weighed, frame=None)
        verdict = dataclasses.replace(verdict, weighed=weighed)
    return dataclasses.asdict(verdict)


def verdicts(run: Table) -> list[Verdict]:
    """The verdict on every claim, in the order of the case.

    A claim with several tests is right in a world where all of them hold.

    Raises:
        CaseError: if a screen keeps too few worlds to judge by.
    """
    if isinstance(run, Run) and run.tallied:
        counts, claims = Tallied(run), run.case.claims.items()
        # Counts say nothing of weights that were not tried: those take the rows of the sample.
        return [verdict(run, n) if c.weigh else _counted(counts, n) for n, c in claims]
    kept = screened(run)
    return [verdict(kept, name) for name in run.case.claims]


def verdict(table: Table, name: str) -> Verdict:
    """The verdict on one claim; raises as `verdicts`."""
    run, claim = screened(table), table.case.claims[name]
    record = claim.record.status if claim.record else ""
    common: dict[str, Any] = {
        "claim": name, "quote": claim.quote, "says": claim.says, "kind": claim.kind,
        "record": record, "worlds": len(run.sound), "set_aside": run.set_aside,
        "kept": float(run.passes.mean()) if len(run.passes) else 1.0, "refused": run.refused,
    }  # fmt: skip
    if not (claim.tests or claim.weigh) or run.sound.is_empty():
        missing = claim.untested or (
            "record only" if claim.tests == {} else "no world was computed"
        )
        return Verdict(**common, verdict="untested", share=None, missing=missing)
    each = [tested(run, test, check) for test, check in claim.tests.items()]
    right = np.ones(len(run.passes))
    for _, held in each:
        right *= held
    weighed = None
    if claim.weigh is not None:  # right under so many weightings, where every test is met
        weighed, agree = weigh(run, name, claim.weigh)
        right *= agree
    tests = tuple(test for test, _ in each)
    share = share_of(right[run.passes], run)
    return Verdict(
        **common,
        verdict=_word(tests, share, run.case.verdicts),
        share=share,
        unscreened=_unscreened(run, right),
        by_theory=by_theory(run.beliefs, right[run.passes]),
        tests=tests,
        weighed=weighed,
    )


def _word(tests: tuple[Tested, ...], share: Share, bars: Thresholds) -> Word:
    """Of several tests: too close to call also if one is, and none fails for another reason."""
    word = word_for(share, bars)
    close = any(test.close > 0.5 and test.one_sided for test in tests)
    fails = any(test.verdict == "fails" for test in tests)
    return "too close to call" if close and not fails else word


def tested(run: Screened, name: str, check: Check) -> tuple[Tested, Bools]:
    """One test, and whether each world meets it, those that are set aside included."""
    value, size = measure(run.every, check)
    held, close = held_by(value, size, check)
    here = run.passes
    low, median, high = (float(x) for x in np.quantile(value[here], (0.05, 0.5, 0.95)))
    found = _told(
        run, name, check, share_of(held[here], run), float(close[here].mean()),
        unscreened=_unscreened(run, held), quantiles=(low, median, high),
        by_theory=by_theory(run.beliefs, held[here]), curve=curve(value[here], size[here], check),
    )  # fmt: skip
    return found, held


def _told(run: Table, name: str, check: Check, share: Share, near: float, **found: Any) -> Tested:
    """A test with its verdict; `found` are the other numbers of `Tested`."""
    unit = run.manifest["outcomes"][check.form.outcome]["unit"]
    word = word_for(share, run.case.verdicts)
    one_sided = not isinstance(check.form, Level) and check.form.is_ in ("lower", "higher")
    return Tested(
        name=name,
        says=check.says,
        because=check.because,
        outcome=check.form.outcome,
        unit=unit,
        asks=asks(check, unit),
        verdict="too close to call" if one_sided and near > 0.5 else word,
        share=share,
        one_sided=one_sided,
        close=near,
        **found,
    )


def _unscreened(run: Screened, held: Bools) -> Share | None:
    """The share without any screen, to stand beside the other; None if there is no screen."""
    return share_of(held, run.every) if run.screens else None


def _counted(counts: Tallied, name: str) -> Verdict:
    """The verdict on one claim from counts of all worlds."""
    run, claim = counts.run, counts.run.case.claims[name]
    common: dict[str, Any] = {
        "claim": name, "quote": claim.quote, "says": claim.says, "kind": claim.kind,
        "record": claim.record.status if claim.record else "", "worlds": counts.worlds,
        "set_aside": counts.explored - counts.worlds, "refused": run.refused,
        "kept": counts.worlds / counts.explored if counts.explored else 1.0,
    }  # fmt: skip
    if not claim.tests or not counts.worlds:
        missing = claim.untested or (
            "record only" if claim.tests == {} else "no world was computed"
        )
        return Verdict(**common, verdict="untested", share=None, missing=missing)
    tests = tuple(_counted_test(counts, name, test) for test in claim.tests)
    share = counts.share(name)
    return Verdict(
        **common,
        verdict=_word(tests, share, run.case.verdicts),
        share=share,
        unscreened=counts.unscreened(name),
        by_theory=counts.by_theory(name),
        tests=tests,
    )


def _counted_test(counts: Tallied, claim: str, name: str) -> Tested:
    run, check = counts.run, counts.run.case.claims[claim].tests[name]
    share, near = counts.share(claim, name), counts.close(claim, name)
    low, median, high = counts.histogram("value", claim, name).quantiles((0.05, 0.5, 0.95))
    return _told(
        run, name, check, share, near,
        unscreened=counts.unscreened(claim, name), quantiles=(low, median, high),
        by_theory=counts.by_theory(claim, name), curve=counts.curve(claim, name),
    )  # fmt: skip
