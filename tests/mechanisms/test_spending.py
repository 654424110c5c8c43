"""Arms races: published equilibria and multipliers first, then what must hold everywhere."""

import jax
import jax.numpy as jnp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from legal_box import legal, number

from foedus.mechanisms.spending import (
    Budgets,
    ErrorCorrection,
    Richardson,
    Seen,
    error_correction,
    extra_spending,
    faced,
    growth,
    race,
    race_multipliers,
    richardson,
)

GAP = number(-3.0, 3.0)

FEW = settings(max_examples=25)
CORRECTED, RICHARDSON = jax.jit(error_correction), jax.jit(richardson)
SLOPE = jax.jit(jax.grad(richardson, argnums=1))
ZERO = jnp.zeros(())


def num(x):
    return jnp.asarray(x, dtype=jnp.float64)


def correction(impact=0.05, adjustment=0.08, reaction=0.28, income=1.0):
    return ErrorCorrection(num(impact), num(adjustment), num(reaction), num(income))


def reactions(k, a):
    return Richardson(num(k), num(a))


def seen(gap=0.0, faced=0.0, before=0.0, income=0.0, size=1.0):
    return Seen(*map(num, (gap, faced, before, income, size)))


@jax.jit
def race_of_two(p, push, years=600):
    """Two states that react alike; the first wants `push` more, in logs."""

    def year(_, state):
        now, before = state
        faced, faced_before = now[::-1], before[::-1]
        wish = jnp.array([1.0, 0.0]) * push
        return error_correction(p, Seen(now, faced, faced_before, wish, now)), now

    return jax.lax.fori_loop(0, years, year, (jnp.zeros(2), jnp.zeros(2)))[0]


def test_richardsons_race_rests_at_4_4_and_3_8(published):
    end = race(reactions(0.2, 0.4), reactions(0.25, 0.5), (num(1.0), num(0.8)))
    source = "after Richardson (1960), Arms and Insecurity, worked by hand"
    for which, ours, known in (("one", end.one, 4.4), ("other", end.other, 3.8)):
        what = f"where Richardson's race of two comes to rest: {which}"
        published(what, source, published=known, ours=float(ours), tolerance=1e-12)
    assert bool(end.stable)


def test_a_race_in_which_defence_outweighs_fatigue_is_refused_and_has_no_rest():
    end = race(reactions(0.6, 0.4), reactions(0.5, 0.5), (num(1.0), num(0.8)))
    assert not bool(end.stable)
    assert jnp.isinf(end.one)
    assert jnp.isinf(end.other)


def test_the_multiplier_of_two_neighbours_who_follow_each_other_at_070(published):
    source = "after the neighbourhood multiplier of Collier & Hoeffler (2007), for two states"
    for which, ours, known in zip(
        ("its own", "the other's"), race_multipliers(num(0.70)), (1.9608, 1.3725), strict=True
    ):
        what = f"spending that follows one of first cause, reaction .70: {which}"
        published(what, source, published=known, ours=float(ours), tolerance=1e-4)


@pytest.mark.parametrize("reaction", [0.0, 0.28, 0.70])
def test_a_race_played_to_its_end_gives_the_multipliers(reaction):
    ends = race_of_two(correction(reaction=reaction), num(0.01))
    wanted = [float(each) for each in race_multipliers(num(reaction))]
    assert (ends / 0.01).tolist() == pytest.approx(wanted, abs=1e-6)


def test_one_year_of_error_correction_by_hand():
    p = correction(impact=0.05, adjustment=0.08, reaction=0.28, income=0.5)
    after = error_correction(p, seen(0.02, 0.10, 0.04, 0.06))
    assert float(after) == pytest.approx(0.02 + 0.05 * 0.06 - 0.08 * (0.02 - 0.028 - 0.03))


def test_one_year_of_richardson_by_hand():
    after = richardson(reactions(0.2, 0.4), seen(jnp.log(1.1), jnp.log(1.5), size=2.0))
    assert float(jnp.exp(after)) == pytest.approx(1.1 + 0.2 * 2.0 * 0.5 - 0.4 * 0.1)


def test_a_rivals_foreign_forces_count_with_their_weight():
    """1,000 soldiers at 50,000 a head, half of which counts, beside 1,000 M of the host."""
    p = Budgets(*map(num, (1_000.0, 1e5, 50.0, 0.5, 0.0)))
    reckons = faced(p, jnp.log(num(1.1)), num(1_000.0), jnp.array([1.0, 0.2, 0.0]))
    assert jnp.exp(reckons).tolist() == pytest.approx([1.125, 1.025, 1.0], abs=1e-15)
    assert float(faced(p, ZERO, ZERO, num(0.3))) == 0.0


def test_growth_loses_a_fifth_of_a_point_for_each_point_of_burden():
    slower = growth(num(-0.2), num(0.03), num(0.05), num(0.04))
    assert float(slower) == pytest.approx(0.028)


@given(legal(ErrorCorrection), legal(Richardson), st.floats(1e-12, 1e12))
@FEW
def test_an_option_equal_to_the_reference_spends_nothing_more_bit_for_bit(p, q, m):
    after = error_correction(p, seen())
    assert float(extra_spending(after, num(m))) == 0.0
    assert float(extra_spending(richardson(q, seen(size=m)), num(m))) == 0.0


@given(legal(ErrorCorrection), legal(Richardson), GAP, GAP, GAP, GAP)
@FEW
def test_every_reaction_is_finite_and_more_threat_never_lowers_spending(
    p, q, own, wished, before, income
):
    now = Seen(own, wished, before, income, jnp.exp(income))
    more = now._replace(faced=wished + 0.1)
    steadily = (now._replace(before=wished), more._replace(before=wished + 0.1))
    assert jnp.isfinite(CORRECTED(p, now))
    assert CORRECTED(p, more) >= CORRECTED(p, now)
    assert CORRECTED(p, steadily[1]) >= CORRECTED(p, steadily[0])
    assert jnp.isfinite(RICHARDSON(q, now))
    assert RICHARDSON(q, more) >= RICHARDSON(q, now)
    assert all(jnp.isfinite(each) for each in SLOPE(q, now))


@given(legal(Richardson), legal(Richardson), number(0, 1e6), number(0, 1e6))
@FEW
def test_a_stable_race_rests_where_neither_side_moves(one, other, g, h):
    end = race(one, other, (g, h))
    margin = float(one.fatigue * other.fatigue - one.defence * other.defence)
    assert bool(end.stable) == (margin > 0)
    assert bool(jnp.isinf(end.one)) == bool(jnp.isinf(end.other)) == (margin <= 0)
    if margin > 1e-6:
        scale = 1.0 + max(float(end.one), float(end.other))
        one_moves = one.defence * end.other - one.fatigue * end.one + g
        other_moves = other.defence * end.one - other.fatigue * end.other + h
        assert abs(one_moves) < 1e-9 * scale
        assert abs(other_moves) < 1e-9 * scale


@given(number(-1, 1), number(-0.1, 0.1), number(0, 0.2))
@FEW
def test_growth_at_the_baseline_burden_is_the_trend_bit_for_bit(p, trend, burden):
    assert float(growth(p, trend, burden, burden)) == float(trend)


def test_spending_never_falls_below_its_least_share():
    after = richardson(reactions(1.0, 0.0), seen(faced=-3.0, size=50.0))
    assert float(jnp.exp(after)) == pytest.approx(0.01)
