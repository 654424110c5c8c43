"""A corridor of routes side by side into one theatre: the share of promised help by any day.

The words are static (which routes, stages, deniers), the numbers belong to one world. A route is
a row of stages, each followed by a transit; cargo routes end in a shared reception. Prepositioned
stock is issued in the theatre, a base is there already; a package counts when its people and its
equipment are both there.

Time is counted from day 0 of the crisis. Movement starts on day `decision - warning`, which may
be before day 0: the grid begins `before` days earlier, and help that would start earlier still
starts there. Hours are kept as fractions of a day (see `curve.shift`), so shares are
differentiable in every number here. For this shape the algebra is exact on the grid.
"""

from typing import Literal, NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from foedus.closure import curve
from foedus.closure.curve import Curve, Scalar
from foedus.closure.network import Demand, Hub, Leg, Mode, Network, Origin, Window


class Stage(NamedTuple):
    """A place or line with a daily capacity, and who can deny it."""

    name: str
    denied_by: tuple[str, ...] = ()


class Route(NamedTuple):
    """A row of stages.

    `lift` marks routes that share the helper's lift fleet: `lift_share` and `lift_shock` scale
    the first stage, where vehicles load.
    """

    name: str
    mode: Mode
    stages: tuple[Stage, ...]
    carries: Literal["cargo", "people"] = "cargo"
    lift: bool = False


class Corridor(NamedTuple):
    """The words of a corridor; hashable, static under jit."""

    routes: tuple[Route, ...]
    reception_denied_by: tuple[str, ...] = ()

    @property
    def stages(self) -> tuple[Stage, ...]:
        """All stages in the order in which `Numbers` lists them."""
        return tuple(stage for route in self.routes for stage in route.stages)

    @property
    def deniers(self) -> tuple[str, ...]:
        """Who can deny something, in the order in which `Numbers` lists them."""
        named = [name for stage in self.stages for name in stage.denied_by]
        return tuple(sorted({*named, *self.reception_denied_by}))


class Numbers(NamedTuple):
    """The numbers of a corridor in one world; all >= 0, days from day 0 of the crisis.

    rate: capacity of each stage, tonnes (or people) a day.
    hours: transit behind each stage.
    open: share of each route's capacity that exists in this world, in [0, 1]; 0: not built.
    denied_from, denied_to: window of each denier; equal, or to < from: never denies.
    denied_left: share of capacity that is left in the window, in [0, 1].
    reception: tonnes a day that the theatre can take in.
    promised: tonnes promised, with what is prepositioned and in place.
    people: people promised, with those in place; 0 if only tonnes count.
    stock: tonnes prepositioned in the theatre.
    issue: tonnes of that stock issued a day.
    base: tonnes in place with a base.
    base_people: people in place with a base.
    warning: days of warning before day 0.
    decision: days from warning to the order to move.
    lift_share: share of the lift fleet that is lent, in [0, 1].
    lift_shock: share of the lift fleet that is grounded, in [0, 1].
    """

    rate: Float[Array, " stages"]
    hours: Float[Array, " stages"]
    open: Float[Array, " routes"]
    denied_from: Float[Array, " deniers"]
    denied_to: Float[Array, " deniers"]
    denied_left: Float[Array, " deniers"]
    reception: Scalar
    promised: Scalar
    people: Scalar
    stock: Scalar
    issue: Scalar
    base: Scalar
    base_people: Scalar
    warning: Scalar
    decision: Scalar
    lift_share: Scalar
    lift_shock: Scalar


class Closed(NamedTuple):
    """Curves over days 0..days: tonnes, people, and the share of complete packages."""

    tonnes: Curve
    people: Curve
    share: Curve


def closed(corridor: Corridor, numbers: Numbers, days: int = 60, before: int = 14) -> Closed:
    """What has closed by the start of each day from 0 to `days`.

    Args:
        corridor: the routes.
        numbers: this world's.
        days: last day of the curve.
        before: days before day 0 on which movement may already run.
    """
    size = before + days
    begin = jnp.maximum(numbers.decision - numbers.warning, -float(before))
    arrived: dict[str, list[Curve]] = {"cargo": [], "people": []}
    first = 0
    for index, route in enumerate(corridor.routes):
        arrived[route.carries].append(_route(corridor, numbers, index, first, (size, before)))
        first += len(route.stages)
    day = jnp.arange(size + 1.0) - before
    issued = curve.supply(numbers.issue * jnp.maximum(day - begin, 0.0), numbers.stock)
    tonnes = issued + numbers.base
    if arrived["cargo"]:
        gate = _capacity(corridor, numbers, corridor.reception_denied_by, size, before)
        taken = curve.stage(curve.parallel(arrived["cargo"]), numbers.reception * gate)
        tonnes = tonnes + taken
    people = jnp.zeros_like(tonnes) + numbers.base_people
    if arrived["people"]:
        people = people + curve.parallel(arrived["people"])
    tonnes = curve.supply(tonnes, numbers.promised)[before:]
    people = curve.supply(people, numbers.people)[before:]
    demands = jnp.stack([numbers.promised, numbers.people])
    return Closed(tonnes, people, curve.packages(jnp.stack([tonnes, people]), demands))


def _route(
    corridor: Corridor, numbers: Numbers, index: int, first: int, grid: tuple[int, int]
) -> Curve:
    """The curve at the end of a route whose stages start at number `first`."""
    route, (size, before) = corridor.routes[index], grid
    begin = jnp.maximum(numbers.decision - numbers.warning, -float(before))
    # Nothing limits what waits at the start but the order to move.
    flow = jnp.full(size + 1, jnp.inf).at[0].set(0.0)
    for step, stage in enumerate(route.stages):
        share = _capacity(corridor, numbers, stage.denied_by, size, before)
        rate = numbers.rate[first + step] * numbers.open[index]
        if step == 0:
            # A day on which the order comes in its course counts in part.
            share = share * jnp.clip(jnp.arange(1.0, size + 1.0) - before - begin, 0.0, 1.0)
            if route.lift:
                rate = rate * numbers.lift_share * (1.0 - numbers.lift_shock)
        flow = curve.shift(curve.stage(flow, rate * share), numbers.hours[first + step] / 24.0)
    return flow


def _capacity(
    corridor: Corridor, numbers: Numbers, denied_by: tuple[str, ...], size: int, before: int
) -> Float[Array, " periods"]:
    """Share of a stage's capacity in each period of the grid."""
    who = jnp.asarray([corridor.deniers.index(name) for name in denied_by], dtype=jnp.int32)
    return curve.capacity(
        jnp.ones_like(numbers.promised),
        numbers.denied_from[who] + before,
        numbers.denied_to[who] + before,
        numbers.denied_left[who],
        size,
    )


def share_by(share: Curve, days: Float[Array, "..."]) -> Float[Array, "..."]:
    """S(T): share of promised help that has closed by day T, fractions of a day included.

    Args:
        share: from `closed`.
        days: any days; beyond the last of the curve the last share holds.
    """
    return curve.closed_by(share, days)


def movement(
    corridor: Corridor, numbers: Numbers, carries: Literal["cargo", "people"], before: int = 14
) -> tuple[Network, tuple[Window, ...]]:
    """The same world for the exact planner, on a grid that begins `before` days early.

    The plan's day d is day d - before of the crisis. What a base has in place is taken off the
    demand, which must stay above 0.
    """
    begin = max(float(numbers.decision - numbers.warning), -float(before)) + before
    lift = float(numbers.lift_share * (1.0 - numbers.lift_shock))
    legs, first = [], 0
    for index, route in enumerate(corridor.routes):
        for step, stage in enumerate(route.stages if route.carries == carries else ()):
            place = f"{route.name} {step}"
            last = step + 1 == len(route.stages)
            rate = float(numbers.rate[first + step] * numbers.open[index])
            legs.append(
                Leg(
                    f"{route.name}: {stage.name}",
                    place if step else "origin",
                    "reception" if last else f"{route.name} {step + 1}",
                    route.mode,
                    float(numbers.hours[first + step]),
                    rate * (lift if route.lift and not step else 1.0),
                    stage.denied_by if step else (*stage.denied_by, "no order yet"),
                )
            )
        first += len(route.stages)
    cargo = carries == "cargo"
    gate = float(numbers.reception) if cargo else float("inf")
    hub = Hub("reception", gate, corridor.reception_denied_by if cargo else ())
    demanded = numbers.promised - numbers.base if cargo else numbers.people - numbers.base_people
    origins = [Origin("origin", cargo=carries)]
    if cargo and float(numbers.issue) > 0:
        # A depot lies behind the reception, where "reception" is left for the theatre.
        origins.append(Origin("depot", float(numbers.stock), carries))
        rate = float(numbers.issue)
        legs.append(Leg("issue", "depot", "theatre", Mode.ROAD, 0.0, rate, ("no order yet",)))
    legs.append(Leg("onward", "reception", "theatre", Mode.HANDLING, 0.0, float("inf")))
    network = Network(
        tuple(origins), tuple(legs), (Demand("theatre", float(demanded), carries),), (hub,)
    )
    windows = [Window("no order yet", float("-inf"), begin)]
    for i, name in enumerate(corridor.deniers):
        if name in network.deniers:
            start, end = (
                float(numbers.denied_from[i]) + before,
                float(numbers.denied_to[i]) + before,
            )
            windows.append(Window(name, start, end, float(numbers.denied_left[i])))
    return network, tuple(windows)
