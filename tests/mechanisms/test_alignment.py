"""The bargain over a base: who pulls, what survives, and how evenly ties are spread."""

import jax
import jax.numpy as jnp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.mechanisms import alignment, pressure
from foedus.mechanisms.alignment import Alignment, Neighbour

share = st.floats(0, 1)


@pytest.fixture(autouse=True)
def _wide():
    with jax.enable_x64(True):
        yield


def ours(**given: float) -> Alignment:
    plain = {
        "treaty": 1.0, "exercises": 1.0, "base": 2.0, "host": 100.0, "elites": 0.25,
        "elites_want": 0.5, "helper": 50.0, "helper_wants": 1.0, "helper_cares": 0.5,
        "helper_there": 1.0, "binds": 1.0,
    }  # fmt: skip
    return Alignment(**{name: jnp.asarray(x) for name, x in (plain | given).items()})


def others(n: int = 2, **given: float) -> Neighbour:
    plain = {"weight": 25.0, "wants": 0.0, "cares": 0.5, "alarm": 1.0, "ties": 0.2}
    one = Neighbour(**{name: jnp.asarray(x) for name, x in (plain | given).items()})
    return jax.tree.map(lambda leaf: jnp.full(n, leaf), one)


def test_closeness_is_the_weighted_mean_of_pact_exercises_and_base():
    # half a pact, six of twelve exercises, 99 troops = half of four orders of magnitude
    found = alignment.closeness(ours(), jnp.array(0.5), jnp.array(6.0), jnp.array(99.0))
    assert found == pytest.approx((0.5 + 0.5 + 2 * 0.5) / 4)
    most = alignment.closeness(ours(), jnp.array(1.0), jnp.array(24.0), jnp.array(9999.0))
    assert most == pytest.approx(1.0)


def test_pull_of_four_actors_by_hand():
    who = alignment.stakeholders(ours(), others(), jnp.array(0.8), jnp.array(9999.0))
    # government 75, elites 25, helper (50 + 50) x .5, two neighbours 25 x (.5 + .5)
    weights = jnp.array([75.0, 25.0, 50.0, 25.0, 25.0]) / 200
    assert jnp.allclose(pressure.influence(who), weights)
    assert alignment.pull(who) == pytest.approx(0.25 * 0.2 + 0.25 * 0.8)
    mean = 0.375 * 0.8 + 0.125 * 0.5 + 0.25 * 1.0
    assert alignment.mean(pressure.WeightedMean(), who) == pytest.approx(mean)
    assert alignment.alone(alignment.Alone(), who) == 0.8


def test_of_a_step_survives_what_the_policies_differ_by_and_all_of_no_step():
    def survives(*each: float):
        a, b, x, y = map(jnp.asarray, each)
        return float(alignment.survives((a, b), (x, y)))

    assert survives(0.4, 0.8, 0.3, 0.4) == pytest.approx(0.25)
    assert survives(0.4, 0.4, 0.3, 0.3) == 1.0
    assert survives(0.4, 0.8, 0.5, 0.3) == 0.0
    assert survives(0.4, 0.8, 0.1, 0.9) == 1.0


@given(st.lists(share, min_size=1, max_size=5))
def test_ties_are_spread_between_one_alone_and_all_alike(ties):
    found = float(alignment.spread(jnp.array(ties)))
    assert -1e-12 <= found <= 1 + 1e-12


def test_spread_at_its_ends():
    assert alignment.spread(jnp.array([0.3, 0.3, 0.3])) == pytest.approx(1)
    assert alignment.spread(jnp.array([0.3, 0.0, 0.0])) == pytest.approx(0)
    assert alignment.spread(jnp.array([0.0, 0.0])) == 0
    assert alignment.spread(jnp.array([0.7])) == 0
    # two thirds and one third: 1 - 5/9, of at most 1/2
    assert alignment.spread(jnp.array([0.4, 0.2])) == pytest.approx(8 / 9)


@given(share, share, share, st.floats(0, 1e5), st.floats(-1, 5))
def test_nothing_leaves_the_scale_over_the_legal_box(wanted, wants, cares, troops, alarm):
    near = others(wants=wants, cares=cares, alarm=alarm)
    who = alignment.stakeholders(ours(), near, jnp.array(wanted), jnp.array(troops))
    assert 0 <= float(alignment.pull(who)) <= 1
    for policy in (
        alignment.mean(pressure.WeightedMean(), who),
        alignment.median(pressure.WeightedMedian(), who),
    ):
        assert -1e-12 <= float(policy) <= 1 + 1e-12
    assert bool(((who.salience >= 0) & (who.salience <= 1)).all())
