"""Sweeps over weights on tables made up by hand, where the answer is a length or an area."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import made

from foedus.case.claim import Aim
from foedus.errors import CaseError
from foedus.judge.claims import verdicts
from foedus.judge.weighing import weightings

EVEN = 1 / 1_024  # how far a share of 1,024 even points may be off, per crossing of a line


def value(outcomes: str, rank: str = "better_than: now", more: str = "") -> str:
    return (
        "claims:\n  C:\n    quote: it is so\n    offset: 0\n    says: It is so.\n    kind: value\n"
        f"    weigh: {{says: It is., because: So it is., option: base, {rank}, "
        f"outcomes: {{{outcomes}}}}}\n" + more
    )


def aims(*bounds: tuple[float, float]) -> list[Aim]:
    return [Aim(better="lower", swing=1.0, weight=each) for each in bounds]


TWO = "war: {better: lower, swing: 2}, cost: {better: lower, swing: 100}"
# War falls by 2, one unit; cost rises by 300, 100, 0 and -100: 3, 1, 0 and -1 units. With weight w
# on war the base is better where w > 3 (1 - w), so w > .75; w > .5; w > 0; always.
WAR = {"now": np.full(160, 5.0), "base": np.full(160, 3.0)}
COST = {"now": np.zeros(160), "base": np.repeat([300.0, 100.0, 0.0, -100.0], 40)}


def test_with_two_outcomes_the_share_of_weightings_is_a_length() -> None:
    (verdict,) = verdicts(made(value(TWO), {"war": WAR, "cost": COST}))
    found = verdict.weighed
    assert found.scales == {"war": 2.0, "cost": 100.0}
    assert found.share.share == pytest.approx((0.25 + 0.5 + 1 + 1) / 4, abs=EVEN)
    assert verdict.share == found.share
    assert found.spread == pytest.approx((0.25, 0.75, 1.0), abs=EVEN)
    assert verdict.verdict == "depends"
    right = dict(found.frame.select(pl.col("war").round(1), "share").iter_rows())
    assert right[0.3] == 0.5  # two of the four kinds of world
    assert right[0.6] == 0.75
    assert right[0.9] == 1.0


def test_with_three_outcomes_it_is_an_area() -> None:
    # Better where w1 > w2 + w3, so w1 > 1/2: a quarter of the triangle.
    outcomes = ", ".join(f"{n}: {{better: lower, swing: 1}}" for n in ("a", "b", "c"))
    now, base = np.zeros(160), np.ones(160)
    table = {"a": {"now": base, "base": now}, "b": {"now": now, "base": base},
             "c": {"now": now, "base": base}}  # fmt: skip
    (verdict,) = verdicts(made(value(outcomes), table))
    assert verdict.share.share == pytest.approx(0.25, abs=0.005)


def test_the_direction_in_which_an_outcome_is_better_is_heeded() -> None:
    text = value("war: {better: higher, swing: 2}, cost: {better: lower, swing: 100}")
    (verdict,) = verdicts(made(text, {"war": WAR, "cost": COST}))
    # now war counts against it: never, never, never, and 1 - w > w with a gain of 1 of cost
    assert verdict.share.share == pytest.approx(0.5 / 4, abs=EVEN)


def test_a_tie_is_not_better() -> None:
    same = {"now": np.ones(160), "base": np.ones(160)}
    (verdict,) = verdicts(made(value(TWO), {"war": same, "cost": same}))
    assert (verdict.share.share, verdict.verdict) == (0.0, "fails")


def test_best_is_better_than_every_other_option() -> None:
    war = {**WAR, "both": np.full(160, 4.0), "more": np.full(160, 3.5)}
    cost = {**COST, "both": np.zeros(160), "more": np.full(160, 50.0)}
    (verdict,) = verdicts(made(value(TWO, "ranks: best"), {"war": war, "cost": cost}))
    assert verdict.weighed.rivals == ("now", "both", "more")
    # against `both` war gains .5 and cost loses 3, 1, 0, -1; against `more` .25 and 2.5, .5, -.5,
    # -1.5: better than all where w > 3/3.5 and > 2.5/2.75; w > 1/1.5 and > .5/.75; always; always
    exact = (1 - 2.5 / 2.75) + (1 - 1 / 1.5) + 1 + 1
    assert verdict.share.share == pytest.approx(exact / 4, abs=EVEN)


def test_changes_are_measured_by_their_own_range_and_levels_by_theirs() -> None:
    levels = np.linspace(0, 100, 1_601)
    text = "war: {better: lower, swing: changes}, cost: {better: lower, swing: levels}"
    now = {"now": levels, "base": levels - levels / 10}
    (verdict,) = verdicts(made(value(text), {"war": now, "cost": now}))
    assert verdict.weighed.scales["war"] == pytest.approx(0.95 * 10)  # of none to 10
    pooled = np.quantile(np.concatenate([levels, 0.9 * levels]), [0.05, 0.95])
    assert verdict.weighed.scales["cost"] == pytest.approx(pooled[1] - pooled[0])


def test_what_changes_alike_in_every_world_is_worth_its_whole_change() -> None:
    text = "war: {better: lower, swing: changes}, cost: {better: lower, swing: changes}"
    cost = {"now": np.zeros(160), "base": np.full(160, 1_500.0)}
    (verdict,) = verdicts(made(value(text), {"war": WAR, "cost": cost}))
    assert verdict.weighed.scales == {"war": 2.0, "cost": 1_500.0}
    assert verdict.share.share == pytest.approx(0.5, abs=EVEN)  # one unit each: better if w > 1/2


def test_a_swing_tells_only_how_much_a_unit_is_worth() -> None:
    other = "war: {better: lower, swing: 4}, cost: {better: lower, swing: 200}"
    shares = [
        verdicts(made(value(text), {"war": WAR, "cost": COST}))[0].share for text in (TWO, other)
    ]
    assert shares[0] == shares[1]


def test_an_outcome_in_which_options_do_not_differ_weighs_nothing() -> None:
    text = "war: {better: lower, swing: changes}, cost: {better: lower, swing: changes}"
    same = {"now": np.ones(160), "base": np.ones(160)}
    (verdict,) = verdicts(made(value(text), {"war": same, "cost": COST}))
    assert verdict.weighed.scales["war"] == 0.0
    assert verdict.share.share == pytest.approx(0.25)  # cost alone decides


def test_bounds_on_a_weight_narrow_what_is_tried() -> None:
    text = TWO.replace("swing: 2", "swing: 2, weight: [0.6, 0.8]")
    (verdict,) = verdicts(made(value(text), {"war": WAR, "cost": COST}))
    # w > .75 in a quarter of [.6, .8]; w > .5 in all of it
    assert verdict.share.share == pytest.approx((0.25 + 1 + 1 + 1) / 4, abs=0.002)


def test_tests_and_weights_must_be_met_in_the_same_world() -> None:
    test = (
        "    tests:\n      t: {says: It is., because: So., "
        "compare: {outcome: cost, option: base, is: no_higher, than: now}}\n"
    )
    (verdict,) = verdicts(made(value(TWO, more=test), {"war": WAR, "cost": COST}))
    assert verdict.tests[0].share.share == 0.5
    assert verdict.weighed.share.share == pytest.approx(2.75 / 4, abs=EVEN)
    assert verdict.share.share == pytest.approx(0.5, abs=EVEN)  # met where cost does not rise


def test_screened_worlds_are_left_out_and_the_share_of_all_stands_beside() -> None:
    screen = (
        "screens:\n  s: {says: It is., source: judgement, "
        "change: {outcome: cost, option: base, than: now, difference: [-200, 200]}}\n"
    )
    (verdict,) = verdicts(made(screen + value(TWO), {"war": WAR, "cost": COST}))
    assert verdict.weighed.share.share == pytest.approx(2.5 / 3, abs=EVEN)
    assert verdict.weighed.unscreened.share == pytest.approx(2.75 / 4, abs=EVEN)
    assert verdict.weighed.frame["share"].max() == 1.0


# Weightings.


@given(count=st.integers(2, 6))
def test_weightings_are_even_over_the_simplex_and_always_the_same(count: int) -> None:
    found = weightings(aims(*[(0.0, 1.0)] * count))
    assert found.shape == (1_024, count)
    np.testing.assert_allclose(found.sum(axis=1), 1.0)
    assert (found >= 0).all()
    # over the simplex each weight has mean 1/n and E w^2 = 2 / (n (n + 1))
    np.testing.assert_allclose(found.mean(axis=0), 1 / count, atol=0.005)
    np.testing.assert_allclose((found**2).mean(axis=0), 2 / (count * (count + 1)), atol=0.006)
    np.testing.assert_array_equal(found, weightings(aims(*[(0.0, 1.0)] * count)))


@given(low=st.floats(0, 0.3), wide=st.floats(0.1, 0.7))
def test_weightings_keep_their_bounds(low: float, wide: float) -> None:
    found = weightings(aims((low, low + wide), (0.1, 0.9), (0.0, 0.6)))
    assert len(found) == 1_024
    np.testing.assert_allclose(found.sum(axis=1), 1.0)
    assert (found[:, 0] >= low - 1e-12).all()
    assert (found[:, 0] <= low + wide).all()
    assert (found[:, 1] >= 0.1).all()
    assert (found[:, 2] <= 0.6).all()


def test_bounds_that_leave_almost_no_room_are_refused_with_their_line() -> None:
    text = value(
        "war: {better: lower, swing: 1, weight: [0, 0.3333]}, cost: {better: lower, swing: 1, "
        "weight: [0, 0.3334]}, other: {better: lower, swing: 1, weight: [0, 0.3334]}"
    )
    table = made(text, {"war": WAR, "cost": COST, "other": COST})
    with pytest.raises(CaseError) as caught:
        verdicts(table)
    (problem,) = caught.value.problems
    assert problem.path == "claims.C.weigh.outcomes"
    assert problem.what == "the weights have almost no room"
