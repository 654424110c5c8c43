"""The corridor in one pass, against the curves that are shifted from stage to stage."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_closure_corridor import CORRIDOR, plain, solve, world

from foedus.closure import theatre
from foedus.closure.corridor import Numbers

BEFORE, DAYS = 6, 40
GRID = tuple(range(-BEFORE, DAYS + 1))


def share(numbers: Numbers, grid: tuple[float | int, ...] = GRID) -> jax.Array:
    return jax.jit(theatre.share, static_argnums=(0, 2))(CORRIDOR, numbers, grid)


@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_whole_days_give_the_same_curve_as_shifting_does(seed):
    numbers = world(np.random.default_rng(seed))
    numbers = numbers._replace(hours=24.0 * jnp.round(numbers.hours / 24.0))
    expected = solve(numbers, DAYS, BEFORE).share
    np.testing.assert_allclose(share(numbers)[BEFORE:], expected, rtol=1e-12, atol=1e-12)


@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_fractions_of_a_day_change_less_than_a_day_of_flow(seed):
    numbers = world(np.random.default_rng(seed))
    expected = solve(numbers, DAYS, BEFORE).share
    # CORRIDOR: two stages of air, three of rail, one road; and seats for people.
    rates = [jnp.min(numbers.rate[a:b]) for a, b in ((0, 2), (2, 5), (5, 6), (6, 7))]
    flow = jnp.stack(rates) * numbers.open
    a_day = max(sum(flow[:3]) / numbers.promised, flow[3] / numbers.people)
    assert float(jnp.max(jnp.abs(share(numbers)[BEFORE:] - expected))) <= a_day


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_long_days_are_exact_where_nothing_is_denied(seed):
    numbers = world(np.random.default_rng(seed))
    numbers = numbers._replace(denied_to=numbers.denied_from, warning=jnp.asarray(0.0))
    coarse = (-6.0, *map(float, range(31)), 35.0, 40.0)
    fine = np.asarray(share(numbers))[[GRID.index(int(day)) for day in coarse]]
    # Routes may start within a long day; after a month all are under way.
    found = np.asarray(share(numbers, coarse))
    np.testing.assert_allclose(found[:-2], fine[:-2], atol=1e-12)
    np.testing.assert_allclose(found[-2:], fine[-2:], atol=1e-9)


def test_a_window_reaches_the_theatre_after_the_transit_ahead():
    rail = jnp.asarray([0.0, 1.0, 0.0, 0.0])
    hours = jnp.full(7, 24.0)
    numbers = plain(open=rail, hours=hours, denied_from=[0.0, 4.0], denied_to=[0.0, 99.0])
    # Entered the gauge change on days 1 to 3, so 300 t, in the theatre on days 3, 4 and 5.
    expected = [0, 0, 0, 0, 0.1, 0.2, 0.3, 0.3]
    assert share(numbers)[BEFORE : BEFORE + 8].tolist() == pytest.approx(expected)


def test_the_share_has_a_slope_in_the_hours_of_a_stage():
    def on_day_6(hours: jax.Array) -> jax.Array:
        return theatre.share(CORRIDOR, plain(hours=hours), GRID)[BEFORE + 6]

    slope = jax.jit(jax.grad(on_day_6))(jnp.full(7, 30.0))
    # The road alone is open: 100 t a day of 1000 t, an hour later.
    assert float(slope[5]) == pytest.approx(-0.1 / 24)
