"""Published planning factors: from vehicles, slots and distances to tonnes a day and days.

Plain arithmetic on floats. Tonnes are whatever the inputs are in: a payload in short tons gives
short tons. What is marked *unverified* was written from knowledge of the manual named, whose page
was not read for this: the formula is tested as arithmetic, not against the manual's own example.

Sources read:
    TR0603, Rail Operations Planning, edition 3, US Army Transportation School.
    ST 100-3, chapter 8 section I (road march), US Army Command and General Staff College.
    JP 4-01.5, Joint Terminal Operations, p. II-4.
    POPS port throughput, Military Traffic Management Command (ADA055535).
    CARE Emergency Toolkit 5.3.1 (trucks).
Not read: AFPAM 10-1403, Air Mobility Planning Factors; FM 55-10 appendix E.
Stucker et al., RAND MR-700 (1998), warn that standard ground times and aircraft on the ground are
too optimistic: an airfield's capacity is not one number. Give it a wide range.
"""

import math
from collections.abc import Sequence

Number = int | float

# --- Rail ---------------------------------------------------------------------------------------


def usable_passing_tracks(miles: Sequence[Number], apart: Number = 5.0) -> int:
    """Passing tracks that count: one nearer than `apart` to its predecessor is ignored.

    Args:
        miles: distance of each track from the start of the division, rising.
        apart: least distance in the same unit.

    The predecessor is the track before it on the line, itself counted or not. Source: TR0603 p. 20.

    >>> usable_passing_tracks([7, 15, 18, 30])
    3
    """
    before = [-math.inf, *miles[:-1]]
    return sum(here - last >= apart for here, last in zip(miles, before, strict=True))


def train_density(passing_tracks: int, mph: Number, miles: Number) -> Number:
    """Trains a day each way on a single track: TD = (NT + 1) / 2 x 24 S / LD.

    Args:
        passing_tracks: NT, usable ones.
        mph: S, average speed.
        miles: LD, length of the division.

    Source: TR0603 p. 19-21, which gives 10 (single track) and 30 (double) as rules of thumb.
    """
    return (passing_tracks + 1) / 2 * 24 * mph / miles


def net_trainload(gross_trailing_load: Number) -> int:
    """Tons of cargo on a train: half of the gross trailing load, halves rounded up.

    Source: TR0603 p. 25.
    """
    return math.floor(0.5 * gross_trailing_load + 0.5)


def division_tonnage(trainload: Number, density: Number, other_trains: Number = 0.0) -> Number:
    """Tons a day over one division: NDT = NTL x (TD - passenger and troop trains).

    Source: TR0603 p. 22 and 25. Not below 0.
    """
    return trainload * max(density - other_trains, 0.0)


def end_delivery(divisions: Sequence[Number]) -> Number:
    """Tons a day at the railhead: the least division tonnage, the bottleneck. TR0603 p. 22."""
    return min(divisions)


def running_hours(miles: Number, mph: Number) -> int:
    """Hours to run a division, rounded up. Source: TR0603 p. 38 (110 miles at 8 mph: 14)."""
    return math.ceil(miles / mph)


def road_engines(density: Number, running: Number, terminal: Number) -> Number:
    """Engines for the road: TD x (RT + TT) / 24 x 2 x 1.2, the last for those under repair.

    Args:
        density: TD, trains a day.
        running: RT, hours over the division.
        terminal: TT, hours at the terminal; 3 for diesel engines is *unverified*.

    Source: TR0603 p. 36-38. Not rounded.
    """
    return density * (running + terminal) / 24 * 2 * 1.2


def rolling_stock(cars_a_day: Number, turnaround: Number) -> Number:
    """Cars: one day's dispatch x turnaround days x 1.1. Source: TR0603 p. 36-42."""
    return cars_a_day * turnaround * 1.1


# --- Road ---------------------------------------------------------------------------------------


def road_space(vehicles: Number, per_km: Number) -> Number:
    """Km of road that a column fills: vehicles / density. Source: ST 100-3 8-1."""
    return vehicles / per_km


def pass_time(km: Number, kmh: Number) -> Number:
    """Hours for a column of `km` to pass a point: space / speed. Source: ST 100-3 8-1."""
    return km / kmh


def road_density(interval: Number, vehicle: Number = 0.0) -> Number:
    """Vehicles per km: 1000 / (interval + vehicle length), both in metres.

    The vehicle's length is *unverified* (FM 55-10 appendix E); ST 100-3 leaves it out.
    """
    return 1000.0 / (interval + vehicle)


def road_clearance(distance: Number, column: Number, vehicles: Number, kmh: Number) -> Number:
    """Hours from the first vehicle's start to the last one's arrival.

    distance time + pass time + EXTAL, one minute for every 25 vehicles. *Unverified*: FM 55-10
    appendix E.

    Args:
        distance: km of the march.
        column: km of road that the column fills.
        vehicles: number in the column.
        kmh: rate of march, short halts included.
    """
    return distance / kmh + pass_time(column, kmh) + vehicles / 25 / 60


def trucks(tonnes: Number, capacity: Number, round_trip: Number, period: Number) -> int:
    """Trucks to move `tonnes` in a period: loads / trips, both whole.

    Args:
        tonnes: cargo.
        capacity: tonnes on a truck.
        round_trip: hours with loading and unloading; a quarter more is kept as contingency.
        period: hours available.

    Raises:
        ValueError: if not one round trip fits into the period.

    Source: CARE Emergency Toolkit 5.3.1.
    """
    trips = math.floor(period / (round_trip * 1.25))
    if trips < 1:
        raise ValueError(
            f"a round trip of {round_trip} hours, and a quarter more, does not fit into {period}"
        )
    return math.ceil(math.ceil(tonnes / capacity) / trips)


# --- Air ----------------------------------------------------------------------------------------


def airlift_rate(aircraft: Number, payload: Number, use: Number, round_trip: Number) -> Number:
    """Tonnes a day that a fleet can fly: N P use / RTFT. *Unverified*: AFPAM 10-1403.

    Args:
        aircraft: N.
        payload: P, average tonnes a sortie.
        use: flying hours a day and aircraft.
        round_trip: RTFT, flying hours there and back.
    """
    return aircraft * payload * use / round_trip


def airfield_rate(
    on_ground: Number, payload: Number, ground: Number, hours: Number = 24.0, queuing: Number = 0.85
) -> Number:
    """Tonnes a day through an airfield: MOG P hours / ground time x 0.85.

    *Unverified*: AFPAM 10-1403.

    Args:
        on_ground: MOG, aircraft that can be worked at once.
        payload: P, tonnes an aircraft.
        ground: hours an aircraft stands.
        hours: operating hours a day.
        queuing: queuing efficiency, in (0, 1].
    """
    return on_ground * payload * hours / ground * queuing


def airfield_hours(aircraft: int, on_ground: int, ground: Number) -> Number:
    """Hours to work aircraft that have all come at once, `on_ground` at a time."""
    return math.ceil(aircraft / on_ground) * ground


def waves_closed(tonnes: Number, lifted: Number, one_way: Number, cycle: Number) -> Number:
    """Days to close by a fleet that leaves all at once: L + (waves - 1) x cycle.

    Args:
        tonnes: cargo.
        lifted: tonnes the whole fleet carries in one wave.
        one_way: days of the first leg.
        cycle: days between waves.

    The constant-rate form L + Q / rate is later than this by at most one cycle.
    """
    waves = math.ceil(tonnes / lifted)
    return one_way + (waves - 1) * cycle if waves else 0.0


def latency_of(tonnes: Number, by_day: Number, rate: Number) -> Number:
    """The latency L that a published pair implies: F(t) = r (t - L) solved for L, in days."""
    return by_day - tonnes / rate


# --- Sea and ports ------------------------------------------------------------------------------


def sail_days(miles: Number, knots: Number, load: Number, unload: Number) -> Number:
    """Days from the start of loading to the end of unloading.

    Args:
        miles: nautical miles.
        knots: speed.
        load: hours of loading.
        unload: hours of unloading.
    """
    return (load + miles / knots + unload) / 24


def terminal_rate(ship: Number, staging: Number, clearance: Number) -> Number:
    """Tonnes a day of one terminal: its weakest link. Source: POPS (ADA055535).

    A terminal's working day is 20 hours: two 10-hour shifts (JP 4-01.5 p. II-4).
    """
    return min(ship, staging, clearance)


def port_rate(terminals: Sequence[Number]) -> Number:
    """Tonnes a day of a port: the sum over its terminals. Source: POPS (ADA055535)."""
    return sum(terminals)
