"""The routes of a case: the words of its corridor, and the numbers they need."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from foedus.case.schema import Case
from foedus.closure.corridor import Corridor, Route, Stage
from foedus.closure.network import Mode
from foedus.mechanisms.base import Bound

STANCES = ("allows", "denies")
_MOVES = ("route.", "denial.", "lift.", "people.", "arrival.", "timing.", "front.helper.")


class Routes(NamedTuple):
    """The words of a case's corridor; static, hashable."""

    corridor: Corridor
    planned: tuple[bool, ...]  # for each route, whether it opens in a later year
    stores: bool  # whether an option keeps stores of the promised help at a base
    one_front: bool  # whether all fronts are served alike, so one curve answers for all


class Drawn(NamedTuple):
    """The numbers of a corridor in one world, for one threat."""

    rate: Float[Array, "*threats stages"]
    hours: Float[Array, "*threats stages"]
    opens: Float[Array, "*threats routes"]  # year; minus infinity for a route that is there
    denied_from: Float[Array, "*threats deniers"]
    denied_to: Float[Array, "*threats deniers"]  # day 0 where nothing is denied
    denied_left: Float[Array, "*threats deniers"]
    lift_share: Float[Array, "*threats"]
    lift_grounded: Float[Array, "*threats"]
    people: Float[Array, "*threats"]  # to a promised brigade
    people_at_base: Float[Array, "*threats"]


def asked(case: Case) -> bool:
    """Whether some world believes that help comes on the routes of the case."""
    return "closure" in case.theories.get("arrival", ())


def corridor(case: Case) -> Corridor:
    """The words of the corridor."""
    routes = tuple(
        Route(
            name,
            Mode(route.mode),
            tuple(Stage(place, stage.denied_by) for place, stage in route.stages.items()),
            route.carries,
            route.lift,
        )
        for name, route in case.routes.items()
    )
    return Corridor(routes, case.reception.denied_by)


def routes(case: Case, columns: list[str]) -> Routes | None:
    """The routes of a sound case; None if no world asks for them."""
    if not asked(case):
        return None
    threats = tuple(f".{threat}" for threat in case.threats)
    by_threat = [c for c in columns if c.startswith(_MOVES) and c.endswith(threats)]
    sets = [*case.assumptions.items(), *(x for o in case.options.values() for x in o.sets.items())]
    at_base = ("arrival.closure.at_base", "people.at_base")
    stores = any(n.startswith(at_base) and any(a.values()) for n, a in sets)
    planned = tuple(route.planned for route in case.routes.values())
    return Routes(corridor(case), planned, stores, one_front=not by_threat)


Needed = Iterator[tuple[str, bool, dict[str, Any]]]  # stem, by threat?, what it is


def numbers(case: Case) -> Needed:
    """Every number that the routes need."""
    if not asked(case):
        return
    for name, route in case.routes.items():
        for place in route.stages:
            yield from _stage(name, place, "t" if route.carries == "cargo" else "persons")
        if route.planned:
            yield from _opening(name)
    for name in case.deniers:
        yield from _denial(name)
    if any(route.lift for route in case.routes.values()):
        yield from _lift()
    if any(route.carries == "people" for route in case.routes.values()):
        yield from _people()


def patterns() -> Needed:
    """The numbers that any routes need, names of a case in capitals."""
    yield from _stage("ROUTE", "STAGE", "t")
    yield from _opening("ROUTE")
    yield from _denial("DENIER")
    yield from _lift()
    yield from _people()


def _stage(name: str, place: str, amount: str) -> Needed:
    stem, where = f"route.{name}.{place}", f"{place} on the route {name}"
    yield f"{stem}.rate", True, _number(f"{amount}/day", (0, 1e9), f"capacity of {where}")
    yield f"{stem}.hours", True, _number("hours", (0, 10_000), f"transit behind {where}")


def _opening(name: str) -> Needed:
    means = f"first year in which the route {name} is open"
    yield f"route.{name}.opens", True, _number("year", (1800, 2300), means)


def _lift() -> Needed:
    share = _number("1", (0, 1), "share of the helper's lift fleet that is lent to this crisis")
    yield "lift.share", True, share
    grounded = _number("1", (0, 1), "share of that fleet that cannot fly", lever=False)
    yield "lift.grounded", True, grounded


def _people() -> Needed:
    means = "persons that one promised brigade brings; it fights only with its equipment"
    yield "people.per_brigade", True, _number("persons/brigade", (0, 1e5), means)
    means = "persons of the promised help who are at a base, once it is open"
    yield "people.at_base", True, _number("persons", (0, 1e6), means)


def _denial(name: str) -> Needed:
    stance = _number("stance", (0, 1), f"whether {name} denies transit in a crisis")
    yield f"denial.{name}.stance", True, {**stance, "words": STANCES}
    for part, unit, legal, means in (
        ("from", "days", (-60.0, 1000.0), "day of the crisis on which {} begins to deny"),
        ("lasts", "days", (0.0, 1000.0), "days for which {} denies"),
        ("left", "1", (0.0, 1.0), "share of capacity left while {} denies"),
    ):
        number = _number(unit, legal, means.format(name), lever=False)
        yield f"denial.{name}.{part}", True, number


def _number(
    unit: str, legal: tuple[Bound, Bound], means: str, lever: bool = True
) -> dict[str, Any]:
    low, high = legal
    return {"unit": unit, "legal": (float(low), float(high)), "means": means, "lever": lever}


def drawn(words: Routes, get: Callable[[str], Array]) -> Drawn:
    """The corridor's numbers.

    Args:
        words: the routes.
        get: gives a number by its stem, one for each threat.
    """
    lines = words.corridor
    stems = [f"route.{r.name}.{stage.name}" for r in lines.routes for stage in r.stages]
    like = get(f"{stems[0]}.rate")
    lift = any(route.lift for route in lines.routes)
    seats = any(route.carries == "people" for route in lines.routes)

    def each(names: list[str]) -> Array:
        empty = jnp.zeros((*like.shape, 0), dtype=like.dtype)
        return jnp.stack([get(name) for name in names], axis=-1) if names else empty

    def where(there: bool, name: str, value: float) -> Array:
        return get(name) if there else jnp.full_like(like, value)

    opens = [
        get(f"route.{route.name}.opens") if later else jnp.full_like(like, -jnp.inf)
        for route, later in zip(lines.routes, words.planned, strict=True)
    ]
    begins = each([f"denial.{name}.from" for name in lines.deniers])
    lasts = each([f"denial.{name}.lasts" for name in lines.deniers])
    denies = each([f"denial.{name}.stance" for name in lines.deniers])
    return Drawn(
        rate=each([f"{stem}.rate" for stem in stems]),
        hours=each([f"{stem}.hours" for stem in stems]),
        opens=jnp.stack(opens, axis=-1),
        denied_from=begins,
        denied_to=begins + lasts * denies,
        denied_left=each([f"denial.{name}.left" for name in lines.deniers]),
        lift_share=where(lift, "lift.share", 1.0),
        lift_grounded=where(lift, "lift.grounded", 0.0),
        people=where(seats, "people.per_brigade", 0.0),
        people_at_base=where(seats, "people.at_base", 0.0),
    )
