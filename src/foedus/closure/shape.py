"""Which exact method a network's shape allows, in a sentence, and the answer by that method.

Constant rates, any mesh, one destination: successive shortest paths. Windows or a fleet, routes
that only merge: the algebra of curves. Everything else: the planner. One shape has a fast answer
that is only a bound, a fleet shared by destinations with demands of their own; it is flagged.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np

from foedus.closure import curve
from foedus.closure.check import check
from foedus.closure.network import Fleet, Leg, Network, Origin, Window, towards, without_hubs
from foedus.closure.paths import MOST_ORIGINS, Floats, envelope, outside_of
from foedus.errors import PlanError


@dataclass(frozen=True)
class Method:
    """How a network is answered, and whether that answer is exact."""

    kind: Literal["paths", "curves", "planner"]
    exact: bool
    sentence: str


@dataclass(frozen=True)
class Fast:
    """Tonnes closed by the start of each day 0..days at each destination, and how they came."""

    closed: dict[str, Floats]
    method: Method


def method(network: Network, windows: Sequence[Window] = ()) -> Method:
    """Decide from the shape which method answers exactly, and say so.

    Raises:
        PlanError: if the network makes no sense.
    """
    check(network, windows)
    plain = without_hubs(network)
    parts = [towards(plain, place) for place in plain.destinations]
    shared = _shared(parts)
    if shared is None:
        kinds = [_one_destination(part, windows) for part in parts]
        worst = next((m for m in kinds if m.kind == "planner"), None)
        return worst or next((m for m in kinds if m.kind == "curves"), kinds[0])
    kind, name = shared
    if kind != "fleet":
        return Method(
            "planner", True, f"The planner: destinations with demands of their own share {name}."
        )
    alone = [_one_destination(part, windows) for part in parts]
    if any(m.kind == "planner" for m in alone):
        return Method("planner", True, f"The planner: {name} is shared by several destinations.")
    return Method(
        "curves",
        False,
        f"Only a bound: {name} is shared by destinations with demands of their own, and the fast "
        "answer lends all of it to each. Use the planner for the exact answer.",
    )


def _shared(parts: Sequence[Network]) -> tuple[str, str] | None:
    """What destinations share: a leg or a stock before a fleet, because it decides more."""
    legs = Counter(leg.name for part in parts for leg in part.legs)
    stocks = Counter(o for part in parts for o in set(part.origins) if o.tonnes < np.inf)
    fleets = Counter(fleet.name for part in parts for fleet in _serving(part))
    for kind, counts in (("leg", legs), ("stock", stocks), ("fleet", fleets)):
        for thing, times in counts.items():
            if times > 1:
                name = f"at '{thing.at}'" if isinstance(thing, Origin) else f"'{thing}'"
                return kind, f"the {kind} {name}"
    return None


def _serving(network: Network) -> list[Fleet]:
    names = {leg.name for leg in network.legs}
    return [f for f in network.fleets if any(name in names for name, _ in f.cycles)]


def _one_destination(network: Network, windows: Sequence[Window]) -> Method:
    denied = {name for leg in network.legs for name in leg.denied_by}
    moving = any(w.denier in denied for w in windows)
    fleets = _serving(network)
    places = {(o.at, o.ready) for o in network.origins}
    there = any(o.at in network.destinations for o in network.origins)
    if not moving and not fleets and not there and not any(leg.only for leg in network.legs):
        if len(places) <= MOST_ORIGINS:
            return Method(
                "paths",
                True,
                "Successive shortest paths: rates are constant and there is one destination, so "
                "the curve is exact on every day.",
            )
        return Method("planner", True, f"The planner: {len(places)} origins are too many subsets.")
    reason = _not_merging(network, fleets)
    if reason:
        return Method("planner", True, f"The planner: {reason}.")
    return Method(
        "curves",
        True,
        "The algebra of curves: routes only merge on their way to the destination, so each day "
        "follows exactly from the day before.",
    )


def _not_merging(network: Network, fleets: Sequence[Fleet]) -> str:
    names = {leg.name for leg in network.legs}
    for fleet in fleets:
        if sum(name in names for name, _ in fleet.cycles) > 1:
            return f"the fleet '{fleet.name}' serves several legs"
    served = Counter(name for fleet in fleets for name, _ in fleet.cycles)
    for name, times in served.items():
        if times > 1:
            return f"the leg '{name}' has several fleets"
    leaving = Counter(leg.start for leg in network.legs)
    entered = {leg.end for leg in network.legs}
    for place, times in leaving.items():
        if times > 1 and place in entered:
            return (
                f"routes fork at '{place}', and rates change, a leg is reserved, a fleet is needed "
                "or stock stands at the destination"
            )
    whole = all(float(leg.days).is_integer() for leg in network.legs)
    endless = len(network.cargoes) == 1 and all(np.isinf(o.tonnes) for o in network.origins)
    if not whole and not endless:
        return (
            "hours are not whole days and a stock or a kind of cargo may run out "
            "(`rounded` makes them whole)"
        )
    if len(network.origins) > MOST_ORIGINS:
        return f"{len(network.origins)} stocks are too many subsets"
    return ""


def daily_capacity(leg: Leg, days: int, windows: Sequence[Window]) -> Floats:
    """Tonnes that may enter a leg in each period of this world."""
    mine = [w for w in windows if w.denier in leg.denied_by]
    with jax.enable_x64(True):
        start, end, left = (
            jnp.asarray([float(getattr(w, name)) for w in mine], dtype=jnp.float64)
            for name in ("start", "end", "left")
        )
        share = np.asarray(curve.capacity(jnp.asarray(1.0), start, end, left, days))
    # An unlimited leg that is denied is shut, and 0 * inf is no number.
    rate = np.zeros(days)
    rate[share > 0] = share[share > 0] * leg.tonnes_per_day
    return rate


def closed(network: Network, days: int, windows: Sequence[Window] = ()) -> Fast:
    """Tonnes closed by the start of each day, by the fast method for this shape.

    Args:
        network: the movement.
        days: length of the grid; the curves have days + 1 points.
        windows: when deniers deny, in this world.

    Raises:
        PlanError: if the network makes no sense, or only the planner can answer.
    """
    how = method(network, windows)
    if how.kind == "planner":
        raise PlanError(how.sentence)
    plain = without_hubs(network)
    found = {}
    for place in plain.destinations:
        part = towards(plain, place)
        if _one_destination(part, windows).kind == "paths":
            envelope_ = envelope(replace(part, fleets=()), float(days))
            found[place] = envelope_.closed_by(np.arange(days + 1.0))
        else:
            found[place] = _by_curves(part, days, windows)
    renamed = dict(zip(plain.destinations, network.destinations, strict=True))
    return Fast({renamed[place]: tonnes for place, tonnes in found.items()}, how)


def _by_curves(network: Network, days: int, windows: Sequence[Window]) -> Floats:
    """min over subsets S of the stocks of (tonnes outside S + the curve from S)."""
    best = np.full(days + 1, outside_of(network, ()))
    with jax.enable_x64(True):
        for size in range(1, len(network.origins) + 1):
            for inside in combinations(network.origins, size):
                merged = _merge(network, inside, days, windows)
                best = np.minimum(best, outside_of(network, inside) + merged)
    return best


def _merge(
    network: Network, inside: Sequence[Origin], days: int, windows: Sequence[Window]
) -> Floats:
    unlimited = jnp.asarray(float(sum(d.tonnes for d in network.demands)))
    into = defaultdict(list)
    for leg in network.legs:
        into[leg.end].append(leg)
    allowed = _cargo_through(network)
    fleets = {name: (f, cycle) for f in _serving(network) for name, cycle in f.cycles}
    reached: dict[str, jax.Array] = {}
    for leg in _upstream_first(network):
        feeds = [reached[g.name] for g in into[leg.start]]
        for o in inside:
            if o.at == leg.start and o.cargo in allowed[leg.name]:
                feeds.append(curve.available(unlimited, jnp.asarray(float(o.ready)), days + 1))
        inflow = curve.parallel(feeds) if feeds else jnp.zeros(days + 1)
        daily = jnp.asarray(daily_capacity(leg, days, windows))
        if leg.name in fleets:
            fleet, cycle = fleets[leg.name]
            lift, turn = jnp.asarray(float(fleet.lift)), jnp.asarray(float(cycle))
            left = curve.fleet(inflow, daily, lift, turn)
        else:
            left = curve.stage(inflow, daily)
        reached[leg.name] = curve.shift(left, jnp.asarray(leg.days))
    there = [reached[leg.name] for leg in into[network.destinations[0]]]
    local = [
        curve.available(unlimited, jnp.asarray(float(o.ready)), days + 1)
        for o in inside
        if o.at == network.destinations[0]
    ]
    arrived = [*there, *local]
    return np.asarray(curve.parallel(arrived)) if arrived else np.zeros(days + 1)


def _upstream_first(network: Network) -> list[Leg]:
    """Legs so that each comes after all that feed it; in a merging network there are no circles."""
    onward: dict[str, list[Leg]] = {}
    for leg in network.legs:
        onward.setdefault(leg.start, []).append(leg)
    waiting = Counter(leg.end for leg in network.legs)
    ready = [place for place in onward if not waiting[place]]
    order = []
    while ready:
        for leg in onward.get(ready.pop(), ()):
            order.append(leg)
            waiting[leg.end] -= 1
            if not waiting[leg.end]:
                ready.append(leg.end)
    return order


def _cargo_through(network: Network) -> dict[str, set[str]]:
    """For each leg, the cargo that every leg from it to the destination can carry."""
    onward = {leg.start: leg for leg in network.legs}
    cargoes = set(network.cargoes)
    allowed: dict[str, set[str]] = {}
    for leg in reversed(_upstream_first(network)):
        mine = {cargo for cargo in cargoes if leg.carries(cargo)}
        after = onward.get(leg.end)
        allowed[leg.name] = mine & allowed[after.name] if after else mine
    return allowed
