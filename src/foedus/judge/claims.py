"""Claim + run -> Verdict: in what share of the worlds explored a claim is right.

A share of worlds is not a probability: it says how much of the space of plausible worlds bears
a claim out, with every range and theory as the case gives them.
"""

import dataclasses
import json
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import polars as pl
from scipy import stats

from foedus.case.schema import Check, Claim, Comparison, Interaction, Level, Thresholds
from foedus.disk import replace
from foedus.table import Run, Table

Word = Literal["holds", "depends", "fails", "too close to call", "untested"]
Bools = np.ndarray
CURVE_POINTS = 25


@dataclass(frozen=True)
class Share:
    """A share of worlds and its 95 % interval over the run's independent scrambles."""

    share: float
    low: float
    high: float


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
    by_theory: dict[str, dict[str, float]] = field(default_factory=dict)
    tests: tuple[Tested, ...] = ()
    missing: str = ""  # what an untested claim would need
    record: str = ""  # the status of the public record
    worlds: int = 0  # that could be computed
    refused: int = 0

    @property
    def headline(self) -> str:
        """The one word for a reader: the record's for a fact, else the worlds'."""
        if self.verdict == "untested" and self.record:
            return self.record
        return self.verdict


def judge(run: Run) -> list[Verdict]:
    """The verdict on every claim of a run, in the order of the case; kept in `verdicts.json`.

    Raises:
        RunError: if the run folder is damaged.
    """
    found = verdicts(run)
    said = json.dumps([dataclasses.asdict(each) for each in found], indent=1, ensure_ascii=False)
    replace(run.folder / "verdicts.json", said.encode("utf-8"))
    return found


def verdicts(run: Table) -> list[Verdict]:
    """The verdict on every claim, in the order of the case.

    A claim with several tests is right in a world where all of them hold.
    """
    return [verdict(run, name) for name in run.case.claims]


def verdict(run: Table, name: str) -> Verdict:
    """The verdict on one claim."""
    claim = run.case.claims[name]
    record = claim.record.status if claim.record else ""
    common: dict[str, Any] = {
        "claim": name,
        "quote": claim.quote,
        "says": claim.says,
        "kind": claim.kind,
    }
    if not claim.tests or run.sound.is_empty():
        missing = claim.untested or (
            "record only" if claim.tests == {} else "no world was computed"
        )
        return Verdict(
            **common, verdict="untested", share=None, missing=missing, record=record,
            worlds=len(run.sound), refused=run.refused,
        )  # fmt: skip
    pairs = [_tested(run, test, check) for test, check in claim.tests.items()]
    holds = np.logical_and.reduce([held for _, held in pairs])
    share = share_of(holds, _scrambles(run))
    tests = tuple(tested for tested, _ in pairs)
    word = tests[0].verdict if len(tests) == 1 else word_for(share, run.case.verdicts)
    return Verdict(
        **common, verdict=word, share=share, by_theory=by_theory(run, holds), tests=tests,
        record=record, worlds=len(holds), refused=run.refused,
    )  # fmt: skip


def _tested(run: Table, name: str, check: Check) -> tuple[Tested, Bools]:
    value, size = measure(run, check)
    held, close = held_by(value, size, check)
    share = share_of(held, _scrambles(run))
    form = check.form
    one_sided = not isinstance(form, Level) and form.is_ in ("lower", "higher")
    word = word_for(share, run.case.verdicts)
    if one_sided and close > 0.5:
        word = "too close to call"
    low, median, high = (float(x) for x in np.quantile(value, (0.05, 0.5, 0.95)))
    tested = Tested(
        name=name,
        says=check.says,
        because=check.because,
        outcome=form.outcome,
        unit=run.manifest["outcomes"][form.outcome]["unit"],
        asks=_asks(check, run.manifest["outcomes"][form.outcome]["unit"]),
        verdict=word,
        share=share,
        close=close,
        quantiles=(low, median, high),
        by_theory=by_theory(run, held),
        curve=_curve(value, size, check),
    )
    return tested, held


def measure(run: Table, check: Check) -> tuple[np.ndarray, np.ndarray]:
    """World by world, the difference (or level) a test is about, and what a percentage is of.

    Returns:
        D = m(option) - m(than), or the difference of two differences, or m(option);
        and |m(than)|, 1 for a level: both of shape (worlds,).
    """
    form = check.form

    def outcome(option: str) -> np.ndarray:
        return frame[option].to_numpy().astype(np.float64)

    if isinstance(form, Level):
        frame = run.kept(form.outcome, [form.option])
        return outcome(form.option), np.ones(len(frame))
    if isinstance(form, Comparison):
        frame = run.kept(form.outcome, list({form.option, form.than}))
        return outcome(form.option) - outcome(form.than), np.abs(outcome(form.than))
    first, second = form.first, form.second
    frame = run.kept(form.outcome, list({first.option, first.than, second.option, second.than}))
    difference = outcome(first.option) - outcome(first.than)
    return difference - (outcome(second.option) - outcome(second.than)), np.abs(outcome(first.than))


def margin(form: Comparison | Interaction) -> tuple[float, bool]:
    """The margin of a comparison, and whether it is a share of the option compared with."""
    if not isinstance(form.by, str):
        return form.by, False
    number = float(form.by.replace("%", " % ").split()[0])
    return (number / 100.0, True) if "%" in form.by else (number, False)


def compares(is_: str, difference: np.ndarray, by: np.ndarray | float) -> Bools:
    """Whether a difference is what is asked at the margin `by`; ties count for `no_` and `same`."""
    right: dict[str, Bools] = {
        "lower": difference < -by,
        "higher": difference > by,
        "no_higher": difference <= by,
        "no_lower": difference >= -by,
        "same": np.abs(difference) <= by,
    }
    return right[is_]


@dataclass(frozen=True, eq=False)
class Standing:
    """World by world, in the order of `sound`: whether a claim is right, and how firmly."""

    holds: Bools
    slack: np.ndarray  # how far the tightest test is from its edge; negative where it is wrong
    tightest: np.ndarray  # which test that is, in the order of the case
    value: np.ndarray  # the difference or level that test is about


def standing(run: Table, claim: Claim) -> Standing:
    """Where every world stands on a claim that has tests.

    Slack has the outcome's unit if the claim has one test, else it is in typical sizes of each
    test's slack, so that tests of different outcomes can be compared.
    """
    held, slack, value = [], [], []
    for check in claim.tests.values():
        each, size = measure(run, check)
        held.append(held_by(each, size, check)[0])
        slack.append(_slack(each, size, check))
        value.append(each)
    slacks = np.nan_to_num(np.stack(slack), nan=-np.inf)  # what has no number is not right
    if len(slacks) > 1 and slacks.size:
        usual = np.median(np.abs(slacks), axis=1, keepdims=True)
        slacks = slacks / np.where(usual > 0, usual, 1.0)
    tightest = slacks.argmin(axis=0)
    at = np.arange(slacks.shape[1])
    return Standing(
        np.logical_and.reduce(held), slacks[tightest, at], tightest, np.stack(value)[tightest, at]
    )


def _slack(value: np.ndarray, size: np.ndarray, check: Check) -> np.ndarray:
    form = check.form
    if isinstance(form, Level):
        return value - form.value if form.is_ == "at_least" else form.value - value
    by, relative = margin(form)
    bar = by * size if relative else np.full_like(size, by)
    slack: dict[str, np.ndarray] = {
        "lower": -bar - value,
        "higher": value - bar,
        "no_higher": bar - value,
        "no_lower": value + bar,
        "same": bar - np.abs(value),
    }
    return slack[form.is_]


def held_by(value: np.ndarray, size: np.ndarray, check: Check) -> tuple[Bools, float]:
    """In which worlds a test holds, and the share in which the options are within its margin."""
    form = check.form
    if isinstance(form, Level):
        return (value >= form.value if form.is_ == "at_least" else value <= form.value), 0.0
    by, relative = margin(form)
    bar = by * size if relative else np.full_like(size, by)
    return compares(form.is_, value, bar), float(np.mean(np.abs(value) <= bar))


def _asks(check: Check, unit: str) -> str:
    form = check.form
    if isinstance(form, Level):
        return f"{form.is_.replace('_', ' ')} {form.value:g} {unit}"
    by, relative = margin(form)
    return f"{form.is_.replace('_', ' ')} by {f'{by:.4g} {unit}' if not relative else f'{by:.0%}'}"


def _curve(value: np.ndarray, size: np.ndarray, check: Check) -> tuple[tuple[float, float], ...]:
    """The share of worlds against the margin, or against the level asked for."""
    form = check.form
    if isinstance(form, Level):
        grid = np.linspace(value.min(), value.max(), CURVE_POINTS)
        above = form.is_ == "at_least"
        shares = [np.mean(value >= x if above else value <= x) for x in grid]
    else:
        by, relative = margin(form)
        unit = size if relative else np.ones_like(size)
        usual = np.quantile(np.abs(value) / np.maximum(unit, 1e-12), 0.9)
        grid = np.linspace(0.0, max(4 * by, float(usual)), CURVE_POINTS)
        shares = [np.mean(compares(form.is_, value, x * unit)) for x in grid]
    return tuple((float(x), float(share)) for x, share in zip(grid, shares, strict=True))


def share_of(held: Bools, scrambles: np.ndarray) -> Share:
    """The share of worlds, with Student's t over the shares of the independent scrambles."""
    share = float(held.mean())
    counts = np.bincount(scrambles)
    shares = np.bincount(scrambles, weights=held)[counts > 0] / counts[counts > 0]
    if len(shares) < 2:
        return Share(share, 0.0, 1.0)
    half = stats.t.ppf(0.975, len(shares) - 1) * shares.std(ddof=1) / np.sqrt(len(shares))
    return Share(share, max(0.0, share - float(half)), min(1.0, share + float(half)))


def word_for(share: Share, bars: Thresholds) -> Word:
    """Holds, fails, depends; too close to call where the interval straddles a threshold."""
    if any(share.low < bar < share.high for bar in (bars.holds, bars.fails)):
        return "too close to call"
    if share.share >= bars.holds:
        return "holds"
    return "fails" if share.share <= bars.fails else "depends"


def by_theory(run: Table, held: Bools) -> dict[str, dict[str, float]]:
    """The share of worlds among those that believe each theory of each question."""
    found = {}
    for column in (run.sound[c] for c in run.sound.columns if c.startswith("theory.")):
        assert isinstance(column.dtype, pl.Enum)
        codes, names = column.to_physical().to_numpy(), column.dtype.categories
        believe = np.bincount(codes, minlength=len(names))
        right = np.bincount(codes, weights=held, minlength=len(names))
        found[column.name.removeprefix("theory.")] = {
            name: float(right[i] / believe[i]) for i, name in enumerate(names) if believe[i]
        }
    return found


def _scrambles(run: Table) -> np.ndarray:
    return run.sound["scramble"].to_numpy().astype(np.int64)
