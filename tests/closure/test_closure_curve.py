"""The algebra of closure curves: golden instances first, properties second."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from foedus.closure import curve

NONE = jnp.zeros(0)
DAYS = 40


def steady(rate: float, days: int = DAYS) -> jax.Array:
    return curve.capacity(jnp.asarray(rate), NONE, NONE, NONE, days)


def denied(rate: float, start: float, end: float, left: float = 0.0, days: int = DAYS) -> jax.Array:
    window = (jnp.asarray([start]), jnp.asarray([end]), jnp.asarray([left]))
    return curve.capacity(jnp.asarray(rate), *window, days)


def stock(tonnes: float, ready: float = 0.0, days: int = DAYS) -> jax.Array:
    return curve.available(jnp.asarray(tonnes), jnp.asarray(ready), days + 1)


def tandem_with_denial(start: float = 6.0, end: float = 11.0) -> jax.Array:
    first = curve.shift(curve.stage(stock(150.0), steady(10.0)), jnp.asarray(2.0))
    second = curve.stage(first, denied(6.0, start, end))
    return curve.shift(second, jnp.asarray(1.0))


def test_two_stages_in_tandem_with_a_denied_week_close_on_day_33():
    closed = tandem_with_denial()
    assert closed[jnp.asarray([5, 10, 15, 20, 30])].tolist() == [12, 24, 42, 72, 132]
    assert float(curve.days_to(closed, jnp.asarray(150.0)).days) == 33.0


def test_a_fast_thin_and_a_slow_thick_route_close_ten_thousand_tonnes_on_day_13_9149():
    rates, latencies = jnp.asarray([2000.0, 350.0]), jnp.asarray([11.0, 2.0])
    day = curve.filled_on(rates, latencies, jnp.asarray(10_000.0))
    assert float(day) == pytest.approx(13.9149, abs=5e-5)
    assert float(curve.filled(rates, latencies, day)) == pytest.approx(10_000.0)


def test_heavy_cargo_that_only_rail_can_carry_decides_closure_on_day_20():
    day = jnp.arange(DAYS + 1.0)
    air, rail = 350.0 * jnp.maximum(day - 2, 0.0), 1000.0 * jnp.maximum(day - 11, 0.0)
    routes, demands = jnp.stack([air, rail]), jnp.asarray([4000.0, 9000.0])
    together = curve.classes(routes, ((True, True), (False, True)), demands)
    assert float(curve.days_to(together, jnp.asarray(13_000.0)).days) == 20.0
    light = curve.filled_on(jnp.asarray([350.0, 1000.0]), jnp.asarray([2.0, 11.0]), demands[0])
    assert float(light) == pytest.approx(11.63, abs=0.005)
    both = curve.filled_on(jnp.asarray([350.0, 1000.0]), jnp.asarray([2.0, 11.0]), jnp.sum(demands))
    assert float(both) == pytest.approx(18.30, abs=0.005)


def test_a_fleet_of_four_that_returns_every_second_day_departs_as_counted_by_hand():
    departed = curve.fleet(
        stock(1e9, days=14),
        denied(3.0, 5.0, 10.0, days=14),
        carried=jnp.asarray(4.0),
        cycle=jnp.asarray(2.0),
    )
    assert departed[1:].tolist() == [3, 4, 7, 8, 11, 11, 11, 11, 11, 11, 14, 15, 18, 19]


def test_what_that_fleet_of_four_has_closed_is_its_loads_a_day_later():
    departed = curve.fleet(
        stock(1e9), denied(60.0, 5.0, 10.0), carried=jnp.asarray(80.0), cycle=jnp.asarray(2.0)
    )
    closed = curve.shift(departed, jnp.asarray(1.0))
    assert closed[jnp.asarray([5, 10, 15, 20])].tolist() == [160, 220, 380, 600]


def test_a_fleet_that_turns_twice_a_day_is_a_daily_rate():
    args = stock(1e9), steady(1e9), jnp.asarray(30.0), jnp.asarray(0.5)
    np.testing.assert_allclose(curve.fleet(*args), 60.0 * np.arange(DAYS + 1))


def test_a_fleet_lifts_no_more_than_has_come_to_be_loaded():
    inflow = curve.stage(stock(100.0), steady(7.0))
    left = curve.fleet(inflow, steady(50.0), jnp.asarray(1000.0), jnp.asarray(3.0))
    np.testing.assert_array_equal(left, inflow)


def test_seventeen_days_and_five_hours_is_seventeen_days():
    assert curve.whole_days(jnp.asarray([17 * 24 + 5.0])).tolist() == [17]


def test_hours_of_many_legs_are_added_first_and_rounded_once():
    assert curve.whole_days(jnp.full(4, 9.0)).tolist() == [0, 1, 0, 1]  # 36 hours: 1.5 -> 2 days
    assert float(jnp.sum(curve.whole_days(jnp.full(10, 11.0)))) == 5  # 110 hours: 4.6 days


def test_a_window_covers_part_of_a_day_in_proportion_and_keeps_what_is_left():
    daily = denied(100.0, 1.5, 3.0, left=0.2, days=4)
    np.testing.assert_allclose(daily, [100.0, 60.0, 20.0, 100.0])
    assert denied(100.0, 3.0, 3.0, days=4).tolist() == [100.0] * 4


def test_a_window_that_never_ends_or_began_before_day_0_is_legal():
    np.testing.assert_allclose(denied(10.0, -jnp.inf, jnp.inf, left=0.3, days=3), [3.0] * 3)


def test_an_unlimited_stage_changes_nothing():
    inflow = curve.stage(stock(50.0), steady(3.0))
    np.testing.assert_array_equal(curve.stage(inflow, steady(jnp.inf)), inflow)


def test_the_order_of_a_delay_and_two_different_windows_matters():
    early, late = denied(10.0, 2.0, 6.0), denied(10.0, 8.0, 12.0)
    delay = jnp.asarray(3.0)
    one = curve.stage(curve.shift(curve.stage(stock(1e4), early), delay), late)
    other = curve.stage(curve.shift(curve.stage(stock(1e4), late), delay), early)
    assert not np.allclose(one, other)


def test_a_package_without_its_people_does_not_count():
    delivered = jnp.asarray([[0.0, 50.0, 100.0, 100.0], [0.0, 0.0, 10.0, 40.0]])
    share = curve.packages(delivered, jnp.asarray([100.0, 40.0]))
    assert share.tolist() == [0.0, 0.0, 0.25, 1.0]
    assert curve.packages(delivered, jnp.asarray([0.0, 40.0])).tolist() == [0.0, 0.0, 0.25, 1.0]


def test_what_never_closes_is_flagged_and_infinite():
    never = curve.days_to(curve.supply(steadily(5.0), jnp.asarray(20.0)), jnp.asarray(21.0))
    assert not bool(never.within)
    assert float(never.days) == np.inf
    assert float(curve.filled_on(jnp.zeros(2), jnp.asarray([1.0, jnp.inf]), jnp.asarray(1.0))) == (
        np.inf
    )


def steadily(rate: float) -> jax.Array:
    return curve.stage(stock(1e9), steady(rate))


def test_days_to_a_fraction_are_linear_between_points_and_zero_when_in_place():
    assert float(curve.days_to(steadily(10.0), jnp.asarray(25.0)).days) == 2.5
    assert float(curve.days_to(jnp.full(5, 7.0), jnp.asarray(7.0)).days) == 0.0


def test_the_curve_can_be_read_on_any_day():
    days = jnp.asarray([-3.0, 0.0, 2.5, 40.0, 400.0])
    assert curve.closed_by(steadily(10.0), days).tolist() == [0.0, 0.0, 25.0, 400.0, 400.0]


def test_a_capacity_series_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="40 daily capacities"):
        curve.stage(stock(1.0), steady(1.0, DAYS + 1))


def test_closing_is_differentiable_in_the_start_of_the_denial_and_in_the_transit():
    def by_day_15(start: jax.Array, transit: jax.Array) -> jax.Array:
        daily = curve.capacity(
            jnp.asarray(6.0), start[None], jnp.asarray([12.0]), jnp.asarray([0.0]), DAYS
        )
        return curve.closed_by(
            curve.shift(curve.stage(stock(1e3), daily), transit), jnp.asarray(15.0)
        )

    later, longer = jax.grad(by_day_15, (0, 1))(jnp.asarray(6.5), jnp.asarray(1.25))
    assert float(later) == pytest.approx(6.0)
    assert float(longer) == pytest.approx(-6.0)


DAILY = arrays(np.float64, DAYS, elements=st.floats(0.0, 50.0))
RISES = arrays(np.float64, DAYS + 1, elements=st.floats(0.0, 50.0))


@settings(max_examples=40)
@given(RISES, DAILY, st.floats(0.0, 20.0), st.data())
def test_a_stage_is_the_min_plus_convolution_and_never_falls(rises, daily, delay, data):
    inflow = np.cumsum(rises)
    total = np.concatenate([[0.0], np.cumsum(daily)])
    by_definition = [
        min(inflow[s] + total[t] - total[s] for s in range(t + 1)) for t in range(DAYS + 1)
    ]
    out = curve.stage(jnp.asarray(inflow), jnp.asarray(daily))
    np.testing.assert_allclose(out, by_definition, rtol=1e-12, atol=1e-9)
    assert bool(jnp.all(jnp.diff(out) >= 0))
    less = daily * data.draw(arrays(np.float64, DAYS, elements=st.floats(0.0, 1.0)))
    assert bool(jnp.all(curve.stage(jnp.asarray(inflow), jnp.asarray(less)) <= out + 1e-9))
    shifted = curve.shift(out, jnp.asarray(delay))
    assert bool(jnp.all(jnp.diff(shifted) >= -1e-9))
    assert bool(jnp.all(shifted <= out + 1e-9))


@settings(max_examples=40)
@given(
    DAILY,
    st.floats(1.0, 200.0),
    st.floats(0.2, 8.0),
    st.floats(0.0, 50.0),
    st.floats(0.0, 5.0),
)
def test_more_vehicles_or_a_shorter_cycle_never_close_less(daily, carried, cycle, more, longer):
    def left(carried: float, cycle: float) -> jax.Array:
        return curve.fleet(
            stock(2000.0), jnp.asarray(daily), jnp.asarray(carried), jnp.asarray(cycle)
        )

    base = left(carried, cycle)
    assert bool(jnp.all(jnp.diff(base) >= 0))
    assert bool(jnp.all(left(carried + more, cycle) >= base - 1e-9))
    assert bool(jnp.all(left(carried, cycle + longer) <= base + 1e-9))
    assert float(base[-1]) <= 2000.0


@settings(max_examples=40)
@given(st.floats(0.0, 30.0), st.floats(0.0, 30.0), st.floats(0.0, 1.0), st.floats(0.0, 9.0))
def test_denial_never_helps_and_warning_never_hurts(start, length, left, warning):
    def closed(ready: float, window: jax.Array) -> jax.Array:
        return curve.stage(stock(300.0, ready), window)

    free, cut = closed(10.0, steady(9.0)), closed(10.0, denied(9.0, start, start + length, left))
    assert bool(jnp.all(cut <= free + 1e-9))
    warned = closed(10.0 - warning, denied(9.0, start, start + length, left))
    assert bool(jnp.all(warned >= cut - 1e-9))


@settings(max_examples=40)
@given(
    arrays(np.float64, (3, 12), elements=st.floats(0.0, 50.0)),
    arrays(np.bool_, (3, 3)),
    arrays(np.float64, 3, elements=st.floats(0.0, 200.0)),
)
def test_all_classes_together_close_no_earlier_than_each_alone(rises, usable, demands):
    routes = jnp.asarray(np.cumsum(rises, axis=1))
    table = tuple(tuple(bool(u) for u in row) for row in usable)
    together = curve.classes(routes, table, jnp.asarray(demands))
    total = jnp.asarray(demands.sum())
    assert bool(jnp.all(together <= total + 1e-9))
    closing = curve.days_to(together, total - 1e-7)
    for one in range(3):
        alone = jnp.sum(jnp.where(jnp.asarray(usable[one])[:, None], routes, 0.0), axis=0)
        assert (
            float(closing.days)
            >= float(curve.days_to(alone, jnp.asarray(demands[one] - 1e-6)).days) - 1e-6
        )


@settings(max_examples=40)
@given(
    arrays(np.float64, 5, elements=st.floats(0.0, 100.0)),
    arrays(np.float64, 5, elements=st.floats(0.0, 20.0)),
    st.floats(1.0, 5000.0),
)
def test_the_closed_form_day_is_the_inverse_of_the_closed_form_tonnage(rates, latencies, tonnes):
    if rates.max() < 1e-3:
        return
    day = curve.filled_on(jnp.asarray(rates), jnp.asarray(latencies), jnp.asarray(tonnes))
    there = curve.filled(jnp.asarray(rates), jnp.asarray(latencies), day)
    assert float(there) == pytest.approx(tonnes, rel=1e-9)
