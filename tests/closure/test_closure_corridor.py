"""The corridor that a world is asked about, against the exact planner and its own properties."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.closure.corridor import (
    Closed,
    Corridor,
    Numbers,
    Route,
    Stage,
    closed,
    movement,
    share_by,
)
from foedus.closure.network import Mode

CORRIDOR = Corridor(
    (
        Route("air", Mode.AIR, (Stage("onload"), Stage("offload", ("transit",))), lift=True),
        Route(
            "rail",
            Mode.RAIL,
            (Stage("head"), Stage("gauge", ("transit",)), Stage("line", ("far",))),
        ),
        Route("road", Mode.ROAD, (Stage("bridge"),)),
        Route("seats", Mode.AIR, (Stage("gates", ("transit",)),), "people", lift=True),
    ),
    ("far",),
)
SIZES = {"rate": 7, "hours": 7, "open": 4, "denied_from": 2, "denied_to": 2, "denied_left": 2}


def world(rng: np.random.Generator) -> Numbers:
    start = rng.uniform(-5, 20, 2)
    ranges = {
        "rate": (50, 900), "hours": (0, 70), "open": (0, 1), "denied_left": (0, 0.5),
        "reception": (300, 1500), "promised": (4000, 20_000), "people": (2000, 9000),
        "stock": (0, 3000), "issue": (100, 900), "base": (0, 2000), "base_people": (0, 1000),
        "warning": (0, 20), "decision": (0, 10), "lift_share": (0, 1), "lift_shock": (0, 1),
    }  # fmt: skip
    drawn = {
        name: jnp.asarray(rng.uniform(*bounds, SIZES[name]) if name in SIZES else
                          rng.uniform(*bounds))
        for name, bounds in ranges.items()
    }  # fmt: skip
    window = {"denied_from": start, "denied_to": start + rng.uniform(0, 30, 2)}
    return Numbers(**drawn, **{k: jnp.asarray(v) for k, v in window.items()})


answer = jax.jit(closed, static_argnums=(0, 2, 3))


def solve(numbers: Numbers, days: int = 40, before: int = 6) -> Closed:
    return answer(CORRIDOR, numbers, days, before)


@settings(max_examples=6, derandomize=True)
@given(st.integers(0, 10**6))
def test_the_corridor_equals_the_exact_plan_on_every_day(seed):
    pytest.importorskip("linopy")
    from foedus.closure.plan import plan

    numbers = world(np.random.default_rng(seed))
    fast = solve(numbers, 34)
    for carries, base, curve in (
        ("cargo", numbers.base, fast.tonnes),
        ("people", numbers.base_people, fast.people),
    ):
        network, windows = movement(CORRIDOR, numbers, carries, 6)
        best = plan(network, 40, windows, warning=False).closed("theatre").to_numpy()
        np.testing.assert_allclose(curve, best[6:] + float(base), rtol=1e-9, atol=1e-9)


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.data())
def test_more_help_or_time_never_closes_less_and_denial_never_more(seed, data):
    numbers = world(np.random.default_rng(seed))
    base = solve(numbers).share
    assert bool(jnp.all(jnp.diff(base) >= -1e-12))
    assert bool(jnp.all((base >= 0) & (base <= 1)))
    better = {
        "rate": 1.3, "open": 1.2, "reception": 1.3, "stock": 2.0, "issue": 1.4, "base": 1.5,
        "base_people": 1.5, "warning": 1.6, "lift_share": 1.5, "hours": 0.6, "decision": 0.5,
        "lift_shock": 0.5, "denied_left": 1.7, "people": 0.8,
    }  # fmt: skip
    name = data.draw(st.sampled_from(sorted(better)))
    more = numbers._replace(**{name: getattr(numbers, name) * better[name]})
    assert bool(jnp.all(solve(more).share >= base - 1e-9))
    longer = numbers._replace(denied_to=numbers.denied_to + 9.0)
    assert bool(jnp.all(solve(longer).share <= base + 1e-9))


def plain(**changes: object) -> Numbers:
    zero = {name: jnp.asarray(0.0) for name in Numbers._fields}
    zero |= {name: jnp.zeros(size) for name, size in SIZES.items()}
    zero |= {"rate": jnp.full(7, 100.0), "open": jnp.asarray([0.0, 0.0, 1.0, 0.0])}
    zero |= {"reception": jnp.asarray(1e6), "promised": jnp.asarray(1000.0)}
    return Numbers(**(zero | {k: jnp.asarray(v) for k, v in changes.items()}))  # type: ignore[arg-type]


def test_one_road_of_100_tonnes_a_day_closes_1000_tonnes_on_day_10():
    share = solve(plain()).share
    assert share_by(share, jnp.asarray([0.0, 2.5, 10.0, 99.0])).tolist() == [0, 0.25, 1, 1]


def test_warning_longer_than_the_decision_has_help_under_way_before_day_0():
    assert float(solve(plain(warning=5.0, decision=2.0)).share[0]) == pytest.approx(0.3)
    late = solve(plain(warning=2.0, decision=5.5)).share  # from day 3.5 on
    assert late[3:6].tolist() == pytest.approx([0.0, 0.05, 0.15])


def test_warning_beyond_the_grid_counts_from_where_the_grid_begins():
    assert float(solve(plain(warning=50.0)).share[0]) == pytest.approx(0.6)


def test_a_base_is_there_on_day_0_and_prepositioned_stock_is_issued_after_the_decision():
    numbers = plain(base=200.0, stock=300.0, issue=150.0, decision=1.0, open=jnp.zeros(4))
    assert solve(numbers).tonnes[:5].tolist() == [200, 200, 350, 500, 500]


def test_equipment_without_its_people_does_not_count():
    numbers = plain(base=1000.0, people=500.0, lift_share=1.0)
    assert float(solve(numbers).share[10]) == 0.0
    flown = solve(numbers._replace(open=jnp.asarray([0.0, 0.0, 1.0, 1.0]), hours=jnp.full(7, 24.0)))
    np.testing.assert_allclose(flown.share[:8], [0, 0, 0.2, 0.4, 0.6, 0.8, 1, 1])


def test_a_grounded_lift_fleet_stops_the_air_and_not_the_road():
    air = jnp.asarray([1.0, 0.0, 0.0, 0.0])
    flying = plain(open=air, lift_share=0.5)
    assert float(solve(flying).tonnes[4]) == pytest.approx(200.0)
    assert float(solve(flying._replace(lift_shock=jnp.asarray(1.0))).tonnes[-1]) == 0.0
    assert float(solve(plain(lift_shock=1.0)).tonnes[4]) == pytest.approx(400.0)


def test_cargo_past_a_stage_is_not_lost_when_that_stage_is_denied():
    rail = jnp.asarray([0.0, 1.0, 0.0, 0.0])
    numbers = plain(
        open=rail, hours=jnp.full(7, 24.0), denied_from=[0.0, 4.0], denied_to=[0.0, 99.0]
    )  # CORRIDOR.deniers: far, transit
    assert CORRIDOR.deniers == ("far", "transit")
    # Entered the gauge change on days 1 to 3, so 300 t, at the end two days later.
    assert float(solve(numbers).tonnes[-1]) == pytest.approx(300.0)


def test_shares_have_gradients_in_every_number_that_binds():
    numbers = plain(hours=jnp.full(7, 30.0), decision=1.25, stock=900.0, issue=30.0)

    def share_on_day_6(numbers: Numbers) -> jax.Array:
        return share_by(closed(CORRIDOR, numbers, 40, 6).share, jnp.asarray(6.4))

    slope = jax.jit(jax.grad(share_on_day_6))(numbers)
    assert all(bool(jnp.all(jnp.isfinite(leaf))) for leaf in jax.tree.leaves(slope))
    # The road brings 100 t and the depot 30 t a day, of 1000: a day later costs 0.13.
    assert float(slope.decision) == pytest.approx(-0.13)
    assert float(slope.hours[5]) == pytest.approx(-0.1 / 24)
