"""Help on its way, in one world under one option: once for every set of open routes.

Routes that do not exist yet open in a year, and so do the stores of a base. What is there then
holds for all years until the next opening, so a curve is made once an opening, not once a year.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from foedus.closure import theatre
from foedus.closure.corridor import Numbers
from foedus.engine.year import Standing, standing
from foedus.mechanisms import arrival
from foedus.mechanisms.arrival import Closure, Help
from foedus.mechanisms.base import Scalar
from foedus.mechanisms.presence import CHANNELS
from foedus.worlds.model import Model
from foedus.worlds.routes import Routes
from foedus.worlds.world import Common, Local, World, ask, world

Phased = Float[Array, "phases"]


class Phases(NamedTuple):
    """What an option fixes for one threat, between one opening and the next."""

    since: Phased  # year (0 is the first) from which each phase may hold
    stands: Standing  # every leaf with a leading axis of phases


class Crisis(NamedTuple):
    """One threat of one world in one year."""

    common: Common
    here: Local
    there: Float[Array, " openings"]  # 1 for each that has been made
    curve: arrival.Curve  # share of the promised help closed by each of `arrival.DAYS`


def standings(model: Model, w: World) -> Phases:
    """Every threat's phases; every leaf has a leading axis of threats.

    Fronts that are served alike share one answer.
    """
    found: dict[object, tuple[Phased, Help]] = {}
    each = []
    for i, threat in enumerate(model.threats):
        alike = model.routes is not None and model.routes.one_front
        key = threat.guarded if alike else i
        if key not in found:
            here: Local = jax.tree.map(lambda leaf, i=i: leaf[i], w.local)
            found[key] = _helps(model, w.common, here, threat.guarded)
        each.append(found[key])
    since, helps = jax.tree.map(lambda *leaves: jnp.stack(leaves), *each)

    def one(here: Local, since: Phased, come: Help) -> Phases:
        stands = jax.vmap(lambda each: standing(model, w.common, here, each))(come)
        return Phases(since, stands)

    return jax.vmap(one)(w.local, since, helps)


def in_year(phases: Phases, year: Scalar) -> Standing:
    """What holds in `year`: the phase that began last."""
    stands: Standing = jax.tree.map(lambda leaf: leaf[0], phases.stands)
    began = phases.since[0]
    for p in range(1, phases.since.shape[0]):
        since = phases.since[p]
        now = (since <= year) & (since >= began)
        began = jnp.where(now, since, began)
        stands = jax.tree.map(
            lambda new, old, p=p, now=now: jnp.where(now, new[p], old), phases.stands, stands
        )
    return stands


def _helps(model: Model, common: Common, here: Local, guarded: bool) -> tuple[Phased, Help]:
    """When each phase begins, and how much help is there when in it."""
    since, curves = _curves(model, common, here)
    if not guarded:  # nothing of the corridor is for this helper
        curves = jnp.zeros_like(curves)
    served = jnp.asarray(float(guarded))

    def answer(curve: arrival.Curve) -> Help:
        found: Help = ask(model, common, here, "arrival", here.timing, served, curve)
        return found

    return since, jax.vmap(answer)(curves)


def _curves(
    model: Model, common: Common, here: Local
) -> tuple[Phased, Float[Array, "phases days"]]:
    """The closure curve of each phase; none has closed where no world asks for routes."""
    if model.routes is None:
        return jnp.zeros(1), jnp.zeros((1, len(arrival.DAYS)))
    dates = _openings(model, common, here)
    since = jnp.concatenate([jnp.full(1, -jnp.inf, dates.dtype), dates])
    there = (dates[None, :] <= since[:, None]).astype(dates.dtype)

    def curve(there: Float[Array, " openings"]) -> arrival.Curve:
        return closing(model, here, there)

    return since, jax.vmap(curve)(there)


def _openings(model: Model, common: Common, here: Local) -> Float[Array, " openings"]:
    """Years, counted from the first, in which something opens; none if all is there already."""
    words, drawn = _words(model), here.routes
    assert drawn is not None
    later = [drawn.opens[i] - model.first_year for i, each in enumerate(words.planned) if each]
    stores = [common.base.delay] * words.stores
    return jnp.stack([*later, *stores]) if later or stores else jnp.zeros(0)


def opened(model: Model, common: Common, here: Local, year: Scalar) -> Float[Array, " openings"]:
    """1 for each opening that has been made by `year` (0 is the first)."""
    return (_openings(model, common, here) <= year).astype(year.dtype)


def closing(model: Model, here: Local, there: Float[Array, " openings"]) -> arrival.Curve:
    """Share of the promised help closed by each of `arrival.DAYS`, with some openings made."""
    return theatre.share(_words(model).corridor, numbers(model, here, there), arrival.DAYS)


def crisis(model: Model, row: Float[Array, " columns"], threat: int, year: Scalar) -> Crisis:
    """A crisis of one threat in a world in which all that a base does is on."""
    w = world(model, row, jnp.ones(len(CHANNELS)))
    here: Local = jax.tree.map(lambda leaf: leaf[threat], w.local)
    there = opened(model, w.common, here, year)
    return Crisis(w.common, here, there, closing(model, here, there))


def numbers(model: Model, here: Local, there: Float[Array, " openings"]) -> Numbers:
    """The corridor's numbers in this world.

    Args:
        model: the shape of the case.
        here: the threat.
        there: 1 for each opening that has been made: planned routes in order, then the base.
    """
    words, drawn = _words(model), here.routes
    p = here.theories["arrival"]["closure"]
    assert drawn is not None
    assert isinstance(p, Closure)
    opened = iter(there)
    brigades = here.helper * here.front.helper
    is_open = jnp.stack([next(opened) if each else jnp.ones(()) for each in words.planned])
    base = next(opened) if words.stores else jnp.zeros(())
    return Numbers(
        rate=drawn.rate,
        hours=drawn.hours,
        open=is_open,
        denied_from=drawn.denied_from,
        denied_to=drawn.denied_to,
        denied_left=drawn.denied_left,
        reception=p.reception,
        promised=brigades * p.per_brigade,
        people=brigades * drawn.people,
        stock=p.stock,
        issue=p.issue,
        base=p.at_base * base,
        base_people=drawn.people_at_base * base,
        warning=here.timing.warning,
        decision=here.timing.decision,
        lift_share=drawn.lift_share,
        lift_shock=drawn.lift_grounded,
    )


def _words(model: Model) -> Routes:
    assert model.routes is not None
    return model.routes
