"""What one test of a claim asks of one world: a difference, a level, a margin."""

from dataclasses import dataclass

import numpy as np

from foedus.case.schema import Check, Claim, Comparison, Interaction, Level
from foedus.table import Table

Bools = np.ndarray
CURVE_POINTS = 25


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
    held: Bools = {
        "lower": difference < -by,
        "higher": difference > by,
        "no_higher": difference <= by,
        "no_lower": difference >= -by,
        "same": np.abs(difference) <= by,
    }[is_]
    return held


def held_by(value: np.ndarray, size: np.ndarray, check: Check) -> tuple[Bools, Bools]:
    """World by world, whether the test is met, and whether the options hardly differ.

    They hardly differ where |D| is at most the margin. `value` and `size` as from `measure`.
    """
    form = check.form
    if isinstance(form, Level):
        met = value >= form.value if form.is_ == "at_least" else value <= form.value
        return met, np.zeros(len(value), bool)
    by, relative = margin(form)
    bar = by * size if relative else np.full_like(size, by)
    return compares(form.is_, value, bar), np.abs(value) <= bar


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


def asks(check: Check, unit: str) -> str:
    """What is asked, in short: 'lower by 0.01 disputes', 'at least 0.9'."""
    form = check.form
    if isinstance(form, Level):
        return f"{form.is_.replace('_', ' ')} {form.value:g} {unit}"
    by, relative = margin(form)
    return f"{form.is_.replace('_', ' ')} by {f'{by:.4g} {unit}' if not relative else f'{by:.0%}'}"


def curve(value: np.ndarray, size: np.ndarray, check: Check) -> tuple[tuple[float, float], ...]:
    """The share of worlds against the margin, or against the level asked for.

    A margin in percent runs as far as is usual in worlds where there is something to be a share
    of: where `than` is 0, no percentage reaches any difference.
    """
    form = check.form
    if isinstance(form, Level):
        low, high = (float(x) for x in np.quantile(value, (0.0, 1.0)))
        grid = curve_points(check, low, high)
        above = form.is_ == "at_least"
        shares = [np.mean(value >= x if above else value <= x) for x in grid]
    else:
        unit = size if margin(form)[1] else np.ones_like(size)
        some = unit > 0
        usual = np.quantile(np.abs(value[some]) / unit[some], 0.9) if some.any() else 0.0
        grid = curve_points(check, 0.0, float(usual))
        shares = [np.mean(compares(form.is_, value, x * unit)) for x in grid]
    return tuple((float(x), float(share)) for x, share in zip(grid, shares, strict=True))


def curve_points(check: Check, low: float, usual: float) -> np.ndarray:
    """The levels from `low` to `usual`, or margins to what is usual, at which shares are told."""
    if isinstance(check.form, Level):
        return np.linspace(low, usual, CURVE_POINTS)
    return np.linspace(0.0, max(4 * margin(check.form)[0], usual), CURVE_POINTS)
