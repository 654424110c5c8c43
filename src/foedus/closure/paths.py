"""Closure at constant rates in any network: successive shortest paths with push-back.

One run gives (latency, rate) pairs, and F(t) = sum of rate (t - latency)^+ is the most that can
have closed by *every* t at once. Push-back sends cargo against an earlier path where that makes
room for a better pair of paths; without it the answer is wrong.

Sources: D. Gale, Transient flows in networks (Michigan Math. J. 1959); L. R. Ford and
D. R. Fulkerson (Operations Research 1958); for several origins with finite stocks the cut
criterion of B. Klinz, in B. Hoppe and E. Tardos (Mathematics of Operations Research 2000).
"""

import heapq
import math
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from foedus.closure.check import check
from foedus.closure.network import Network, Number, Origin, towards, without_hubs
from foedus.errors import PlanError

Floats = npt.NDArray[np.float64]

# Residual capacity below this share of the largest capacity is rounding, not room.
_ROUNDING = 1e-12
MOST_ORIGINS = 10  # 1023 subsets


class Path(NamedTuple):
    """A rate that runs from `latency` on. With push-back it is no single route."""

    latency: float  # days
    rate: float  # tonnes a day


@dataclass(frozen=True)
class Envelope:
    """The closure curve at constant rates: F(t) = min over its cuts of (outside + path sum)."""

    cuts: tuple[tuple[float, tuple[Path, ...]], ...]  # (tonnes of the origins left out, paths)
    tonnes: float  # demanded
    exact_to: float  # day; later F is what the paths found so far carry, a lower bound

    def closed_by(self, days: Sequence[Number] | Floats) -> Floats:
        """Tonnes closed by each day, fractions of a day included."""
        day = np.asarray(days, dtype=np.float64)
        best = np.full(day.shape, self.tonnes)
        for outside, paths in self.cuts:
            carried = np.zeros(day.shape)
            for path in paths:
                carried += path.rate * np.maximum(day - path.latency, 0.0)
            best = np.minimum(best, outside + carried)
        return best

    def closes_on(self, tonnes: Number) -> float:
        """The day on which so much has closed; inf if it never does."""
        if tonnes > self.tonnes:
            return math.inf
        return max((_fill(paths, tonnes - outside) for outside, paths in self.cuts), default=0.0)


def _fill(paths: Sequence[Path], tonnes: Number) -> float:
    if tonnes <= 0:
        return 0.0
    flow = lag = 0.0
    day = math.inf
    for latency, rate in paths:
        flow, lag = flow + rate, lag + rate * latency
        day = min(day, (tonnes + lag) / flow)
    return day


class _Residual:
    """Arcs in pairs: arc i and its reverse i ^ 1."""

    def __init__(self, nodes: int) -> None:
        self.leaving: list[list[int]] = [[] for _ in range(nodes)]
        self.head: list[int] = []
        self.room: list[float] = []
        self.cost: list[float] = []

    def add(self, start: int, end: int, room: float, cost: float) -> None:
        self.leaving[start].append(len(self.head))
        self.leaving[end].append(len(self.head) + 1)
        self.head += [end, start]
        self.room += [room, 0.0]
        self.cost += [cost, -cost]

    def shortest(
        self, source: int, sink: int, potential: list[float], least: float
    ) -> tuple[list[int], dict[int, float]]:
        """Arcs of a shortest path (empty if there is none) and the distances settled."""
        far: dict[int, float] = {source: 0.0}
        via: dict[int, int] = {}
        settled: dict[int, float] = {}
        queue = [(0.0, source)]
        while queue:
            distance, node = heapq.heappop(queue)
            if node in settled:
                continue
            settled[node] = distance
            if node == sink:
                break
            here = potential[node]
            for arc in self.leaving[node]:
                if self.room[arc] <= least:
                    continue
                end = self.head[arc]
                # Reduced costs are >= 0; rounding may make one slightly negative.
                step = max(self.cost[arc] + here - potential[end], 0.0)
                if distance + step < far.get(end, math.inf):
                    far[end] = distance + step
                    via[end] = arc
                    heapq.heappush(queue, (distance + step, end))
        if sink not in settled:
            return [], settled
        path, node = [], sink
        while node != source:
            path.append(via[node])
            node = self.head[via[node] ^ 1]
        return path, settled


def _residual(network: Network, origins: Iterable[Origin]) -> tuple[_Residual, int, int]:
    places = {place for leg in network.legs for place in (leg.start, leg.end)}
    places |= {o.at for o in network.origins} | set(network.destinations)
    number = {place: i for i, place in enumerate(sorted(places))}
    graph = _Residual(len(number) + 1)
    for leg in network.legs:
        graph.add(number[leg.start], number[leg.end], float(leg.tonnes_per_day), leg.days)
    ready: dict[str, float] = {}
    for origin in origins:
        ready[origin.at] = min(float(origin.ready), ready.get(origin.at, math.inf))
    for place, day in ready.items():
        graph.add(len(number), number[place], math.inf, day)
    return graph, len(number), number[network.destinations[0]]


def shortest_paths(
    network: Network, origins: Iterable[Origin], horizon: Number, seconds: Number = 10.0
) -> tuple[tuple[Path, ...], float]:
    """All (latency, rate) pairs up to a horizon, from unlimited stocks at these origins.

    Args:
        network: without hubs, one destination.
        origins: where cargo starts; stocks are taken as unlimited.
        horizon: days; a path that is slower than this carries nothing by then.
        seconds: time limit.

    Returns:
        The paths in order of latency, and the day to which they are all there are.

    Raises:
        PlanError: if some route has no limit at all on its tonnes a day.
    """
    graph, source, sink = _residual(network, origins)
    least = _ROUNDING * max((c for c in graph.room if math.isfinite(c)), default=0.0)
    potential = [0.0] * len(graph.leaving)
    paths: list[Path] = []
    deadline = time.monotonic() + seconds
    while True:
        arcs, settled = graph.shortest(source, sink, potential, least)
        if not arcs:
            return tuple(paths), math.inf
        for node in range(len(potential)):
            potential[node] += min(settled.get(node, settled[sink]), settled[sink])
        latency = potential[sink] - potential[source]
        if latency >= horizon:
            return tuple(paths), latency
        rate = min(graph.room[arc] for arc in arcs)
        if len(arcs) == 1:
            raise PlanError(
                "Stock stands at the destination already: take it off what is demanded, or use the "
                "planner."
            )
        if math.isinf(rate):
            raise PlanError(
                "A route has no limit on its tonnes a day: give at least one of its legs one."
            )
        for arc in arcs:
            graph.room[arc] -= rate
            graph.room[arc ^ 1] += rate
        if paths and paths[-1].latency == latency:
            paths[-1] = Path(latency, paths[-1].rate + rate)
        else:
            paths.append(Path(latency, rate))
        if time.monotonic() > deadline:
            return tuple(paths), latency


def envelope(network: Network, horizon: Number = math.inf, seconds: Number = 10.0) -> Envelope:
    """The whole closure curve of a network at constant rates, one destination, no fleet.

    Cargo of all kinds is alike here: no leg may be reserved (`only`). Finite stocks at several
    places are exact through the 2^K - 1 subsets of the K places.

    Raises:
        PlanError: if the network makes no sense, has another shape, or more than 10 origins
            with finite stocks.
    """
    check(network)
    plain = without_hubs(network)
    if len(plain.destinations) != 1 or plain.fleets or any(leg.only for leg in plain.legs):
        raise PlanError(
            "Shortest paths answer for one destination, without fleets and without legs that are "
            "reserved for a cargo. Use the planner."
        )
    plain = towards(plain, plain.destinations[0])
    stocks = list(dict.fromkeys((o.at, o.ready) for o in plain.origins))
    if ample(plain):
        groups: list[tuple[tuple[str, int], ...]] = [tuple(stocks)]
    elif len(stocks) > MOST_ORIGINS:
        raise PlanError(
            f"{len(stocks)} origins with finite stocks are more than the {MOST_ORIGINS} that "
            "shortest paths can combine. Use the planner."
        )
    else:
        groups = [g for size in range(1, len(stocks) + 1) for g in combinations(stocks, size)]
    cuts, exact_to = [], math.inf
    ends = time.monotonic() + seconds
    for group in groups:
        members = [o for o in plain.origins if (o.at, o.ready) in group]
        paths, to = shortest_paths(plain, members, horizon, max(ends - time.monotonic(), 0.0))
        cuts.append((outside_of(plain, members), paths))
        exact_to = min(exact_to, to)
    return Envelope(tuple(cuts), outside_of(plain, ()), exact_to)


def ample(network: Network) -> bool:
    """Whether every origin alone could meet the whole demand, of whatever cargo."""
    return (
        all(
            o.tonnes >= sum(d.tonnes for d in network.demands if d.cargo == o.cargo)
            for o in network.origins
        )
        and len(network.cargoes) == 1
    )


def outside_of(network: Network, inside: Collection[Origin]) -> float:
    """Tonnes that origins not in `inside` can put towards the demands."""
    total = 0.0
    for cargo in network.cargoes:
        wanted = sum(d.tonnes for d in network.demands if d.cargo == cargo)
        held = sum(o.tonnes for o in network.origins if o.cargo == cargo and o not in inside)
        total += min(wanted, held)
    return float(total)


def bound(network: Network, days: Number, seconds: Number = 5.0) -> float:
    """Tonnes that no plan can exceed by a day: all destinations alone, no denial, no fleet."""
    plain = without_hubs(network)
    total = 0.0
    for place in plain.destinations:
        part = towards(plain, place)
        legs = tuple(replace(leg, only=()) for leg in part.legs)
        demanded = float(sum(d.tonnes for d in part.demands))
        try:
            found = envelope(replace(part, legs=legs, fleets=()), days, seconds)
        except PlanError:
            total += demanded
            continue
        total += float(found.closed_by([days])[0]) if found.exact_to >= days else demanded
    return total
