"""What is wrong with a network, all of it at once."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from foedus.closure.network import Network, Number, Window, reach
from foedus.errors import PlanError


def check(network: Network, windows: Iterable[Window] = ()) -> None:
    """Refuse a network that makes no sense, with every reason at once.

    Raises:
        PlanError: one sentence a problem: duplicate or unknown names, negative or missing
            numbers, no demand, a circle of legs that takes no time, an unreachable destination.
    """
    problems = [
        *_numbers(network, tuple(windows)),
        *_names(network, tuple(windows)),
        *_timeless_circle(network),
    ]
    if not problems:
        problems = list(_unreachable(network))
    if problems:
        raise PlanError("\n".join(problems))


def _bad(value: Number, finite: bool = False) -> bool:
    return math.isnan(value) or value < 0 or (finite and math.isinf(value))


def _whole_from_1(day: Number) -> bool:
    return day >= 1 and float(day).is_integer()


def _numbers(network: Network, windows: tuple[Window, ...]) -> Iterator[str]:
    for leg in network.legs:
        if _bad(leg.tonnes_per_day):
            yield f"Leg '{leg.name}': {leg.tonnes_per_day} tonnes a day; it must be 0 or more."
        if _bad(leg.hours, finite=True):
            yield f"Leg '{leg.name}': {leg.hours} hours; it must be 0 or more, and finite."
    for hub in network.hubs:
        if _bad(hub.tonnes_per_day):
            yield f"Hub '{hub.at}': {hub.tonnes_per_day} tonnes a day; it must be 0 or more."
    for origin in network.origins:
        if _bad(origin.tonnes) or origin.ready < 0:
            yield f"Origin '{origin.at}': tonnes and ready day must be 0 or more."
    for demand in network.demands:
        if _bad(demand.tonnes, finite=True) or _bad(demand.weight, finite=True):
            yield f"Demand at '{demand.at}': tonnes and weight must be 0 or more, and finite."
        if demand.by_day is not None and not _whole_from_1(demand.by_day):
            yield (
                f"Demand at '{demand.at}': deadline of day {demand.by_day}; it must be a whole day "
                "from 1 on, for by day 0 nothing has moved."
            )
    for fleet in network.fleets:
        if _bad(fleet.lift) or any(not 0 < days < math.inf for _, days in fleet.cycles):
            yield f"Fleet '{fleet.name}': lift must be 0 or more and every cycle above 0 days."
    for window in windows:
        if not 0 <= window.left <= 1 or math.isnan(window.start) or math.isnan(window.end):
            yield f"Window of '{window.denier}': needs a start, an end and a share left in 0 to 1."
    if sum(d.tonnes for d in network.demands) <= 0:
        yield "Nothing is demanded: at least one demand must have more than 0 tonnes."
    elif sum(d.tonnes * d.weight for d in network.demands) <= 0:
        yield "No demand counts: at least one must have a weight above 0."


def _names(network: Network, windows: tuple[Window, ...]) -> Iterator[str]:
    names = Counter([leg.name for leg in network.legs] + [hub.at for hub in network.hubs])
    for name in sorted(name for name, times in names.items() if times > 1):
        yield f"Two legs or hubs are called '{name}': every name must be its own."
    known = {leg.name for leg in network.legs}
    for fleet in network.fleets:
        for name, _ in fleet.cycles:
            if name not in known:
                yield f"Fleet '{fleet.name}' serves leg '{name}', and there is no such leg."
    for leg in network.legs:
        if leg.start == leg.end:
            yield f"Leg '{leg.name}' starts and ends at '{leg.start}'."
    for window in windows:
        if window.denier not in network.deniers:
            yield f"A window names '{window.denier}', who can deny no leg or hub."


def _timeless_circle(network: Network) -> Iterator[str]:
    """Kahn's algorithm on the legs without hours: what cannot be taken off lies on a circle."""
    onward = defaultdict(list)
    entering: dict[str, int] = defaultdict(int)
    for leg in network.legs:
        if leg.hours == 0:
            onward[leg.start].append(leg)
            entering[leg.end] += 1
    free = [place for place in list(onward) if not entering[place]]
    while free:
        for leg in onward.pop(free.pop(), ()):
            entering[leg.end] -= 1
            if not entering[leg.end]:
                free.append(leg.end)
    circle = [leg.name for legs in onward.values() for leg in legs if onward.get(leg.end)]
    if circle:
        yield (
            f"Cargo could go round in no time on the legs {', '.join(map(repr, circle[:6]))}: "
            "give at least one of them hours."
        )


def _unreachable(network: Network) -> Iterator[str]:
    for demand in network.demands:
        if not demand.tonnes:
            continue
        starts = [o.at for o in network.origins if o.cargo == demand.cargo and o.tonnes > 0]
        if not starts:
            yield f"No origin holds '{demand.cargo}', which is demanded at '{demand.at}'."
        elif demand.at not in reach(network, starts, demand.cargo):
            yield f"No legs lead '{demand.cargo}' from its origins to '{demand.at}'."
