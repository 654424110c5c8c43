"""One world -> many worlds, in blocks of one fixed, padded size.

Worlds lie side by side in memory, their axis last; one compiled shape gives the same bits in
any split.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, TypeVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from foedus.case.schema import Case
from foedus.engine import arriving, budgets, clock, outcomes, supplies
from foedus.engine.budgets import Gaps
from foedus.engine.outcomes import Path
from foedus.engine.supplies import Supplies
from foedus.engine.year import (
    Alliance,
    Anchor,
    Standing,
    Threatened,
    alliance,
    calibrate,
    threatened,
)
from foedus.mechanisms import asked, costs, escalation, memory, presence, readiness
from foedus.mechanisms.base import Scalar
from foedus.mechanisms.presence import CHANNELS
from foedus.worlds.model import Model
from foedus.worlds.world import Common, Local, World, ask, knowledge, world

BLOCK = 2_048  # worlds stored and computed together
# The older emitters compile in little more than half the time, to code as fast; wide vectors are
# worth a tenth where the processor has them.
COMPILER = {"xla_cpu_use_fusion_emitters": False, "xla_cpu_prefer_vector_width": 512}
NEVER = 1e3  # years: after the end of any case
TILE = 16  # worlds that share one pass through the caches; BLOCK is a multiple of it

T = TypeVar("T")

Row = Float[Array, " columns"]


class Grown(NamedTuple):
    """What one year leaves to the next."""

    skill: Scalar  # what exercises have taught
    known: Scalar  # experience of the host's industry [first lots]
    gaps: Gaps  # of spending and the economy


class Home(NamedTuple):
    """The reference option, year by year."""

    troops: Float[Array, " years"]  # at its base [persons]
    paid: Float[Array, " years"]  # by the host, not discounted [M USD]
    denied: Float[Array, " years"]  # share of supply refused in a crisis


class Began(NamedTuple):
    """What a world is before the first year: solved on the reference, the same for all options."""

    anchors: Anchor  # of every threat
    first: Grown
    home: Home


class Year(NamedTuple):
    """One year of one world under one option, before its disputes."""

    now: Alliance
    threats: Threatened  # with a leading axis of threats
    help: Standing  # likewise
    cost: costs.Cost  # present value [M USD]
    gaps: Gaps
    supplies: Supplies
    extra: Scalar  # what rivals spend beyond the reference [M USD]
    leaves: Grown


def play(
    case: Case, model: Model, numbers: np.ndarray, yearly: tuple[str, ...] = ()
) -> dict[str, np.ndarray]:
    """The outcomes of at most BLOCK worlds, each of shape (options, worlds).

    Args:
        case: says which channels of a base each option leaves out.
        model: the shape of the case.
        numbers: shape (options, worlds, columns), as `values` gives them.
        yearly: outcomes that are wanted after each year as well.
    """
    tiles, on = _laid_out(case, model, numbers)
    # Worlds are the last axis of every array: a number meets a table of states by that axis.
    with jax.enable_x64(True), jax.numpy_rank_promotion("allow"):
        found = _block(model, jnp.asarray(tiles), jnp.asarray(on), _filled(numbers), yearly)
    return {name: _gathered(value, numbers) for name, value in found.items()}


def play_slopes(
    case: Case, model: Model, numbers: np.ndarray, moved: np.ndarray
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """The outcomes of at most BLOCK worlds, and how each changes as its world's numbers move.

    Forward mode: loops of the engine end at years that hang on the world.

    Args:
        case: says which channels of a base each option leaves out.
        model: the shape of the case.
        numbers: shape (options, worlds, columns), as `values` gives them.
        moved: the direction in which they move, of the same shape.

    Returns:
        Outcomes and `sound`; and the derivative of each outcome along `moved`.
    """
    tiles, on = _laid_out(case, model, numbers)
    directions, _ = _laid_out(case, model, moved)
    with jax.enable_x64(True), jax.numpy_rank_promotion("allow"):
        found, slopes = jax.jvp(
            lambda rows: _block(model, rows, jnp.asarray(on), _filled(numbers), ()),
            (jnp.asarray(tiles),),
            (jnp.asarray(directions),),
        )
    slopes.pop("sound")
    return (
        {name: _gathered(value, numbers) for name, value in found.items()},
        {name: _gathered(value, numbers) for name, value in slopes.items()},
    )


def _filled(numbers: np.ndarray) -> Array:
    """How many tiles hold worlds; the others are padding and need not be played."""
    return jnp.asarray(-(-numbers.shape[1] // TILE))


def _laid_out(
    case: Case, model: Model, numbers: np.ndarray
) -> tuple[np.ndarray, list[list[float]]]:
    """Numbers as tiles of a whole block, and which channels are on under each option."""
    padded = numbers[:, np.minimum(np.arange(BLOCK), numbers.shape[1] - 1)]
    tiles = padded.reshape(len(model.options), BLOCK // TILE, TILE, -1).transpose(1, 3, 0, 2)
    on = [[float(c not in case.options[o].without) for c in CHANNELS] for o in model.options]
    return tiles, on


def _gathered(value: Array, numbers: np.ndarray) -> np.ndarray:
    """An outcome of tiles as (options, worlds), without the padding."""
    options, count = numbers.shape[:2]
    rows: np.ndarray = np.asarray(value).transpose(1, 0, 2).reshape(options, BLOCK)[:, :count]
    return rows


def begin(model: Model, row: Row, channels: Array) -> Began:
    """Solve the constants of one world on the reference option."""
    w = world(model, row, channels)
    skill = readiness.steady_skill(w.common.training)
    first = jnp.zeros_like(skill)
    now = alliance(w.common, first, skill)

    def solve(here: Local, phases: arriving.Phases) -> Anchor:
        return calibrate(model, w.common, here, now, arriving.in_year(phases, first))

    known = jnp.full_like(skill, supplies.UNKNOWN)

    def at_home(known: Scalar, year: Scalar) -> tuple[Scalar, Home]:
        then, bought = alliance(w.common, year, skill), _supplies(model, w.common, known)
        paid = _paid(model, w, then, year).host + bought.premium
        return bought.known, Home(then.troops, paid, bought.denied)

    anchors = jax.vmap(solve)(w.local, arriving.standings(model, w))
    _, home = jax.lax.scan(at_home, known, jnp.arange(model.years, dtype=row.dtype))
    before = _supplies(model, w.common, known).known
    return Began(anchors, Grown(skill, before, budgets.even(model)), home)


def one_year(
    model: Model, w: World, phases: arriving.Phases, began: Began, last: Grown, year: Scalar
) -> Year:
    """One year of one world under one option: every threat, and what it costs."""
    common, local, theories = w.common, w.local, dict(model.theories)
    now = alliance(common, year, last.skill)
    home: Home = jax.tree.map(lambda leaf: leaf[year.astype(int)], began.home)
    bought, gaps = _supplies(model, common, last.known), last.gaps
    paid = _paid(model, w, now, year)
    paid = paid._replace(host=paid.host + bought.premium)
    later, extra = gaps, jnp.zeros_like(last.skill)
    if asked(theories, "industry"):
        strength = supplies.strength(common, (bought.denied, home.denied))
        local = local.times(strength, jnp.ones_like(strength))
    if asked(theories, "quality"):
        better = ask(model, common, common, "quality", year)
        local = local.times(better.worth, jnp.ones_like(year))
    if asked(theories, "race"):
        local, extra = budgets.armed(local, gaps), budgets.rivals_extra(model, local, gaps)
        troops, bills = (now.troops, home.troops), (paid.host, home.paid)
        later = budgets.next_year(model, common, local, gaps, troops, bills)
    stands = jax.vmap(lambda each: arriving.in_year(each, year))(phases)
    threats = jax.vmap(lambda here, s, kk: threatened(model, common, here, now, s, kk))(
        local, stands, began.anchors
    )
    discount = common.prices.discount
    cost = costs.Cost(*(costs.present_value(each, year, discount) for each in paid))
    taught = readiness.next_skill(common.training, last.skill)
    leaves = Grown(taught, bought.known, later)
    return Year(now, threats, stands, cost, gaps, bought, extra, leaves)


def begins(model: Model, at_home: World, began: Began) -> Float[Array, " options"]:
    """The year (0 is the first) from which each option of one world acts.

    An option that waits is as the reference until then, so what it waits for is seen on the
    reference: exactly, since up to that year both are the same.
    """
    if not model.waits:
        return jnp.zeros(len(model.options))
    phases = arriving.standings(model, at_home)

    def live(last: Grown, year: Scalar) -> tuple[Grown, Threatened]:
        y = one_year(model, at_home, phases, began, last, year)
        return y.leaves, y.threats

    _, threats = jax.lax.scan(
        live, began.first, jnp.arange(model.years, dtype=at_home.local.target.dtype)
    )
    tension = _lived(model, at_home, threats, began.anchors.rates).disputes
    since = jnp.zeros(len(model.options))
    for wait in model.waits:
        high = tension[:, wait.threat] > wait.above
        first = jnp.where(high.any(), jnp.argmax(high).astype(tension.dtype) + 1.0, NEVER)
        since = since.at[wait.option].set(first)
    return since


def late(w: World, since: Scalar) -> World:
    """An option's world whose base opens as many years later as the option begins."""
    return eqx.tree_at(lambda w: w.common.base.delay, w, w.common.base.delay + since)


def in_force(model: Model, at_home: World, w: World, since: Scalar, year: Scalar) -> World:
    """What holds in a year: the option's world once it acts, the reference's before."""
    if not model.waits:
        return w
    acts = year >= since
    return jax.tree.map(lambda new, old: jnp.where(acts, new, old), w, at_home)


def _supplies(model: Model, common: Common, known: Scalar) -> Supplies:
    """A year's supply; nothing, where the case does not ask."""
    if asked(dict(model.theories), "industry"):
        return supplies.supplies(model, common, known)
    return Supplies(known, *[jnp.zeros_like(known)] * 4)


def _paid(model: Model, w: World, now: Alliance, year: Scalar) -> costs.Cost:
    """What a year costs, but for arms made at home [M USD], not discounted."""
    common, theories = w.common, dict(model.theories)
    built = presence.built_in(common.base, year)
    paid = costs.yearly(
        common.prices, now.troops, built, presence.rotates(common.base), now.exercises
    )
    if asked(theories, "quality"):
        paid = paid._replace(host=paid.host + ask(model, common, common, "quality", year).cost)
    if (talks := w.local.relations) is not None:
        talked = jnp.sum(talks.effort * talks.cost * w.local.guarded)
        paid = paid._replace(host=paid.host + talked)
    if asked(theories, "aid"):
        paid = paid._replace(helper=paid.helper + ask(model, common, common, "aid").cost)
    return paid


@partial(jax.jit, static_argnames=("model", "yearly"), compiler_options=COMPILER)
def _block(
    model: Model,
    rows: Float[Array, "tiles columns options worlds"],
    channels: Array,
    filled: Array,
    yearly: tuple[str, ...],
) -> dict[str, Float[Array, "tiles options worlds"]]:
    """Many worlds under every option, tile by tile; only the first `filled` tiles are played.

    One program for any number of them, so a few worlds cost little and get the same bits.
    """

    def one(i: Array, found: dict[str, Array]) -> dict[str, Array]:
        here = _tile(model, rows[i], channels, yearly)
        return {name: found[name].at[i].set(value) for name, value in here.items()}

    shapes = jax.eval_shape(lambda: _tile(model, rows[0], channels, yearly))
    blank = {name: jnp.zeros((len(rows), *s.shape), s.dtype) for name, s in shapes.items()}
    found: dict[str, Array] = jax.lax.fori_loop(0, filled, one, blank)
    return found


@partial(jax.jit, static_argnames=("model", "yearly"))  # traced once, for shapes and for the loop
def _tile(
    model: Model,
    rows: Float[Array, "columns options worlds"],
    channels: Array,
    yearly: tuple[str, ...],
) -> dict[str, Float[Array, "options worlds"]]:
    """A few worlds under every option, side by side: worlds x options are the last axis."""
    options, worlds = rows.shape[1:]
    home = channels[model.reference]
    began = _many(lambda row: begin(model, row, home))(rows[:, model.reference])
    at_home = _many(lambda row: world(model, row, home))(rows[:, model.reference])
    since = _many(lambda *each: begins(model, *each))(at_home, began).reshape(-1)
    began, at_home = jax.tree.map(lambda leaf: jnp.tile(leaf, options), (began, at_home))
    lanes = rows.reshape(rows.shape[0], -1)
    on = jnp.repeat(channels.T, worlds, axis=1)
    w = _many(lambda row, each, since: late(world(model, row, each), since))(lanes, on, since)
    stands = _many(lambda w: arriving.standings(model, w))(w)
    calendar = jnp.arange(model.years, dtype=rows.dtype)

    def live(w: World, then: World, since: Scalar, *rest: Any) -> Year:
        *_, year = rest
        return one_year(model, in_force(model, then, w, since, year), *rest)

    years = _many(live, last=(0, 0, 0, 0, 0, 0, None))

    def prepare(last: Grown, year: Scalar) -> tuple[Grown, Year]:
        y = years(w, at_home, since, stands, began, last, year)
        return y.leaves, y

    _, y = jax.lax.scan(prepare, began.first, calendar)
    happened = _lived(model, w, y.threats, began.anchors.rates)
    path = _path(y, happened)
    found = _many(lambda each: outcomes.outcomes(each, model))(path)
    if yearly:
        found |= _many(lambda each: outcomes.by_year(each, model, yearly))(path)
    finite = jnp.stack([jnp.isfinite(each) for each in found.values()]).all(axis=0)
    found["sound"] = _sound(y.threats.leads_to, happened.mass) & finite
    return {name: value.reshape(options, worlds) for name, value in found.items()}


def _many(f: Callable[..., T], last: tuple[int | None, ...] | None = None) -> Callable[..., T]:
    """A function of one world made one of many, their axis last: neighbours in memory."""
    axes = -1 if last is None else tuple(None if each is None else -1 for each in last)
    mapped: Callable[..., T] = jax.vmap(f, in_axes=axes, out_axes=-1)
    return mapped


def _lived(model: Model, w: World, threats: Threatened, rates: Array) -> clock.Happened:
    """The years of every pair of states; leaves have axes of years, threats, ..., worlds."""
    noise, since = knowledge(model, w.common), w.local.memory.since

    def together(members: tuple[int, ...]) -> clock.Happened:
        first, own = members[0], list(members)
        here: Threatened = jax.tree.map(lambda leaf: leaf[:, own], threats)
        shared = rates[own, :, : 1 + model.threats[first].rivals].swapaxes(0, 1)
        dated = memory.dated(shared, since[first], model.years).swapaxes(0, 1)
        ends = (w.common.treaty.end, w.local.memory.rivalry_end[first])
        return clock.live(noise, here, dated, ends)

    pairs = [together(members) for members in model.pairs]
    order = np.argsort([i for members in model.pairs for i in members])
    found: clock.Happened = jax.tree.map(
        lambda *leaves: jnp.concatenate(leaves, axis=1)[:, order], *pairs
    )
    return found


def _sound(odds: escalation.Escalation, mass: Array) -> Array:
    """Whether odds are at most 1, war is no likelier than bloodshed, and no mass is lost."""
    possible = jnp.stack([each <= 1.0 for each in odds]).all(axis=(0, 1, 2, 3))
    orderly = (odds.war <= odds.fatal).all(axis=(0, 1, 2))
    return possible & orderly & (jnp.abs(mass - 1.0) < 1e-9).all(axis=(0, 1))


def _path(y: Year, happened: clock.Happened) -> Path:
    return Path(
        disputes=happened.disputes,
        concessions=happened.concessions,
        resists=happened.resists,
        helped=happened.helped,
        aided=happened.aided,
        so_far=happened.so_far,
        wins_alone=y.threats.fight.alone,
        wins_helped=y.threats.fight.helped,
        in_time=y.help.in_time,
        arrived=y.help.arrived,
        half=y.help.half,
        most=y.help.most,
        late=y.help.late,
        ready=y.now.ready,
        together=y.now.together,
        imports=y.supplies.imports,
        concentration=y.supplies.concentration,
        denied=y.supplies.denied,
        rivals_extra=y.extra,
        host_extra=y.gaps.host,
        economy=y.gaps.economy,
        cost_host=y.cost.host,
        cost_helper=y.cost.helper,
    )
