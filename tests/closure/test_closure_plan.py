"""The fast methods against the exact planner, golden networks, and what bad networks get."""

import math
from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.closure import curve
from foedus.closure.denial import denied_table
from foedus.closure.network import (
    Demand,
    Fleet,
    Hub,
    Leg,
    Mode,
    Network,
    Origin,
    Window,
    denying,
    rounded,
)
from foedus.closure.paths import envelope
from foedus.closure.plan import plan
from foedus.closure.shape import closed, method
from foedus.errors import PlanError

pytest.importorskip("linopy")
SEEDS = st.integers(0, 10**6)


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
    np.testing.assert_allclose(best, np.minimum(found.closed_by(np.arange(21.0)), 200), atol=1e-9)


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


def test_a_leg_that_is_reserved_further_on_closes_the_whole_route_to_other_cargo():
    base = reserved()
    air, rail = base.legs
    road = leg("road", "0", "field", 1, 900.0)
    legs = (road, replace(air, start="field"), rail)
    network = replace(base, legs=legs)
    fast = closed(network, 25)
    best = plan(network, 25, warning=False).closed("1")
    assert fast.method.kind == "curves"
    np.testing.assert_allclose(best, fast.closed["1"], rtol=1e-12, atol=1e-9)


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


@settings(max_examples=8, derandomize=True)
@given(SEEDS)
def test_shortest_paths_equal_the_plan_on_every_day_of_a_random_mesh(seed):
    network = meshed(np.random.default_rng(seed))
    fast = closed(network, 30)
    assert fast.method.kind == "paths"
    end = network.destinations[0]
    best = plan(network, 30, warning=False).closed(end).to_numpy()
    np.testing.assert_allclose(best, fast.closed[end], rtol=1e-9, atol=1e-9)


@settings(max_examples=4, derandomize=True)
@given(SEEDS)
def test_several_finite_stocks_are_exact_through_their_subsets(seed):
    rng = np.random.default_rng(seed)
    base = meshed(rng)
    origins = tuple(
        Origin(str(i), float(rng.uniform(50, 400)), ready=int(rng.integers(4))) for i in range(3)
    )
    network = Network((*origins, Origin("1", 90.0, ready=5)), base.legs, base.demands)
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
            Origin("0", float(rng.uniform(100, 900)), "heavy", ready=1),
            Origin("9", 300.0, "heavy", ready=3),
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


@settings(max_examples=8, derandomize=True)
@given(SEEDS)
def test_the_algebra_equals_the_plan_on_every_day_of_random_merging_routes(seed):
    network, windows = merging(np.random.default_rng(seed))
    assert method(network, windows).kind == "planner"  # in hours, stocks that may run out
    network = rounded(network)
    fast = closed(network, 30, windows)
    assert (fast.method.kind, fast.method.exact) == ("curves", True)
    best = plan(network, 30, windows, warning=False).closed("end").to_numpy()
    np.testing.assert_allclose(best, fast.closed["end"], rtol=1e-9, atol=1e-9)


def test_rounded_hours_are_added_first_so_a_route_of_many_short_legs_is_not_slower():
    legs = [leg(str(i), str(i), str(i + 1), 0.4, 10.0) for i in range(5)]
    network = rounded(one(legs, 100.0, "5"))
    assert [g.hours / 24 for g in network.legs] == [0, 1, 0, 1, 0]
    assert envelope(network).cuts[0][1] == ((2.0, 10.0),)


@settings(max_examples=3, derandomize=True)
@given(SEEDS)
def test_paths_through_a_rounded_mesh_equal_its_plan(seed):
    network = rounded(meshed(np.random.default_rng(seed), whole=False))
    end = network.destinations[0]
    best = plan(network, 25, warning=False).closed(end).to_numpy()
    np.testing.assert_allclose(best, closed(network, 25).closed[end], rtol=1e-9, atol=1e-9)


@settings(max_examples=4, derandomize=True)
@given(SEEDS)
def test_hours_that_are_no_whole_days_are_exact_while_no_stock_runs_out(seed):
    base, windows = merging(np.random.default_rng(seed))
    legs = tuple(replace(g, only=()) for g in base.legs)
    origins = (Origin("0"), Origin("9", ready=2))
    network = replace(base, legs=legs, origins=origins, demands=(Demand("end", 1500.0),))
    fast = closed(network, 30, windows)
    assert fast.method.kind == "curves"
    best = plan(network, 30, windows, warning=False).closed("end").to_numpy()
    np.testing.assert_allclose(best, fast.closed["end"], rtol=1e-9, atol=1e-9)


def two_destinations(**more: object) -> Network:
    legs = (leg("w", "0", "west", 1, 40.0), leg("e", "0", "east", 2, 40.0))
    return Network((Origin("0"),), legs, (Demand("west", 200.0), Demand("east", 200.0)), **more)  # type: ignore[arg-type]


def test_a_fleet_shared_by_two_destinations_is_flagged_as_a_bound_that_no_plan_beats():
    network = two_destinations(fleets=(Fleet("ships", 60.0, (("w", 2.0), ("e", 4.0))),))
    fast = closed(network, 20)
    assert not fast.method.exact
    assert "Only a bound" in fast.method.sentence
    assert "'ships'" in fast.method.sentence
    best = plan(network, 20, warning=False)
    gap = np.zeros(21)
    for place in network.destinations:
        short = fast.closed[place] - best.closed(place).to_numpy()
        assert short.min() >= -1e-9
        gap += short
    assert gap.max() > 1.0


def test_destinations_that_share_nothing_are_exact_each():
    network = two_destinations()
    fast, best = closed(network, 20), plan(network, 20, warning=False)
    assert fast.method.exact
    for place in network.destinations:
        np.testing.assert_allclose(best.closed(place), fast.closed[place], atol=1e-9)


def test_destinations_that_share_a_leg_go_to_the_planner_and_the_weight_decides():
    base = two_destinations()
    road = leg("port", "q", "0", 0, 30.0)
    network = replace(base, legs=(*base.legs, road), origins=(Origin("q"),))
    assert "share the leg 'port'" in method(network).sentence
    with pytest.raises(PlanError, match="share the leg 'port'"):
        closed(network, 20)
    west, east = network.demands
    favoured = replace(network, demands=(replace(west, weight=5.0), east))
    best = plan(favoured, 20, warning=False)
    assert best.closed("west")[5] == pytest.approx(120.0)
    assert best.closed("east")[8] == pytest.approx(0.0)
    assert best.weights["weight"].to_list() == [5.0, 1.0]
    assert "weights decide" in best.sentence


@pytest.mark.parametrize(
    "change",
    [
        lambda n: replace(n, origins=(Origin("1"), *n.origins)),
        lambda n: replace(n, legs=(*n.legs, leg("x", "0", "2", 9, 3.0))),
        lambda n: replace(n, origins=(Origin("1", 25.0), *n.origins)),
        lambda n: replace(n, legs=tuple(replace(g, tonnes_per_day=11.0) for g in n.legs)),
        lambda n: replace(n, legs=tuple(replace(g, hours=24.0) for g in n.legs)),
    ],
    ids=["forward base", "another route", "forward stock", "capacity", "speed"],
)
def test_more_of_anything_shifts_the_curve_up_on_every_day(change):
    network, windows = tandem()
    before, after = closed(network, 40, windows), closed(change(network), 40, windows)
    assert np.all(after.closed["2"] >= before.closed["2"] - 1e-9)
    assert after.closed["2"].sum() > before.closed["2"].sum() + 1
    assert after.closed["2"].max() <= 150


def bottlenecks(seed: int) -> tuple[Network, tuple[Window, ...]]:
    """The shuttle with numbers that do not coincide, so that prices are unique."""
    base, windows = shuttle()
    rng = np.random.default_rng(seed)
    air = replace(base.legs[0], tonnes_per_day=float(rng.uniform(50, 70)))
    rail = leg("rail", "0", "1", 3, float(rng.uniform(3, 9)))
    lift = Fleet("aircraft", float(rng.uniform(70, 90)), (("air", 2.0),), vehicle=20.0)
    origins = (Origin("0", float(rng.uniform(290, 310))),)
    return replace(base, legs=(air, rail), fleets=(lift,), origins=origins), windows


@pytest.mark.parametrize("seed", [1, 2])
def test_the_price_of_a_slot_a_vehicle_and_a_tonne_is_what_one_more_of_it_gains(seed):
    network, windows = bottlenecks(seed)
    base = plan(network, 20, windows)
    small = 1e-3

    def gained(changed: Network) -> float:
        return (plan(changed, 20, windows, warning=False).tonne_days - base.tonne_days) / small

    def price(what: str, name: str) -> float:
        return float(base.values.filter(what=what, name=name)["tonne_days"][0])

    air, rail = network.legs
    stock, fleet = network.origins[0], network.fleets[0]
    more_stock = replace(network, origins=(replace(stock, tonnes=stock.tonnes + small),))
    assert price("stock", "cargo at 0") == pytest.approx(gained(more_stock), rel=1e-3)
    wider = replace(rail, tonnes_per_day=rail.tonnes_per_day + small)
    more_rail = replace(network, legs=(air, wider))
    assert price("slot", "rail") == pytest.approx(gained(more_rail), rel=1e-3)
    more_lift = replace(network, fleets=(replace(fleet, lift=fleet.lift + small),))
    assert price("vehicle", "aircraft") == pytest.approx(20 * gained(more_lift), rel=1e-3)
    assert min(price("stock", "cargo at 0"), price("slot", "rail")) > 1
    promised = network.demands[0].tonnes
    assert base.values["days_earlier"].to_list() == pytest.approx(
        (base.values["tonne_days"] / promised).to_list()
    )


def test_a_day_of_warning_is_worth_what_moving_a_day_earlier_gains():
    network, windows = tandem()
    best = plan(network, 40, windows)
    gain = float(best.values.filter(what="warning")["tonne_days"][0])
    # One more day of 6 t before the denied week: 6 t, a day earlier each day until day 33.
    fast = closed(network, 41, (Window("x", 7, 12),)).closed["2"]
    assert gain == pytest.approx(fast[2:].sum() - best.closed("2").sum(), abs=1e-6)
    assert gain > 150 / 6 * 6 - 6


def test_movements_name_leg_day_and_arrival_and_carry_what_closes():
    network, windows = tandem()
    best = plan(network, 40, windows, warning=False)
    second = best.movements.filter(leg="b")
    assert second["tonnes"].sum() == pytest.approx(150.0)
    assert second.filter(day=5)["arrives"].to_list() == [6.0]
    assert second.filter(pl.col("day").is_between(6, 10)).is_empty()
    assert best.movements["mode"].unique().to_list() == ["rail"]


def test_nothing_moves_for_nothing():
    circle = one(
        [
            leg("go", "0", "1", 1, 5.0),
            leg("round", "0", "2", 1, 5.0),
            leg("back", "2", "0", 1, 5.0),
        ],
        20.0,
        "1",
    )
    assert plan(circle, 10, warning=False).movements["leg"].unique().to_list() == ["go"]


def test_a_deadline_that_cannot_be_met_is_named_with_what_can_be_there():
    network, windows = tandem()
    late = replace(network, demands=(Demand("2", 150.0, by_day=20),))
    with pytest.raises(PlanError, match=r"deadline of day 20 for 150 tonnes.*72 can be there"):
        plan(late, 40, windows)
    met = replace(network, demands=(Demand("2", 150.0, by_day=33),))
    assert plan(met, 40, windows, warning=False).closed("2")[33] == pytest.approx(150.0)


@pytest.mark.parametrize("day", [0, -3, 20.5, math.nan, math.inf])
def test_a_deadline_that_no_grid_has_is_refused_and_never_passed_over(day):
    network, _ = tandem()
    with pytest.raises(PlanError, match=r"deadline of day \S+; it must be a whole day from 1 on"):
        plan(replace(network, demands=(Demand("2", 150.0, by_day=day),)), 40)


def test_a_deadline_beyond_the_grid_is_not_called_missed():
    network, _ = tandem()
    with pytest.raises(PlanError, match="day 41 at '2' lies beyond the 40 days"):
        plan(replace(network, demands=(Demand("2", 150.0, by_day=41),)), 40)


def test_a_deadline_missed_by_next_to_nothing_still_has_a_sentence():
    network = one([leg("a", "0", "1", 1, 1e5)], 1e6, "1")
    late = replace(network, demands=(Demand("1", 1e6 + 1e-4, by_day=11),))
    with pytest.raises(PlanError, match="less than a billionth"):
        plan(late, 20)


@pytest.mark.parametrize("seconds", [0, -1.0, math.nan])
def test_no_time_is_not_taken_for_all_the_time(seconds):
    with pytest.raises(PlanError, match=f"not {seconds} seconds"):
        plan(tandem()[0], 40, seconds=seconds)


def test_stock_at_the_destination_counts_and_shortest_paths_do_not_answer_for_it():
    base, _ = tandem()
    network = replace(base, origins=(*base.origins, Origin("2", 30.0, ready=1)))
    assert method(network).kind == "curves"
    best = plan(network, 40, warning=False).closed("2").to_numpy()
    assert best[:3].tolist() == pytest.approx([0, 0, 30])
    np.testing.assert_allclose(best, closed(network, 40).closed["2"], rtol=1e-9, atol=1e-9)
    with pytest.raises(PlanError, match="stands at the destination already"):
        envelope(network)


def test_a_solver_out_of_time_reports_the_best_bound():
    network = meshed(np.random.default_rng(1))
    with pytest.raises(PlanError, match=r"within 0 s\. Not more than [\d,]+ tonnes"):
        plan(network, 60, seconds=1e-9)


def test_every_set_of_deniers_is_looked_up_as_if_it_were_solved_alone():
    network = meshed(np.random.default_rng(3))
    table = denied_table(network, 60)
    assert table.rates.shape[0] == 2 ** len(network.deniers) == 8
    for index in (0, 3, 7):
        names = {d for i, d in enumerate(network.deniers) if index >> i & 1}
        alone = envelope(denying(network, names), 60)
        for day in (5.0, 12.5, 30.0):
            looked_up = curve.filled(
                jnp.asarray(table.rates[index]), jnp.asarray(table.latencies[index]),
                jnp.asarray(day),
            )  # fmt: skip
            expected = alone.cuts[0][0] + sum(
                p.rate * max(day - p.latency, 0) for p in alone.cuts[0][1]
            )
            assert float(looked_up) == pytest.approx(expected, abs=1e-9)


def test_all_denied_closes_nothing_and_says_so_with_zeros():
    network, _ = tandem()
    forever = (Window("x", -math.inf, math.inf),)
    assert closed(network, 20, forever).closed["2"].tolist() == [0.0] * 21
    best = plan(network, 20, forever, warning=False)
    assert best.closed("2").to_list() == [0.0] * 21
    assert best.movements.is_empty() or set(best.movements["leg"]) <= {"a"}
    assert envelope(denying(network, {"x"})).closes_on(1.0) == math.inf


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda n: replace(n, demands=(Demand("nowhere", 5.0),)), "No legs lead 'cargo'"),
        (lambda n: replace(n, demands=(Demand("2", 5.0, "tents"),)), "No origin holds 'tents'"),
        (lambda n: replace(n, legs=(leg("a", "0", "2", 1, -4.0),)), "-4.0 tonnes a day"),
        (lambda n: replace(n, legs=(leg("a", "0", "2", -1, 4.0),)), "-24.0 hours"),
        (lambda n: replace(n, legs=(leg("a", "0", "2", 1, math.nan),)), "nan tonnes a day"),
        (lambda n: replace(n, legs=(*n.legs, leg("a", "0", "2", 1, 1.0))), "are called 'a'"),
        (lambda n: replace(n, legs=(*n.legs, leg("r", "1", "1", 1, 1.0))), "starts and ends"),
        (lambda n: replace(n, demands=(Demand("2", math.inf),)), "and finite"),
        (lambda n: replace(n, demands=(Demand("2", 0.0),)), "Nothing is demanded"),
        (lambda n: replace(n, demands=(Demand("2", 5.0, weight=0.0),)), "No demand counts"),
        (lambda n: replace(n, origins=(Origin("0", ready=-1),)), "ready day must be 0 or more"),
        (lambda n: replace(n, fleets=(Fleet("f", 9.0, (("z", 1.0),)),)), "no such leg"),
        (lambda n: replace(n, fleets=(Fleet("f", 9.0, (("a", 0.0),)),)), "every cycle above 0"),
        (
            lambda n: replace(n, legs=(leg("x", "0", "2", 0, 1.0), leg("y", "2", "0", 0, 1.0))),
            "go round in no time on the legs 'x', 'y'",
        ),
    ],
)
def test_a_network_that_makes_no_sense_is_refused_in_a_sentence(change, sentence):
    network, _ = tandem()
    for answer in (lambda n: closed(n, 10), lambda n: plan(n, 10), envelope):
        with pytest.raises(PlanError, match=sentence):
            answer(change(network))


def test_all_that_is_wrong_is_said_at_once():
    network, _ = tandem()
    wrong = replace(network, legs=(leg("a", "0", "2", -1, -4.0),), demands=(Demand("2", -1.0),))
    with pytest.raises(PlanError) as caught:
        closed(wrong, 10, (Window("nobody", 1, 2),))
    assert len(str(caught.value).splitlines()) == 5


def test_a_route_without_any_limit_is_refused():
    with pytest.raises(PlanError, match="no limit on its tonnes a day"):
        envelope(one([leg("a", "0", "1", 1, math.inf)], 5.0, "1"))


def test_ten_thousand_places_are_answered_fast_or_refused_and_nothing_hangs():
    rng = np.random.default_rng(7)
    places = 10_000
    legs = [leg(f"s{i}", str(i), str(i + 1), 0.001, 50.0) for i in range(places - 1)]
    ends = rng.integers(0, places, (places, 2))
    legs += [
        leg(f"r{i}", str(a), str(b), float(rng.uniform(0.1, 5)), float(rng.uniform(1, 9)))
        for i, (a, b) in enumerate(ends)
        if a != b
    ]
    network = one(legs, 5000.0, str(places - 1))
    found = envelope(network, horizon=8.0, seconds=0.5)
    assert found.closed_by([8.0])[0] > 0
    with pytest.raises(PlanError, match="unknowns, more than 500,000"):
        plan(network, 90)
