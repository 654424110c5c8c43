"""Help on its way as part of a world: which share is there on the day that decides."""

import math
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from foedus.case.read import read_text
from foedus.case.schema import Case
from foedus.engine import arriving
from foedus.engine.many import play
from foedus.engine.reading import bound
from foedus.engine.year import Standing
from foedus.worlds.model import Model
from foedus.worlds.points import unit_rows, values
from foedus.worlds.world import world

TEXT = (Path(__file__).parent / "break-even.yaml").read_text()
# Two brigades of 5,000 t promised; a road takes 1,000 t a day.
ROUTES = """
deniers:
  transit: {says: A state between.}
routes:
  road: {says: A road., mode: road, stages: {crossing: {denied_by: transit}}}
  tunnel: {says: A tunnel to come., mode: rail, planned: true, stages: {bore: {}}}
theories:
"""
NUMBERS = """
assumptions:
  arrival.closure.per_brigade: {exactly: 5000, unit: t/brigade, source: made}
  arrival.closure.reception: {exactly: 100000, unit: t/day, source: made}
  arrival.closure.stock: {exactly: 0, unit: t, source: made}
  arrival.closure.issue: {exactly: 0, unit: t/day, source: made}
  arrival.closure.at_base: {exactly: 0, unit: t, source: made}
  route.road.crossing.rate: {exactly: 1000, unit: t/day, source: made}
  route.road.crossing.hours: {exactly: 0, unit: hours, source: made}
  route.tunnel.bore.rate: {exactly: 100000, unit: t/day, source: made}
  route.tunnel.bore.hours: {exactly: 0, unit: hours, source: made}
  route.tunnel.opens: {exactly: 2100, unit: year, source: made}
  denial.transit.stance: {exactly: allows, unit: stance, source: made}
  denial.transit.from: {exactly: 2, unit: days, source: made}
  denial.transit.lasts: {exactly: 6, unit: days, source: made}
  denial.transit.left: {exactly: 0, unit: "1", source: made}
"""
CLOSURE = (
    ("arrival: [lognormal]", "arrival: [closure]"),
    ("theories:\n", ROUTES[1:]),
    ("assumptions:\n", NUMBERS[1:]),
    ("timing.decided: {exactly: 1000,", "timing.decided: {exactly: 4,"),
)


def case(*edits: tuple[str, str]) -> Case:
    text = TEXT
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    return read_text(text, "test.yaml")


def row(c: Case, option: int) -> tuple[Model, np.ndarray]:
    model = bound(c)
    return model, values(c, model, unit_rows(len(model.columns), 0, 1, 0))[option, 0]


def stands(
    *edits: tuple[str, str], option: int = 0, year: float = 0.0, threat: int = 0
) -> Standing:
    """What holds in a year of the one world of a case whose numbers are all known."""
    model, numbers = row(case(*CLOSURE, *edits), option)

    def found(numbers: jax.Array) -> Standing:
        phases = arriving.standings(model, world(model, numbers, jnp.ones(4)))
        mine = jax.tree.map(lambda leaf: leaf[threat], phases)
        return arriving.in_year(mine, jnp.asarray(float(year)))

    with jax.enable_x64(True):
        return jax.tree.map(float_or_list, jax.jit(found)(jnp.asarray(numbers)))


def float_or_list(leaf: jax.Array) -> object:
    return leaf.tolist()


def exactly(name: str, value: str, new: str) -> tuple[str, str]:
    return f"{name}: {{exactly: {value},", f"{name}: {{exactly: {new},"


SPREAD = exactly("timing.decided_spread", "0.01", "0.5")


def test_a_road_of_1000_tonnes_a_day_brings_two_fifths_by_day_4() -> None:
    found = stands()
    assert found.arrived == pytest.approx(0.4, abs=1e-3)
    assert found.half == pytest.approx(5)
    assert found.most == pytest.approx(9)
    assert found.late == pytest.approx(1, abs=1e-2)


def test_help_is_in_time_where_the_deciding_day_comes_after_half_of_it() -> None:
    # Half is there on day 5: P(T >= 5) for ln T ~ N(ln 4, 0.5).
    odds = 0.5 * math.erfc(math.log(5 / 4) / 0.5 / math.sqrt(2))
    assert stands(SPREAD).in_time == pytest.approx(odds, rel=1e-9)


def test_warning_brings_help_forward_and_the_decision_puts_it_off() -> None:
    early = stands(exactly("timing.warning", "0", "3"), exactly("timing.decision", "0", "1"))
    assert early.half == pytest.approx(3)
    assert stands(exactly("timing.decision", "0", "2.5")).half == pytest.approx(7.5)


def test_help_that_is_there_before_day_0_is_in_time() -> None:
    early = stands(exactly("timing.warning", "0", "12"))
    assert (early.half, early.late) == (0, 0)
    assert early.in_time == pytest.approx(1)


def test_help_that_never_comes_is_counted_to_the_last_day() -> None:
    never = stands(exactly("route.road.crossing.rate", "1000", "0"))
    assert never.arrived == 0
    assert never.in_time < 1e-12
    assert (never.half, never.most) == (120, 120)


def test_a_transit_state_that_denies_holds_up_what_has_not_passed() -> None:
    denied = stands(exactly("denial.transit.stance", "allows", "denies"))
    assert denied.arrived == pytest.approx(0.2, abs=1e-3)  # days 0 and 1; shut on days 2 to 7
    assert denied.half == pytest.approx(11)


def test_a_route_carries_from_the_year_in_which_it_opens() -> None:
    opens = exactly("route.tunnel.opens", "2100", "2033")
    assert stands(opens, year=2).arrived == pytest.approx(0.4, abs=1e-3)
    assert stands(opens, year=3).arrived == pytest.approx(1)


WITH_STORES = (
    "{base.troops: {exactly: 1000,",
    "{base.delay: {exactly: 2, unit: years, source: made}, arrival.closure.at_base: "
    "{exactly: 3000, unit: t, source: made}, base.troops: {exactly: 1000,",
)


def test_stores_at_a_base_are_there_once_it_is_open() -> None:
    found = [stands(WITH_STORES, option=1, year=year).arrived for year in (0, 1, 2, 3)]
    assert found == pytest.approx([0.4, 0.4, 0.7, 0.7], abs=1e-3)
    assert stands(WITH_STORES, option=0, year=3).arrived == pytest.approx(0.4, abs=1e-3)


@pytest.mark.parametrize(("opens", "share"), [("2031", [0.4, 1, 1]), ("2040", [0.4, 0.4, 0.7])])
def test_openings_count_from_their_own_years_in_any_order(opens: str, share: list[float]) -> None:
    edit = exactly("route.tunnel.opens", "2100", opens)
    found = [stands(WITH_STORES, edit, option=1, year=year).arrived for year in (0, 1, 2)]
    assert found == pytest.approx(share, abs=1e-3)


def test_prepositioned_stock_is_issued_beside_what_the_road_brings() -> None:
    stock = exactly("arrival.closure.stock", "0", "1500")
    issue = exactly("arrival.closure.issue", "0", "500")
    assert stands(stock, issue).arrived == pytest.approx((4 + 1.5) / 10, abs=1e-3)


FAR = (
    ("distance: [none]", "distance: [fades]"),
    (
        "assumptions:\n",
        "assumptions:\n  distance.fades.distance: {exactly: 1000, unit: km, source: made}\n"
        "  distance.fades.length: {exactly: 1000, unit: km, source: made}\n",
    ),
)


def test_travel_is_counted_once_so_distance_takes_nothing_from_help_that_has_closed() -> None:
    assert stands(*FAR).promised == 2
    model, numbers = row(case(*FAR), 0)  # believes in a log-normal day
    with jax.enable_x64(True):
        phases = arriving.standings(model, world(model, jnp.asarray(numbers), jnp.ones(4)))
    assert float(phases.stands.promised[0, 0]) == pytest.approx(2 / math.e)


def test_fronts_served_alike_give_what_each_gives_by_itself() -> None:
    own = (
        "assumptions:\n",
        "assumptions:\n  timing.warning.T: {exactly: 2, unit: days, source: made}\n",
    )
    ways = bound(case(*CLOSURE)).routes, bound(case(*CLOSURE, own)).routes
    assert [each is not None and each.one_front for each in ways] == [True, False]
    assert stands(exactly("timing.warning", "0", "2")) == stands(own)


def test_a_helper_outside_the_alliance_comes_on_ways_of_its_own() -> None:
    third = (
        ("Helper: {name: Helper}}", "Helper: {name: Helper}, Friend: {name: Friend}}"),
        (
            "rivals: false}}",
            "rivals: false}, U: {challenger: Host, target: Rival, helper: Friend, rivals: false}}",
        ),
        (
            "assumptions:\n",
            "assumptions:\n  forces.Friend: {exactly: 1, unit: brigades, source: made}\n",
        ),
        exactly("timing.travel", "0.1", "2.5"),
    )
    assert stands(*third, threat=0).half == pytest.approx(5)
    assert stands(*third, threat=1).half == pytest.approx(2.5)


def test_the_table_keeps_what_arrived_year_by_year() -> None:
    years = ("years: [2030, 2030]", "years: [2030, 2033]")
    c = case(*CLOSURE, years, exactly("route.tunnel.opens", "2100", "2033"), SPREAD)
    model = bound(c)
    found = play(c, model, values(c, model, unit_rows(len(model.columns), 0, 1, 0)))
    assert found["sound"].all()
    half = found["days_to_half"][0, 0]
    # All of it comes on day 0 of the last year, evenly over that day.
    assert half == pytest.approx((3 * 5 + 0.5) / 4)
    assert 0 < found["days_late"][0, 0] < 2
