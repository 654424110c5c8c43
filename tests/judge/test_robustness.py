"""Metrics by hand, by their definitions, and by what must not change them."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from foedus.errors import FoedusError
from foedus.judge.robustness import (
    break_even,
    front,
    ratio_to_reach,
    robustness,
    sell_by,
    sell_by_curve,
    share_bounds,
)

# Savage's and Hurwicz's sort of table: four worlds, three options, more is better.
TABLE = np.array([[10.0, 4.0, 6.0], [2.0, 4.0, 5.0], [8.0, 4.0, 3.0], [0.0, 4.0, 6.0]])
NAMES = ["bold", "safe", "mixed"]


def values(frame, metric):
    return frame.filter(pl.col("metric") == metric)["value"].to_list()


def ranks(frame, metric):
    return frame.filter(pl.col("metric") == metric)["rank"].to_list()


@pytest.mark.parametrize(
    ("metric", "by_hand", "order"),
    [
        ("maximin", [0, 4, 3], [3, 1, 2]),
        ("maximax", [10, 4, 6], [1, 3, 2]),
        ("Hurwicz", [5, 4, 4.5], [1, 3, 2]),
        ("Laplace", [5, 4, 5], [1, 3, 1]),
        ("minimax regret", [6, 6, 5], [2, 2, 1]),
        ("90th percentile regret", [5.1, 5.4, 4.7], [2, 3, 1]),
        ("undesirable deviations", [4, 0, 1.5], [3, 1, 2]),
        ("Starr's domain", [0.5, 1, 0.75], [3, 1, 2]),
    ],
)
def test_the_metrics_are_those_computed_by_hand(metric, by_hand, order):
    found = robustness(TABLE, NAMES, better="higher", threshold=4)
    np.testing.assert_allclose(values(found, metric), by_hand, atol=1e-12)
    assert ranks(found, metric) == order


def test_the_shape_metrics_follow_their_definitions():
    # Percentiles of 0..100 are the numbers themselves; the second option is skewed upward.
    x = np.arange(101.0)
    found = robustness(np.column_stack([x, x**2 / 100]), ["even", "skewed"], better="higher")
    np.testing.assert_allclose(
        values(found, "percentile-based skewness"), [0, (25 - 41) / 40], atol=1e-12
    )
    np.testing.assert_allclose(
        values(found, "percentile-based peakedness"), [1.6, 80 / 50], atol=1e-12
    )
    mean, spread = x.mean(), x.std(ddof=1)
    assert values(found, "mean-variance")[0] == pytest.approx((mean + 1) / (spread + 1))
    less = robustness(np.column_stack([x, x**2 / 100]), ["even", "skewed"], better="lower")
    assert values(less, "mean-variance")[0] == pytest.approx((mean + 1) * (spread + 1))
    # Less is better: the same tail toward high values is now the bad one.
    assert values(less, "percentile-based skewness")[1] == pytest.approx((41 - 25) / 40)


def test_maximin_for_costs_is_the_highest_cost():
    found = robustness(TABLE, NAMES, better="lower", threshold=4)
    assert values(found, "maximin") == [10, 4, 6]
    assert ranks(found, "maximin") == [3, 1, 2]
    assert values(found, "Starr's domain") == [0.5, 1, 0.25]
    assert values(found, "minimax regret") == [6, 4, 6]


def test_zero_outcomes_divide_nothing():
    found = robustness(np.zeros((50, 3)), NAMES, better="lower", threshold=0)
    assert values(found, "minimax regret") == [0, 0, 0]
    assert values(found, "percentile-based skewness") == [None] * 3
    assert values(found, "percentile-based peakedness") == [None] * 3
    assert ranks(found, "percentile-based peakedness") == [None] * 3
    assert values(found, "Starr's domain") == [1, 1, 1]


def test_worlds_with_a_missing_outcome_are_left_out_for_all_options():
    holed = np.vstack([TABLE, [np.nan, 100, 100], [100, np.inf, 100]])
    found = robustness(holed, NAMES, better="higher")
    assert found["worlds"].unique().to_list() == [4]
    assert values(found, "Laplace") == [5, 4, 5]


def test_one_world_is_enough():
    found = robustness(TABLE[:1], NAMES, better="higher", threshold=5)
    assert values(found, "Laplace") == [10, 4, 6]
    assert values(found, "minimax regret") == [0, 6, 4]


TABLES = arrays(
    np.float64,
    st.tuples(st.integers(2, 30), st.just(3)),
    elements=st.floats(-1e3, 1e3, allow_subnormal=False).map(lambda x: round(x, 3)),
)


@given(TABLES, st.floats(-100, 100).map(lambda x: round(x, 2)))
def test_turning_the_sign_and_the_direction_changes_no_rank(table, threshold):
    more = robustness(table, NAMES, better="higher", threshold=threshold)
    less = robustness(-table, NAMES, better="lower", threshold=-threshold)
    unit_free = pl.col("metric") != "mean-variance"  # as published, it is not symmetric
    assert more.filter(unit_free)["rank"].to_list() == less.filter(unit_free)["rank"].to_list()


@given(TABLES)
def test_regret_is_never_negative_and_some_option_has_none_in_every_world(table):
    found = robustness(table, NAMES, better="higher")
    assert min(values(found, "minimax regret")) >= 0
    assert np.all(np.array(values(found, "maximin")) <= np.array(values(found, "Laplace")) + 1e-9)
    assert np.all(np.array(values(found, "maximax")) >= np.array(values(found, "Laplace")) - 1e-9)
    one = robustness(table[:, :1], ["alone"], better="higher")
    assert values(one, "minimax regret") == [0]


@given(TABLES, st.floats(0, 1))
def test_hurwicz_lies_between_worst_and_best(table, optimism):
    found = robustness(table, NAMES, better="lower", optimism=optimism)
    worst, best = np.array(values(found, "maximin")), np.array(values(found, "maximax"))
    np.testing.assert_allclose(
        values(found, "Hurwicz"), optimism * best + (1 - optimism) * worst, atol=1e-9
    )


def test_what_does_not_fit_is_refused_in_a_sentence():
    with pytest.raises(FoedusError, match="3 options need outcomes"):
        robustness(TABLE[:, :2], NAMES, better="higher")
    with pytest.raises(FoedusError, match="No world"):
        robustness(np.full((3, 3), np.nan), NAMES, better="higher")
    with pytest.raises(FoedusError, match="No world"):
        robustness(np.ones((0, 3)), NAMES, better="higher")
    with pytest.raises(FoedusError, match="'higher' or 'lower'"):
        robustness(TABLE, NAMES, better="more")
    with pytest.raises(FoedusError, match="optimism"):
        robustness(TABLE, NAMES, better="higher", optimism=2)
    with pytest.raises(FoedusError, match="same worlds"):
        front({"a": TABLE, "b": TABLE[:2]}, NAMES, {"a": "higher", "b": "lower"})


def test_the_front_holds_the_options_that_no_other_beats():
    cost = np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]])
    safety = np.array([[1.0, 3.0, 2.0], [1.0, 2.0, 9.0]])
    better = {"cost": "lower", "safety": "higher"}
    found = front({"cost": cost, "safety": safety}, ["a", "b", "c"], better)
    # In the means c is safest (5.5) and dearest; in the first world b beats it.
    assert found["front"].to_list() == [True, True, True]
    assert found["share"].to_list() == [1, 1, 0.5]
    assert found["safety"].to_list() == [1, 2.5, 5.5]
    found = front({"cost": cost[:1], "safety": safety[:1]}, ["a", "b", "c"], better)
    assert found["front"].to_list() == [True, True, False]
    assert found["beaten_by"].to_list() == [None, None, "b"]


@given(TABLES, TABLES)
def test_some_option_is_always_on_the_front_and_equals_do_not_beat_each_other(a, b):
    n = min(len(a), len(b))
    found = front({"a": a[:n], "b": b[:n]}, NAMES, {"a": "higher", "b": "lower"})
    assert found["front"].any()
    assert found["share"].sum() >= 1 - 1e-9
    same = front({"a": np.ones((5, 3))}, NAMES, {"a": "higher"})
    assert same["front"].all()
    assert same["share"].to_list() == [1, 1, 1]


@given(st.floats(0, 1), st.floats(1, 50))
def test_the_share_bounds_are_those_of_the_linear_programme(share, k):
    (low,), (high,) = share_bounds(share, [k])["low"], share_bounds(share, [k])["high"]
    # The weight of the claim's side, a, and of the other, b: a share + b (1 - share) = 1.
    a = np.linspace(1 / k, k, 2001)
    if 0 < share < 1:
        b = (1 - share * a) / (1 - share)
        fits = (b >= 1 / k - 1e-12) & (b <= k + 1e-12)
        assert (share * a[fits] >= low - 1e-9).all()
        assert (share * a[fits] <= high + 1e-9).all()
        step = share * (k - 1 / k) / 2000
        assert (share * a[fits]).max(initial=share) >= high - step - 1e-9
        assert (share * a[fits]).min(initial=share) <= low + step + 1e-9
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1


def test_the_share_bounds_of_nine_in_ten():
    bounds = share_bounds(0.9, [1, 2, 4])
    np.testing.assert_allclose(bounds["low"], [0.9, 0.8, 0.6])
    np.testing.assert_allclose(bounds["high"], [0.9, 0.95, 0.975])
    with pytest.raises(FoedusError, match="at least 1"):
        share_bounds(0.5, [0.5])


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_the_ratio_to_reach_a_share_is_the_one_whose_bound_touches_it(share, target):
    k = ratio_to_reach(share, target)
    bounds = share_bounds(share, [k]).row(0, named=True)
    reached = bounds["high"] if target > share else bounds["low"]
    assert reached == pytest.approx(target, abs=1e-9)
    assert ratio_to_reach(1.0, target) is None
    assert ratio_to_reach(share, share) == 1


def test_the_break_even_probability_makes_both_options_equal():
    rng = np.random.default_rng(0)
    region = rng.random(4_000) < 0.2
    noise = rng.standard_normal((4_000, 3))
    # Inside: 0, 3, -5; outside: 2, 1, 1.
    outcome = np.where(region[:, None], [0.0, 3.0, -5.0], [2.0, 1.0, 1.0]) + 0.1 * noise
    found = break_even(outcome, region, ["a", "b", "c"], better="higher")
    assert found["preferred"].unique().to_list() == ["a"]
    b, c = found.rows(named=True)
    # 2 - 2 p = 1 + 2 p at p = 1/4.
    assert b["break_even"] == pytest.approx(0.25, abs=0.01)
    assert (b["rival_wins"], b["first"]) == ("above", True)
    assert (c["break_even"], c["rival_wins"], c["first"]) == (None, None, False)
    p = b["break_even"]
    means = p * outcome[region].mean(axis=0) + (1 - p) * outcome[~region].mean(axis=0)
    assert means[0] == pytest.approx(means[1])
    costs = break_even(-outcome, region, ["a", "b", "c"], better="lower")
    assert costs["break_even"][0] == pytest.approx(p)


def test_a_rival_can_win_when_the_region_is_less_probable():
    region = np.arange(100) < 60
    outcome = np.where(region[:, None], [4.0, 0.0, 3.0], [0.0, 4.0, 1.0])
    found = break_even(outcome, region, ["a", "b", "c"], better="higher")
    assert found["rival_wins"].to_list() == ["below", "below"]
    np.testing.assert_allclose(found["break_even"], [0.5, 0.5])
    assert found["first"].all()
    with pytest.raises(FoedusError, match="worlds outside"):
        break_even(outcome, np.ones(100, bool), ["a", "b", "c"], better="higher")
    with pytest.raises(FoedusError, match="of that shape"):
        break_even(outcome, region, ["a", "b"], better="higher")


def test_the_sell_by_year_is_the_first_in_which_the_claim_fails():
    holds = np.array([[1, 1, 1], [1, 0, 1], [0, 0, 0], [1, 1, 0]], bool)
    assert sell_by(holds, [2026, 2027, 2028]).to_list() == [None, 2027, 2026, 2028]
    curve = sell_by_curve(holds, [2026, 2027, 2028])
    assert curve["fails_first"].to_list() == [0.25, 0.25, 0.25]
    assert curve["held_so_far"].to_list() == [0.75, 0.5, 0.25]
    with pytest.raises(FoedusError, match="one column each"):
        sell_by(holds, [2026])
    with pytest.raises(FoedusError, match="Without worlds"):
        sell_by_curve(holds[:0], [2026, 2027, 2028])


@settings(max_examples=50)
@given(arrays(bool, st.tuples(st.integers(1, 20), st.integers(1, 9))))
def test_what_held_so_far_never_rises(holds):
    years = list(range(2026, 2026 + holds.shape[1]))
    curve = sell_by_curve(holds, years)
    assert (np.diff(curve["held_so_far"], prepend=1) <= 1e-12).all()
    assert curve["held_so_far"][-1] == pytest.approx(holds.all(axis=1).mean())
