"""Networks of help on the move: origins, legs, hubs, fleets, demands. Plain data.

A leg is a stage and a transit: `tonnes_per_day` may enter it, and what has entered is at its end
`hours` later. A hub limits what passes a place. Whoever can deny a leg or hub is named in
`denied_by`; a `Window` says when, and how much is left.
"""

import heapq
import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

Number = int | float


class Mode(StrEnum):
    """How a leg is travelled. Nothing is computed from it; tables and charts show it."""

    AIR = "air"
    RAIL = "rail"
    ROAD = "road"
    SEA = "sea"
    HANDLING = "handling"


@dataclass(frozen=True)
class Origin:
    """A stock that waits to be moved."""

    at: str
    tonnes: Number = math.inf
    cargo: str = "cargo"
    ready: int = 0  # day from which it can move, >= 0


@dataclass(frozen=True)
class Leg:
    """A stage and the transit behind it."""

    name: str
    start: str
    end: str
    mode: Mode
    hours: Number  # of transit, >= 0
    tonnes_per_day: Number  # that may enter, >= 0; infinite is allowed
    denied_by: tuple[str, ...] = ()
    only: tuple[str, ...] = ()  # kinds of cargo it can carry; empty: all
    slot: Number = 1.0  # tonnes of one slot (train, sortie), for the value of one more

    @property
    def days(self) -> float:
        """Transit in days."""
        return self.hours / 24.0

    def carries(self, cargo: str) -> bool:
        """Whether this kind of cargo may enter."""
        return not self.only or cargo in self.only


@dataclass(frozen=True)
class Hub:
    """A limit on what passes a place on its way out, or is received there."""

    at: str
    tonnes_per_day: Number
    denied_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fleet:
    """Vehicles without which nothing moves on the legs named."""

    name: str
    lift: Number  # tonnes of all vehicles together in one trip
    cycles: tuple[tuple[str, Number], ...]  # leg, days until a vehicle can start again (> 0)
    vehicle: Number = 1.0  # tonnes of one vehicle, for the value of one more


@dataclass(frozen=True)
class Demand:
    """What is promised to a place."""

    at: str
    tonnes: Number
    cargo: str = "cargo"
    weight: Number = 1.0  # priority: of one tonne-day against another's
    by_day: Number | None = None  # all of it must have closed by then


@dataclass(frozen=True)
class Window:
    """When one who can deny legs does so: from day `start` to day `end`, `left` remains."""

    denier: str
    start: Number
    end: Number
    left: Number = 0.0


@dataclass(frozen=True)
class Network:
    """Everything about the movement but the windows, which belong to a world."""

    origins: tuple[Origin, ...]
    legs: tuple[Leg, ...]
    demands: tuple[Demand, ...]
    hubs: tuple[Hub, ...] = ()
    fleets: tuple[Fleet, ...] = ()

    @property
    def destinations(self) -> tuple[str, ...]:
        """Places with a demand, in order."""
        return tuple(dict.fromkeys(d.at for d in self.demands))

    @property
    def cargoes(self) -> tuple[str, ...]:
        """Kinds of cargo that are demanded, in order."""
        return tuple(dict.fromkeys(d.cargo for d in self.demands))

    @property
    def deniers(self) -> tuple[str, ...]:
        """Who can deny a leg or a hub, sorted."""
        of_legs = {name for leg in self.legs for name in leg.denied_by}
        return tuple(sorted(of_legs | {name for hub in self.hubs for name in hub.denied_by}))


def without_hubs(network: Network) -> Network:
    """The same network with every hub written as a leg without hours.

    Legs from a hub, and demands there, start behind it.
    """
    inside = {hub.at: f"{hub.at}, handled" for hub in network.hubs}
    handling = [
        Leg(hub.at, hub.at, inside[hub.at], Mode.HANDLING, 0.0, hub.tonnes_per_day, hub.denied_by)
        for hub in network.hubs
    ]
    legs = [replace(leg, start=inside.get(leg.start, leg.start)) for leg in network.legs]
    demands = [replace(d, at=inside.get(d.at, d.at)) for d in network.demands]
    return replace(network, legs=(*legs, *handling), demands=tuple(demands), hubs=())


def reach(network: Network, starts: Iterable[str], cargo: str) -> set[str]:
    """Places that the cargo can get to along the legs, whatever their capacity."""
    onward = defaultdict(list)
    for leg in network.legs:
        if leg.carries(cargo):
            onward[leg.start].append(leg.end)
    seen, todo = set(starts), list(starts)
    while todo:
        for place in onward[todo.pop()]:
            if place not in seen:
                seen.add(place)
                todo.append(place)
    return seen


def towards(network: Network, destination: str) -> Network:
    """The part of a network, written without hubs, that can serve one destination."""
    backward = replace(
        network,
        legs=tuple(replace(leg, start=leg.end, end=leg.start, only=()) for leg in network.legs),
    )
    back = reach(backward, [destination], "")
    ahead = reach(
        replace(network, legs=tuple(replace(leg, only=()) for leg in network.legs)),
        [o.at for o in network.origins],
        "",
    )
    legs = tuple(g for g in network.legs if g.start in ahead and g.end in back)
    demands = tuple(d for d in network.demands if d.at == destination and d.tonnes > 0)
    wanted = {d.cargo for d in demands}
    return replace(
        network,
        legs=tuple(leg for leg in legs if leg.start != destination),
        origins=tuple(
            o for o in network.origins if o.at in back and o.cargo in wanted and o.tonnes > 0
        ),
        demands=demands,
    )


def denying(network: Network, names: Collection[str]) -> Network:
    """The network while all legs and hubs that these deniers can deny are shut."""

    def shut(denied_by: tuple[str, ...]) -> bool:
        return any(name in names for name in denied_by)

    legs = [replace(g, tonnes_per_day=0.0) if shut(g.denied_by) else g for g in network.legs]
    hubs = [replace(h, tonnes_per_day=0.0) if shut(h.denied_by) else h for h in network.hubs]
    return replace(network, legs=tuple(legs), hubs=tuple(hubs))


def rounded(network: Network) -> Network:
    """The network in whole days, each route's hours added first and rounded once.

    A leg takes round(H(start)) - round(H(end)) days plus its detour, rounded, where H are the
    fewest hours from a place to a destination: along a shortest route the days add up to the
    rounded total. With several destinations H is to the nearest.
    """
    ahead = _fewest_hours(network)
    legs = []
    for leg in network.legs:
        start, end = ahead.get(leg.start), ahead.get(leg.end)
        if start is None or end is None:
            days = round(leg.hours / 24)
        else:
            detour = leg.hours + end - start
            days = max(round(start / 24) - round(end / 24) + round(detour / 24), 0)
        legs.append(replace(leg, hours=24.0 * days))
    return replace(network, legs=tuple(legs))


def _fewest_hours(network: Network) -> dict[str, float]:
    back = defaultdict(list)
    for leg in network.legs:
        back[leg.end].append(leg)
    best: dict[str, float] = {}
    queue = [(0.0, place) for place in network.destinations]
    while queue:
        hours, place = heapq.heappop(queue)
        if place in best:
            continue
        best[place] = hours
        for leg in back[place]:
            heapq.heappush(queue, (hours + leg.hours, leg.start))
    return best
