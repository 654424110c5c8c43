"""Pressure: the weighted mean and median of a published case, and what is kept of a policy."""

import jax
import jax.numpy as jnp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from legal_box import finite, number

from foedus.mechanisms.pressure import (
    Stakeholders,
    WeightedMean,
    WeightedMedian,
    autonomy,
    influence,
    kept,
    median_position,
    span,
    weighted_mean,
    weighted_median,
)

# Years until an emission standard for cars, ten states of the EC: Bueno de Mesquita (1994), in
# European Community Decision Making; Scholz, Calbert & Smith (2011), J. Theoretical Politics 23.
EMISSION = Stakeholders(
    capability=jnp.array([0.08, 0.08, 0.03, 0.16, 0.16, 0.16, 0.16, 0.05, 0.05, 0.08]),
    salience=jnp.array([0.8, 0.4, 0.2, 0.8, 0.6, 0.6, 0.9, 0.1, 1.0, 0.7]),
    position=jnp.array([4.0, 7.0, 4.0, 4.0, 10.0, 10.0, 10.0, 7.0, 4.0, 7.0]),
)

corner = st.sampled_from([0.0, 1e-12, 1.0, 1e12])
actors = st.builds(
    lambda c, s, x: Stakeholders(jnp.array(c), jnp.array(s), jnp.array(x)),
    arrays("float64", 5, elements=corner | st.floats(1e-6, 1e12)),
    arrays("float64", 5, elements=st.sampled_from([0.0, 1.0]) | st.floats(1e-6, 1)),
    arrays("float64", 5, elements=st.integers(-1000, 1000).map(lambda k: k / 8.0)),
)

FEW = settings(max_examples=25)
INFLUENCE = jax.jit(influence)
MEAN = jax.jit(lambda who: weighted_mean(WeightedMean(), who))
MEDIAN = jax.jit(lambda who: weighted_median(WeightedMedian(), who))
SLOPE = jax.jit(jax.grad(lambda who: weighted_mean(WeightedMean(), who).policy))


def test_the_emission_case_starts_at_mean_7_38996_and_median_7(published):
    source = "Bueno de Mesquita (1994); Scholz, Calbert & Smith (2011), J. Theoretical Politics 23"
    mean = float(weighted_mean(WeightedMean(), EMISSION).policy)
    median = float(weighted_median(WeightedMedian(), EMISSION).policy)
    what = "emission standard of ten EC states, before bargaining: weighted"
    published(f"{what} mean [years]", source, published=7.38996, ours=mean, tolerance=1e-5)
    published(f"{what} median [years]", source, published=7, ours=median, tolerance=0)


def test_half_of_the_weight_is_enough_for_a_median_and_ties_go_to_the_lower():
    weight, position = jnp.array([0.25, 0.25, 0.5]), jnp.array([3.0, 1.0, 9.0])
    assert float(median_position(weight, position)) == 3.0
    halves = jnp.array([0.4, 0.4, 0.1, 0.4, 0.1, 0.4])  # .9 is less than 1.8/2, as floats add
    assert float(median_position(halves, jnp.arange(6.0))) == 2.0


def test_the_median_beats_every_other_position_in_a_vote_in_proportion_to_distance():
    weight = influence(EMISSION)
    median = median_position(weight, EMISSION.position)
    for other in EMISSION.position:
        margin = jnp.abs(EMISSION.position - other) - jnp.abs(EMISSION.position - median)
        assert weight @ margin >= -1e-12


@pytest.mark.parametrize(
    ("wanted", "policy", "share"),
    [
        (8.0, 8.0, 1),
        (8.0, 2.0, 0.25),
        (8.0, 9.0, 1),
        (8.0, -1.0, 0),
        (0.0, 3.0, 1),
        (-4.0, -1, 0.25),
    ],
)
def test_the_share_kept_of_a_wanted_policy(wanted, policy, share):
    assert float(kept(jnp.asarray(wanted), jnp.asarray(float(policy)))) == share


def test_autonomy_is_lost_in_proportion_to_how_far_pressure_moves_the_host():
    ideal, scale = jnp.asarray(7.0), jnp.asarray(6.0)
    assert float(autonomy(ideal, ideal, scale)) == 1.0
    assert float(autonomy(ideal, jnp.asarray(10.0), scale)) == 0.5
    assert float(autonomy(ideal, jnp.asarray(99.0), scale)) == 0.0
    assert float(autonomy(ideal, ideal, jnp.asarray(0.0))) == 1.0


@given(actors)
@FEW
def test_mean_and_median_stay_within_the_positions_for_any_actors(who):
    weight, low, high = INFLUENCE(who), who.position.min(), who.position.max()
    slack = 1e-12 * (1.0 + jnp.abs(who.position).max())
    assert finite(weight)
    assert float(weight.sum()) == pytest.approx(1.0)
    for theory in (MEAN, MEDIAN):
        outcome = theory(who)
        assert low - slack <= outcome.policy <= high + slack
        assert bool(outcome.settled)
        assert not bool(outcome.cycling)
        assert outcome.path.shape == (1, 5)
    assert float(MEDIAN(who).policy) in who.position.tolist()
    slope = SLOPE(who)
    assert jnp.allclose(slope.position, weight)
    assert finite(slope.capability)


@given(actors, number(1e-6, 1e6), st.permutations(range(5)))
def test_neither_the_unit_of_capability_nor_the_order_of_actors_matters(who, unit, order):
    order = jnp.array(order)
    other = Stakeholders(unit * who.capability[order], who.salience[order], who.position[order])
    mean, moved = (MEAN(w).policy for w in (who, other))
    assert float(moved) == pytest.approx(float(mean), rel=1e-9, abs=1e-9)


@given(number(1e-6, 1e6), number(-1e6, 1e6), number(1e-6, 1e6))
@FEW
def test_what_is_kept_and_autonomy_are_shares(wanted, policy, scale):
    assert 0 <= kept(wanted, policy) <= 1
    assert 0 <= autonomy(wanted, policy, scale) <= 1
    assert jnp.isfinite(jax.grad(kept)(wanted, policy))
    assert jnp.isfinite(jax.grad(autonomy)(wanted, policy, scale))


def test_the_span_of_the_emission_case_is_six_years():
    assert float(span(EMISSION)) == 6.0
