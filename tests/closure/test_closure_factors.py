"""Planning factors against the numbers their sources print."""

import math

import pytest

from foedus.closure import factors

TRACKS = [7, 15, 21, 27, 31, 37, 45, 53, 60, 66, 74, 81, 85, 91, 97, 103]


def test_the_rail_course_counts_fourteen_of_its_sixteen_passing_tracks():
    assert factors.usable_passing_tracks(TRACKS) == 14


def test_fourteen_passing_tracks_on_110_miles_at_10_mph_pass_16_trains_a_day():
    assert factors.train_density(14, 10, 110) == pytest.approx(16.36, abs=0.01)


def test_a_gross_trailing_load_of_837_tons_carries_419():
    assert factors.net_trainload(837) == 419


@pytest.mark.parametrize(
    ("trainload", "density", "others", "tons"),
    [(419, 15, 0, 6285), (383, 17, 0, 6511), (383, 17, 4, 4979)],
)
def test_division_tonnage_is_the_rail_course_s(trainload, density, others, tons):
    assert factors.division_tonnage(trainload, density, others) == tons


def test_the_weakest_division_sets_what_the_railhead_gets():
    assert factors.end_delivery([6511, 4979, 6285]) == 4979


def test_110_miles_at_8_mph_take_14_hours():
    assert factors.running_hours(110, 8) == 14


def test_seven_trains_a_day_need_twelve_road_engines():
    assert factors.road_engines(7, 14, 3) == pytest.approx(11.9, abs=0.05)
    assert math.ceil(factors.road_engines(7, 14, 3)) == 12


def test_25_000_vehicles_at_100_metres_fill_2_500_km_and_pass_in_more_than_four_days():
    space = factors.road_space(25_000, factors.road_density(100))
    assert space == pytest.approx(2500)
    assert factors.pass_time(space, 25) == pytest.approx(100)
    assert 4 < factors.pass_time(space, 25) / 24 < 4.2


def test_eight_routes_cut_it_to_ten_and_a_half_hours():
    # The source prints 320 km for 2,500 / 8 and 10.5 hours for 320 / 30.
    assert factors.pass_time(320, 30) == pytest.approx(10.5, rel=0.02)


def test_a_column_of_155_km_passes_in_just_over_five_hours():
    assert 5 < factors.pass_time(155, 30) < 5.25


def test_twenty_one_c17s_deliver_1_400_tons_in_six_days_then_350_a_day():
    # As quoted from CBO (2005): the latency is implied by the two numbers.
    assert factors.latency_of(1400, 6, 350) == 2.0
    # Payload 45 and 12.5 flying hours a day are unverified planning values.
    assert factors.airlift_rate(21, 45, 12.5, 33.75) == pytest.approx(350, rel=0.05)


def test_a_stryker_brigade_by_air_takes_five_to_fourteen_days_at_eight_to_two_parking_spots():
    # GAO-03-801 gives 5 to 14 days; 13,000 tons from day 1 on imply these airfields.
    for days, spots in ((5, 8.0), (14, 2.45)):
        rate = 13_000 / (days - 1)
        assert factors.airfield_rate(spots, 45, 2.25) == pytest.approx(rate, rel=0.02)


@pytest.mark.parametrize(("spots", "tons"), [(2, 816), (4, 1632), (6, 2448)])
def test_airfield_throughput_formula(spots, tons):
    assert factors.airfield_rate(spots, 45, 2.25) == pytest.approx(tons)


def test_fifty_aircraft_three_at_a_time_are_worked_in_38_and_a_quarter_hours():
    assert factors.airfield_hours(50, 3, 2.25) == 38.25


def test_a_fleet_that_leaves_in_waves_closes_after_nine_and_a_half_days():
    assert factors.waves_closed(3000, 300, 0.5, 1.0) == 9.5
    assert factors.waves_closed(0, 300, 0.5, 1.0) == 0


@pytest.mark.parametrize("tonnes", [1, 299, 300, 301, 2950, 3000])
def test_the_constant_rate_is_late_by_at_most_one_cycle(tonnes):
    constant = 0.5 + tonnes / 300
    assert 0 <= constant - factors.waves_closed(tonnes, 300, 0.5, 1.0) <= 1


@pytest.mark.parametrize(("knots", "days"), [(24, 11.32), (25, 11.0)])
def test_a_stryker_brigade_by_sea_takes_about_eleven_days(knots, days):
    assert factors.sail_days(4600, knots, 40, 40) == pytest.approx(days, abs=0.01)
    assert factors.sail_days(4600, knots, 40, 40) == pytest.approx(11, rel=0.05)


def test_a_port_is_the_sum_of_the_weakest_links_of_its_terminals():
    terminals = [factors.terminal_rate(900, 500, 700), factors.terminal_rate(300, 500, 400)]
    assert factors.port_rate(terminals) == 800


def test_trucks_make_whole_trips_with_whole_loads():
    assert factors.trucks(100, 10, 4, 10) == 5  # two trips in ten hours, ten loads
    with pytest.raises(ValueError, match="does not fit"):
        factors.trucks(100, 10, 9, 10)


def test_stock_of_cars_and_clearance_of_a_road_are_their_formulas():
    assert factors.rolling_stock(100, 6) == pytest.approx(660)
    assert factors.road_clearance(300, 50, 250, 25) == pytest.approx(12 + 2 + 1 / 6)
