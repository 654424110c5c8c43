"""The fast methods against the exact planner, golden networks, and what bad networks get."""

import math

import numpy as np
import pytest

from foedus.closure.network import (
    Demand,
    Fleet,
    Hub,
    Leg,
    Mode,
    Network,
    Origin,
    Window,
    rounded,
)
from foedus.closure.paths import denied_table, envelope
from foedus.closure.plan import plan
from foedus.closure.shape import closed, method
from foedus.errors import PlanError

pytest.importorskip("linopy")


def leg(name: str, start: str, end: str, days: float, rate: float, **more: object) -> Leg:
    return Leg(name, start, end, Mode.RAIL, 24.0 * days, rate, **more)  # type: ignore[arg-type]


def one(legs: list[Leg], tonnes: float, end: str, **more: object) -> Network:
    start = (Origin("0"),)
    return Network(start, tuple(legs), (Demand(end, tonnes),), **more)  # type: ignore[arg-type]


def pushback(tonnes: float = 200.0) -> Network:
    arcs = [(0, 1, 1, 10), (0, 2, 4, 10), (1, 2, 1, 10), (1, 3, 5, 10), (2, 3, 1, 10)]
    return one([leg(f"{u}-{v}", str(u), str(v), d, c) for u, v, d, c in arcs], tonnes, "3")


def test_shortest_paths_push_back_where_greedy_routes_would_be_wrong():
    found = envelope(pushback(1e6))
    assert found.cuts[0][1] == ((3.0, 10.0), (8.0, 10.0))
    assert found.closed_by([5, 10, 20]).tolist() == [20, 90, 290]
    assert found.closes_on(200) == 15.5
    best = plan(pushback(), 20, warning=False).closed("3")
    assert int(np.argmax(best.to_numpy() >= 200 - 1e-9)) == 16
    np.testing.assert_allclose(best, np.minimum(found.closed_by(np.arange(21)), 200), atol=1e-9)


def tandem() -> tuple[Network, tuple[Window, ...]]:
    legs = [leg("a", "0", "1", 2, 10.0), leg("b", "1", "2", 1, 6.0, denied_by=("x",))]
    return one(legs, 150.0, "2"), (Window("x", 6, 11),)


def test_the_tandem_with_a_denied_week_closes_on_day_33_by_curves_and_by_plan():
    network, windows = tandem()
    fast = closed(network, 40, windows)
    assert fast.method.kind == "curves"
    assert fast.closed["2"][[5, 10, 15, 20, 30, 33]].tolist() == [12, 24, 42, 72, 132, 150]
    best = plan(network, 40, windows, warning=False)
    np.testing.assert_allclose(best.closed("2"), fast.closed["2"], atol=1e-9)


def test_a_fast_thin_and_a_slow_thick_route_close_on_day_13_9149():
    legs = [leg("air", "0", "1", 2, 350.0), leg("sea", "0", "1", 11, 2000.0)]
    found = envelope(one(legs, 10_000.0, "1"))
    assert found.closes_on(10_000) == pytest.approx(13.9149, abs=5e-5)


def reserved() -> Network:
    legs = (leg("air", "0", "1", 2, 350.0, only=("light",)), leg("rail", "0", "1", 11, 1000.0))
    return Network(
        (Origin("0", cargo="light"), Origin("0", cargo="heavy")),
        legs,
        (Demand("1", 4000, "light"), Demand("1", 9000, "heavy")),
    )


def test_cargo_that_only_rail_carries_decides_closure_on_day_20_by_curves_and_by_plan():
    fast = closed(reserved(), 25).closed["1"]
    assert int(np.argmax(fast >= 13_000 - 1e-9)) == 20
    best = plan(reserved(), 25, warning=False).closed("1")
    np.testing.assert_allclose(best, fast, rtol=1e-12, atol=1e-9)


def shuttle(cycle: float = 2.0) -> tuple[Network, tuple[Window, ...]]:
    network = one(
        [leg("air", "0", "1", 1, 60.0, denied_by=("x",))],
        1e6,
        "1",
        fleets=(Fleet("aircraft", 80.0, (("air", cycle),), vehicle=20.0),),
    )
    return network, (Window("x", 5, 10),)


def test_a_fleet_of_four_closes_as_counted_by_hand_by_curves_and_by_plan():
    network, windows = shuttle()
    fast = closed(network, 20, windows).closed["1"]
    assert fast[[5, 10, 15, 20]].tolist() == [160, 220, 380, 600]
    best = plan(network, 20, windows, warning=False).closed("1")
    np.testing.assert_allclose(best, fast, atol=1e-9)


@pytest.mark.parametrize("cycle", [0.4, 1.0, 1.6, 2.5, 3.0])
def test_a_fleet_with_a_cycle_of_any_length_is_the_plan_s_to_rounding(cycle):
    network, windows = shuttle(cycle)
    best = plan(network, 20, windows, warning=False).closed("1")
    np.testing.assert_allclose(best, closed(network, 20, windows).closed["1"], atol=1e-9)


def meshed(rng: np.random.Generator, whole: bool = True) -> Network:
    places = int(rng.integers(5, 10))
    legs = []
    for start in range(places - 1):
        ends = {start + 1, *rng.integers(start + 1, places, 2).tolist()}
        for end in sorted(ends):
            legs.append((start, end))
    back = [(b, a) for a, b in legs if rng.random() < 0.15 and a > 0 and b < places - 1]
    made = []
    for start, end in legs + back:
        hours = 24.0 * rng.integers(1, 5) if whole else rng.uniform(2, 90)
        by = (f"d{rng.integers(3)}",) if rng.random() < 0.4 else ()
        made.append(
            Leg(
                f"{start}>{end}",
                str(start),
                str(end),
                Mode.ROAD,
                float(hours),
                float(rng.uniform(5, 50)),
                by,
            )
        )
    return one(made, float(rng.uniform(300, 2000)), str(places - 1))


@pytest.mark.parametrize("seed", range(8))
def test_shortest_paths_equal_the_plan_on_every_day_of_a_random_mesh(seed):
    network = meshed(np.random.default_rng(seed))
    fast = closed(network, 30)
    assert fast.method.kind == "paths"
    end = network.destinations[0]
    best = plan(network, 30, warning=False).closed(end).to_numpy()
    np.testing.assert_allclose(best, fast.closed[end], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_several_finite_stocks_are_exact_through_their_subsets(seed):
    rng = np.random.default_rng(100 + seed)
    base = meshed(rng)
    origins = tuple(
        Origin(str(i), float(rng.uniform(50, 400)), ready=float(rng.integers(4))) for i in range(3)
    )
    network = Network((*origins, Origin("1", 90.0, ready=5.0)), base.legs, base.demands)
    end = network.destinations[0]
    best = plan(network, 30, warning=False).closed(end).to_numpy()
    np.testing.assert_allclose(best, closed(network, 30).closed[end], rtol=1e-9, atol=1e-9)


def merging(rng: np.random.Generator) -> tuple[Network, tuple[Window, ...]]:
    """Routes of stages, two origins, reserved legs, a fleet and a shared hub at the end."""
    legs, rates = [], rng.uniform(5, 60, 9)
    for route, mode in enumerate((Mode.AIR, Mode.RAIL, Mode.ROAD)):
        at = "0" if route < 2 else "9"
        for step in range(route + 1):
            end = "end" if step == route else f"{mode}{step}"
            only = ("light",) if mode is Mode.AIR else ()
            by = (f"d{rng.integers(3)}",) if rng.random() < 0.7 else ()
            hours = float(rng.uniform(0, 60))
            rate = float(rates[3 * route + step])
            legs.append(Leg(f"{mode}{step}>", at, end, mode, hours, rate, by, only))
            at = end
    network = Network(
        (
            Origin("0", float(rng.uniform(100, 900)), "light"),
            Origin("0", float(rng.uniform(100, 900)), "heavy", ready=1.5),
            Origin("9", 300.0, "heavy", ready=3.0),
        ),
        tuple(legs),
        (Demand("end", 500.0, "light"), Demand("end", 700.0, "heavy")),
        (Hub("end", float(rng.uniform(40, 90)), ("d0",)),),
        (Fleet("aircraft", 60.0, (("air0>", float(rng.uniform(0.4, 4))),)),),
    )
    windows = tuple(
        Window(name, *sorted(rng.uniform(0, 20, 2).tolist()), float(rng.uniform(0, 0.5)))
        for name in network.deniers
    )
    return network, windows


@pytest.mark.parametrize("seed", range(8))
def test_the_algebra_equals_the_plan_on_every_day_of_random_merging_routes(seed):
    network, windows = merging(np.random.default_rng(200 + seed))
    fast = closed(network, 30, windows)
    assert (fast.method.kind, fast.method.exact) == ("curves", True)
    best = plan(network, 30, windows, warning=False).closed("end").to_numpy()
    np.testing.assert_allclose(best, fast.closed["end"], rtol=1e-9, atol=1e-9)


def test_rounded_hours_are_added_first_so_a_route_of_many_short_legs_is_not_slower():
    legs = [leg(str(i), str(i), str(i + 1), 0.4, 10.0) for i in range(5)]
    network = rounded(one(legs, 100.0, "5"))
    assert [g.hours / 24 for g in network.legs] == [0, 1, 0, 1, 0]
    assert envelope(network).cuts[0][1] == ((2.0, 10.0),)


@pytest.mark.parametrize("seed", range(3))
def test_paths_through_a_rounded_mesh_equal_its_plan(seed):
    network = rounded(meshed(np.random.default_rng(300 + seed), whole=False))
    end = network.destinations[0]
    best = plan(network, 25, warning=False).closed(end).to_numpy()
    np.testing.assert_allclose(best, closed(network, 25).closed[end], rtol=1e-9, atol=1e-9)
