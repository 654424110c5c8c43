"""One world -> many worlds, in blocks of one fixed, padded size.

Worlds lie side by side in memory, their axis last; one compiled shape gives the same bits in
any split.
"""

from collections.abc import Callable
from functools import cache, partial
from typing import Any, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from foedus.case.schema import Case
from foedus.engine import arriving, branches, clock, outcomes
from foedus.engine.compiler import options
from foedus.engine.course import (
    Grown,
    Year,
    begin,
    begins,
    home_world,
    in_force,
    lived,
    one_year,
    under,
)
from foedus.engine.outcomes import Path
from foedus.mechanisms import escalation
from foedus.mechanisms.base import Scalar
from foedus.mechanisms.presence import CHANNELS
from foedus.worlds.model import Model
from foedus.worlds.world import World

BLOCK = 2_048  # worlds stored and computed together
TILE = 16  # worlds that share one pass through the caches; BLOCK is a multiple of it

T = TypeVar("T")


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
    order = _order(model, numbers)
    tiles, on = _laid_out(case, model, numbers, order)
    # Worlds are the last axis of every array: a number meets a table of states by that axis.
    with jax.enable_x64(True), jax.numpy_rank_promotion("allow"):
        found = _block()(model, jnp.asarray(tiles), jnp.asarray(on), _filled(numbers), yearly)
    return {name: _gathered(value, order) for name, value in found.items()}


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
    order = _order(model, numbers)
    tiles, on = _laid_out(case, model, numbers, order)
    directions, _ = _laid_out(case, model, moved, order)
    with jax.enable_x64(True), jax.numpy_rank_promotion("allow"):
        found, slopes = jax.jvp(
            lambda rows: _block()(model, rows, jnp.asarray(on), _filled(numbers), ()),
            (jnp.asarray(tiles),),
            (jnp.asarray(directions),),
        )
    slopes.pop("sound")
    return (
        {name: _gathered(value, order) for name, value in found.items()},
        {name: _gathered(value, order) for name, value in slopes.items()},
    )


def _filled(numbers: np.ndarray) -> Array:
    """How many tiles hold worlds; the others are padding and need not be played."""
    return jnp.asarray(-(-numbers.shape[1] // TILE))


def _laid_out(
    case: Case, model: Model, numbers: np.ndarray, order: np.ndarray
) -> tuple[np.ndarray, list[list[float]]]:
    """Numbers as tiles of a whole block, in an order, and which channels are on by option."""
    padded = numbers[:, order[np.minimum(np.arange(BLOCK), len(order) - 1)]]
    tiles = padded.reshape(len(model.options), BLOCK // TILE, TILE, -1).transpose(1, 3, 0, 2)
    on = [[float(c not in case.options[o].without) for c in CHANNELS] for o in model.options]
    return tiles, on


def _order(model: Model, numbers: np.ndarray) -> np.ndarray:
    """Worlds in the order in which they are played: those of one theory of pressure together.

    So most tiles hold no world in which actors challenge one another, and skip those rounds.
    """
    theory = [i for i, column in enumerate(model.columns) if column.name == "theory.pressure"]
    held = numbers[model.reference][:, theory].sum(axis=1)
    return np.argsort(held, kind="stable")


def _gathered(value: Array, order: np.ndarray) -> np.ndarray:
    """An outcome of tiles as (options, worlds), without the padding, in the order of the design."""
    played = np.asarray(value).transpose(1, 0, 2)
    options = len(played)
    rows = np.empty((options, len(order)), played.dtype)
    rows[:, order] = played.reshape(options, BLOCK)[:, : len(order)]
    return rows


@cache
def _block() -> Callable[..., dict[str, Float[Array, "tiles options worlds"]]]:
    """`_played`, compiled; what the compiler knows is asked when it is needed first."""
    return jax.jit(_played, static_argnames=("model", "yearly"), compiler_options=options())


def _played(
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
    rows, channels = branches.spread(model, rows, channels)
    count, worlds = rows.shape[1:]
    home = channels[model.reference]
    began = _many(lambda row: begin(model, row, home))(rows[:, model.reference])
    then = _many(lambda row: home_world(model, row, home))(rows[:, model.reference])
    since = _many(lambda *each: begins(model, *each))(then, began)
    since = branches.since(model, since).reshape(-1)
    began, then = jax.tree.map(lambda leaf: jnp.tile(leaf, count), (began, then))
    lanes = rows.reshape(rows.shape[0], -1)
    on = jnp.repeat(channels.T, worlds, axis=1)
    w = _many(lambda *each: under(model, *each))(lanes, on, then, since)
    stands = _many(lambda w: arriving.standings(model, w))(w)
    calendar = jnp.arange(model.years, dtype=rows.dtype)

    def live(w: World, then: World, since: Scalar, *rest: Any) -> Year:
        *_, year = rest
        return one_year(model, in_force(model, then, w, since, year), *rest)

    years = _many(live, last=(0, 0, 0, 0, 0, 0, None))

    def prepare(last: Grown, year: Scalar) -> tuple[Grown, Year]:
        y = years(w, then, since, stands, began, last, year)
        return y.leaves, y

    _, y = jax.lax.scan(prepare, began.first, calendar)
    fires = branches.fires(model, worlds)
    happened = lived(model, w, y.threats, began.anchors.rates, fires)
    path = _path(y, happened)
    found = _many(lambda each: outcomes.outcomes(each, model))(path)
    if yearly:
        found |= _many(lambda each: outcomes.by_year(each, model, yearly))(path)
    kept = [each.astype(jnp.float32) for each in found.values()]  # as a run stores them
    finite = jnp.stack([jnp.isfinite(each) for each in kept]).all(axis=0)
    mass = branches.of_all(model, happened.mass, fires)
    found["sound"] = _sound(y.threats.leads_to, mass) & finite
    by_lane = {name: value.reshape(count, worlds) for name, value in found.items()}
    return branches.joined(model, by_lane, happened.mass[0].reshape(-1, count, worlds))


def _many(f: Callable[..., T], last: tuple[int | None, ...] | None = None) -> Callable[..., T]:
    """A function of one world made one of many, their axis last: neighbours in memory."""
    axes = -1 if last is None else tuple(None if each is None else -1 for each in last)
    mapped: Callable[..., T] = jax.vmap(f, in_axes=axes, out_axes=-1)
    return mapped


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
        pressure=y.bargain.pressure,
        autonomy=y.bargain.autonomy,
        kept=y.bargain.kept,
        hedging=y.bargain.hedging,
        rivals_extra=y.extra,
        host_extra=y.gaps.host,
        economy=y.gaps.economy,
        cost_host=y.cost.host,
        cost_helper=y.cost.helper,
    )
