"""Verdicts on tables made up by hand: ties, margins, intervals, thresholds, several tests."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from made import claim, made

from foedus.case.schema import Check, Thresholds
from foedus.judge.claims import Verdict, verdicts
from foedus.judge.measures import compares, curve, held_by, measure
from foedus.judge.shares import Share, share_of, word_for

BARS = Thresholds()
NUMBERS = hnp.arrays(float, st.integers(1, 40), elements=st.floats(-1e6, 1e6))


def lower(by: Any = 0, is_: str = "lower") -> str:
    return f"compare: {{outcome: war, option: base, is: {is_}, than: now, by: {by}}}"


def only(text: str, base: Any, now: Any, **more: Any) -> tuple[Verdict, tuple[Any, ...]]:
    found = verdicts(
        made(text, {"war": {"base": np.asarray(base), "now": np.asarray(now)}}, **more)
    )
    assert len(found) == 1
    return found[0], found[0].tests


# What one world is asked.


@pytest.mark.parametrize(
    ("is_", "expected"),
    [
        ("lower", [True, False, False, False, False]),
        ("higher", [False, False, False, False, True]),
        ("no_lower", [False, True, True, True, True]),
        ("no_higher", [True, True, True, True, False]),
        ("same", [False, True, True, True, False]),
    ],
)  # fmt: skip
def test_a_tie_at_the_margin_counts_for_no_and_same_and_not_for_lower_and_higher(
    is_: str, expected: list[bool]
) -> None:
    difference = np.array([-0.5, -0.25, 0.0, 0.25, 0.5])
    assert compares(is_, difference, 0.25).tolist() == expected


@given(difference=NUMBERS, by=st.floats(0, 1e6))
def test_higher_is_lower_seen_from_the_other_side_and_no_is_not(
    difference: np.ndarray, by: float
) -> None:
    np.testing.assert_array_equal(
        compares("higher", difference, by), compares("lower", -difference, by)
    )
    np.testing.assert_array_equal(
        compares("no_higher", difference, by), ~compares("higher", difference, by)
    )
    both = compares("no_higher", difference, by) & compares("no_lower", difference, by)
    np.testing.assert_array_equal(compares("same", difference, by), both)


def check(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Met?, hardly differ? in worlds where `now` is 0, 0, 0, 100, 100 and `base` differs so."""
    table = made(
        claim(text),
        {"war": {"now": np.array([0, 0, 0, 100, 100]), "base": np.array([0, -1, 1, 95, 94])}},
    )
    one = table.case.claims["C"].tests["t0"]
    return held_by(*measure(table, one), one)


def test_a_percentage_of_nothing_is_nothing() -> None:
    met, near = check(lower("5 %"))
    assert met.tolist() == [False, True, False, False, True]
    assert near.tolist() == [True, False, False, True, False]
    assert check(lower("5 %", "no_lower"))[0].tolist() == [True, False, True, True, False]
    assert check(lower("5 %", "same"))[0].tolist() == [True, False, False, True, False]
    assert check(lower("5 %", "higher"))[0].tolist() == [False, False, True, False, False]


def test_a_percentage_is_of_the_size_of_a_negative_number_too() -> None:
    _, (test,) = only(claim(lower("10 %")), base=[-12.0] * 16, now=[-10.0] * 16)
    assert test.share.share == 1.0  # lower by 2, which is over 10 % of 10


def test_a_margin_with_its_unit_is_absolute() -> None:
    assert check(lower("2 u"))[0].tolist() == [False, False, False, True, True]


@pytest.mark.parametrize(("is_", "met"), [("at_least", [0, 1, 1]), ("at_most", [1, 1, 0])])
def test_a_level_that_is_just_reached_is_reached(is_: str, met: list[int]) -> None:
    text = claim(f"level: {{outcome: war, option: now, is: {is_}, value: 0.5}}")
    table = made(text, {"war": {"now": np.array([0.25, 0.5, 0.75])}})
    one = table.case.claims["C"].tests["t0"]
    assert held_by(*measure(table, one), one)[0].tolist() == [bool(each) for each in met]


def test_an_interaction_is_the_difference_of_two_steps() -> None:
    form = (
        "compare_difference: {outcome: war, first: {option: base, than: now}, "
        "second: {option: both, than: more}, is: lower, by: 25 %}"
    )
    table = made(
        claim(form),
        {"war": {"base": np.array([6, 7, 9]), "now": np.array([8, 8, 8]),
                 "both": np.array([5, 5, 5]), "more": np.array([4, 4, 4])}},
    )  # fmt: skip
    one = table.case.claims["C"].tests["t0"]
    value, size = measure(table, one)
    assert value.tolist() == [-3, -2, 0]  # (6 - 8) - (5 - 4), ...
    assert size.tolist() == [8, 8, 8]
    assert held_by(value, size, one)[0].tolist() == [True, False, False]  # by more than 2


# The share of worlds and its interval.


def share(held: Any, scramble: Any = None) -> Share:
    held = np.asarray(held, float)
    return share_of(held, made("", {"war": {"now": held}}, scramble=scramble))


def test_the_interval_is_students_t_over_the_shares_of_the_sixteen_scrambles() -> None:
    # Two worlds a scramble: both right in scrambles 0-7, one of two in 8-15. The shares are 1 and
    # .5; their standard deviation is .25 sqrt(16/15), and t(.975, 15) = 2.131450.
    found = share([1.0] * 16 + [1.0] * 8 + [0.0] * 8)
    assert found.share == 0.75
    assert found.low == pytest.approx(0.75 - 2.131450 * 0.25 / np.sqrt(15), abs=1e-6)
    assert found.high == pytest.approx(0.75 + 2.131450 * 0.25 / np.sqrt(15), abs=1e-6)


def test_a_share_of_unequal_scrambles_is_a_ratio_and_its_interval_that_of_a_ratio() -> None:
    # Scrambles 0-7: 9 of 10 worlds right; 8-15: 15 of 30. 192 of 320 is .6; off by +-3 in each:
    # error = sqrt(16/15 * 144) / 320 = .0387298, half = 2.131450 * .0387298 = .0825507.
    scramble = np.concatenate([np.repeat(np.arange(8), 10), np.repeat(np.arange(8, 16), 30)])
    held = np.concatenate([np.tile([1] * 9 + [0], 8), np.tile([1] * 15 + [0] * 15, 8)])
    found = share(held, scramble)
    assert found.share == pytest.approx(0.6)
    assert (found.low, found.high) == pytest.approx((0.6 - 0.0825507, 0.6 + 0.0825507), abs=1e-6)


def test_a_scramble_without_worlds_counts_as_one() -> None:
    # 15 scrambles have 2 worlds, one right in each of them; the last has none: error 0 / 30.
    found = share([1.0] * 15 + [0.0] * 15, np.tile(np.arange(15), 2))
    assert (found.share, found.low, found.high) == (0.5, 0.5, 0.5)


@pytest.mark.parametrize(("worlds", "low"), [(16, 0.794093), (36, 0.902607), (320, 0.988539)])
def test_worlds_that_all_agree_prove_as_much_as_there_are(worlds: int, low: float) -> None:
    # Exact: 1 - .025 ** (1 / worlds) may still be wrong though none of them is.
    right, wrong = share([1.0] * worlds), share([0.0] * worlds)
    assert (right.share, right.high) == (1.0, 1.0)
    assert right.low == pytest.approx(low, abs=1e-6)
    assert (wrong.share, wrong.low) == (0.0, 0.0)
    assert wrong.high == pytest.approx(1 - low, abs=1e-6)


@given(held=hnp.arrays(bool, st.integers(16, 80)), seed=st.integers(0, 9))
def test_a_share_hangs_on_no_order_and_its_interval_holds_it(held: np.ndarray, seed: int) -> None:
    found, order = share(held), np.random.default_rng(seed).permutation(len(held))
    again = share(held[order], (np.arange(len(held)) % 16)[order])
    assert (again.share, again.low) == pytest.approx((found.share, found.low))
    assert 0 <= found.low <= found.share <= found.high <= 1
    other = share(~held)
    assert other.share == pytest.approx(1 - found.share)
    assert (other.low, other.high) == pytest.approx((1 - found.high, 1 - found.low))


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (Share(0.95, 0.91, 0.99), "holds"),
        (Share(0.9, 0.9, 0.9), "holds"),
        (Share(0.95, 0.9, 1.0), "holds"),
        (Share(0.95, 0.89, 1.0), "too close to call"),
        (Share(0.85, 0.79, 0.91), "too close to call"),
        (Share(0.85, 0.8, 0.9), "depends"),
        (Share(0.5, 0.11, 0.89), "depends"),
        (Share(0.12, 0.09, 0.15), "too close to call"),
        (Share(0.1, 0.1, 0.1), "fails"),
        (Share(0.05, 0.0, 0.1), "fails"),
        (Share(0.5, 0.0, 1.0), "too close to call"),
    ],
)
def test_the_word_for_a_share(found: Share, word: str) -> None:
    assert word_for(found, BARS) == word


# A claim.


@pytest.mark.parametrize(
    ("is_", "word"),
    [("lower", "too close to call"), ("higher", "too close to call"), ("no_lower", "holds"),
     ("no_higher", "holds"), ("same", "holds")],
)  # fmt: skip
def test_options_that_hardly_differ_are_too_close_to_call_where_a_side_is_asked(
    is_: str, word: str
) -> None:
    verdict, (test,) = only(claim(lower(0.5, is_)), base=np.full(160, 0.75), now=np.ones(160))
    assert verdict.verdict == test.verdict == word
    assert test.close == 1.0


def test_half_of_the_worlds_hardly_differing_is_not_more_than_half() -> None:
    base = np.tile(np.repeat([0.0, 1.0], 16), 10)
    verdict, (test,) = only(claim(lower(0.5)), base=base, now=np.ones(320))
    assert test.close == 0.5
    assert (verdict.verdict, verdict.share.share) == ("depends", 0.5)


def test_a_claim_is_right_where_all_its_tests_are() -> None:
    base = np.tile(np.repeat([0.0, 2.0], 16), 10)
    verdict, tests = only(claim(lower(0.5), lower(0.5, "higher")), base=base, now=np.ones(320))
    assert [test.share.share for test in tests] == [0.5, 0.5]
    assert verdict.share.share == 0.0  # never both in one world, whatever .5 times .5 is
    assert verdict.verdict == "fails"


def test_several_tests_are_too_close_if_one_is_and_none_fails() -> None:
    near, far = lower(0.5), lower(0.1)
    verdict, tests = only(claim(near, far), base=np.full(160, 0.75), now=np.ones(160))
    assert [test.verdict for test in tests] == ["too close to call", "holds"]
    assert (verdict.share.share, verdict.verdict) == (0.0, "too close to call")
    verdict, tests = only(
        claim(near, lower(0.1, "no_lower")), base=np.full(160, 0.75), now=np.ones(160)
    )
    assert [test.verdict for test in tests] == ["too close to call", "fails"]
    assert verdict.verdict == "fails"  # whatever the close one would say


def test_shares_by_theory_are_of_the_worlds_that_believe_it() -> None:
    base = np.tile([0.0, 0.0, 0.0, 2.0], 80)
    believes = np.tile(["deters", "deters", "spiral", "spiral"], 80)
    verdict, (test,) = only(
        claim(lower()), base=base, now=np.ones(320), columns={"theory.pact": believes}
    )
    assert verdict.by_theory == test.by_theory == {"pact": {"deters": 1.0, "spiral": 0.5}}


def test_quantiles_are_of_the_difference() -> None:
    base = np.tile(np.linspace(-1, 1, 201), 16)
    _, (test,) = only(claim(lower()), base=base, now=np.zeros(201 * 16))
    assert test.quantiles == pytest.approx((-0.9, 0.0, 0.9), abs=0.01)


@given(
    difference=NUMBERS, is_=st.sampled_from(["lower", "higher", "no_lower", "no_higher", "same"])
)
def test_a_curve_starts_at_no_margin_and_runs_one_way(difference: np.ndarray, is_: str) -> None:
    text = {"outcome": "war", "option": "base", "is": is_, "than": "now", "by": 2.0}
    one = Check.model_validate({"says": "It is.", "because": "So.", "compare": text})
    found = curve(difference, np.ones_like(difference), one)
    shares = [y for _, y in found]
    assert found[0] == (0.0, np.mean(compares(is_, difference, 0.0)))
    assert found[-1][0] >= 8.0
    falls = is_ in ("lower", "higher")
    assert shares == sorted(shares, reverse=falls)


def test_a_curve_in_percent_is_not_stretched_by_worlds_where_there_is_nothing() -> None:
    now = np.tile([0.0, 100.0], 160)
    base = np.tile([1.0, 90.0], 160)
    _, (test,) = only(claim(lower("5 %")), base=base, now=now)
    assert test.curve[-1][0] == pytest.approx(0.2)  # four times the margin; 10 % is usual


def test_a_claim_without_tests_is_untested_and_says_what_it_needs() -> None:
    text = "claims: {C: {quote: so, offset: 0, says: So., kind: cause, untested: more}}\n"
    verdict, tests = only(text, base=[1.0] * 16, now=[1.0] * 16)
    assert (verdict.verdict, verdict.share, verdict.missing, tests) == (
        "untested",
        None,
        "more",
        (),
    )
    assert (verdict.kept, verdict.unscreened) == (1.0, None)
