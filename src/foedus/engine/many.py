"""One world -> many worlds, in blocks of one fixed, padded size.

Worlds lie side by side in memory, their axis last; one compiled shape gives the same bits in
any split.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from foedus.case.schema import Case
from foedus.engine import arriving, branches, clock, outcomes
from foedus.engine.compiler import options
from foedus.engine.course import (
    Course,
    Grown,
    Year,
    begin,
    begins,
    home_world,
    in_force,
    one_year,
    quarrels,
    under,
)
from foedus.engine.lanes import of_many
from foedus.engine.outcomes import Path
from foedus.engine.pairs import lived
from foedus.mechanisms import escalation
from foedus.mechanisms.base import Scalar
from foedus.mechanisms.presence import CHANNELS
from foedus.worlds.model import Model
from foedus.worlds.world import World

BLOCK = 2_048  # worlds stored and computed together
BY_YEAR = 256  # likewise where outcomes are wanted after each year: there are so many more
TILE = 16  # worlds that share one pass through the caches; blocks are a multiple of it


def block(yearly: tuple[str, ...]) -> int:
    """How many worlds are stored and computed together, at most."""
    return BY_YEAR if yearly else BLOCK


def play(
    case: Case, model: Model, numbers: np.ndarray, yearly: tuple[str, ...] = ()
) -> dict[str, np.ndarray]:
    """The outcomes of at most a block of worlds, each of shape (options, worlds).

    Args:
        case: says which channels of a base each option leaves out.
        model: the shape of the case.
        numbers: shape (options, worlds, columns), as `values` gives them.
        yearly: outcomes that are wanted after each year as well.
    """
    order, wanted = _order(model, numbers), outcomes.names(model, yearly)
    tiles, on = _laid_out(case, model, numbers, order, block(yearly))
    # Worlds are the last axis of every array: a number meets a table of states by that axis.
    with jax.enable_x64(True), jax.numpy_rank_promotion("allow"):
        found = _block()(model, jnp.asarray(tiles), jnp.asarray(on), _tiles(order), wanted)
    return _named(wanted, found, order)


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
    order, wanted = _order(model, numbers), outcomes.names(model)
    tiles, on = _laid_out(case, model, numbers, order, BLOCK)
    directions, _ = _laid_out(case, model, moved, order, BLOCK)
    with jax.enable_x64(True), jax.numpy_rank_promotion("allow"):
        found, slopes = jax.jvp(
            lambda rows: _block()(model, rows, jnp.asarray(on), _tiles(order), wanted),
            (jnp.asarray(tiles),),
            (jnp.asarray(directions),),
        )
    moving = _named(wanted, slopes, order)
    moving.pop("sound")
    return _named(wanted, found, order), moving


def _tiles(order: np.ndarray) -> int:
    """How many tiles hold worlds; the others are empty, and are not played."""
    return -(-len(order) // TILE)


def _laid_out(
    case: Case, model: Model, numbers: np.ndarray, order: np.ndarray, size: int
) -> tuple[np.ndarray, list[list[float]]]:
    """Numbers as tiles of a whole block, in an order, and which channels are on by option."""
    filled = _tiles(order)
    padded = numbers[:, order[np.minimum(np.arange(filled * TILE), len(order) - 1)]]
    tiles = np.zeros((size // TILE, numbers.shape[2], len(model.options), TILE))
    tiles[:filled] = padded.reshape(len(model.options), filled, TILE, -1).transpose(1, 3, 0, 2)
    on = [[float(c not in case.options[o].without) for c in CHANNELS] for o in model.options]
    return tiles, on


def _order(model: Model, numbers: np.ndarray) -> np.ndarray:
    """Worlds in the order in which they are played: those of one theory of pressure together.

    So most tiles hold no world in which actors challenge one another, and skip those rounds.
    """
    theory = [i for i, column in enumerate(model.columns) if column.name == "theory.pressure"]
    held = numbers[model.reference][:, theory].sum(axis=1)
    return np.argsort(held, kind="stable")


def _named(wanted: tuple[str, ...], found: Array, order: np.ndarray) -> dict[str, np.ndarray]:
    """The outcomes of tiles by name, each as (options, worlds), and `sound`."""
    *numbers, sound = np.asarray(found)[: _tiles(order)].swapaxes(0, 1)
    by_name = {name: _gathered(each, order) for name, each in zip(wanted, numbers, strict=True)}
    return by_name | {"sound": _gathered(sound, order) > 0}


def _gathered(value: np.ndarray, order: np.ndarray) -> np.ndarray:
    """An outcome of tiles as (options, worlds), without the padding, in the order of the design."""
    played = value.transpose(1, 0, 2)
    options = len(played)
    rows = np.empty((options, len(order)))
    rows[:, order] = played.reshape(options, -1)[:, : len(order)]
    return rows


@cache
def _block() -> Callable[..., Float[Array, "tiles outcomes options worlds"]]:
    """`_played`, compiled; what the compiler knows is asked when it is needed first."""
    return jax.jit(_played, static_argnames=("model", "wanted"), compiler_options=options())


def _played(
    model: Model,
    rows: Float[Array, "tiles columns options worlds"],
    channels: Array,
    filled: int | Array,
    wanted: tuple[str, ...],
) -> Float[Array, "tiles outcomes options worlds"]:
    """Many worlds under every option, tile by tile; only the first `filled` tiles are played.

    One program for any number of them, so a few worlds cost little and get the same bits. The
    outcomes are one array, since each array of its own would be compiled for itself.
    """

    def one(i: Array, found: Array) -> Array:
        return found.at[i].set(_tile(model, rows[i], channels, wanted))

    shape = (len(wanted) + 1, len(model.options), TILE)
    found: Array = jax.lax.fori_loop(0, filled, one, jnp.zeros((len(rows), *shape)))
    return found


def _tile(
    model: Model,
    rows: Float[Array, "columns options worlds"],
    channels: Array,
    wanted: tuple[str, ...],
) -> Float[Array, "outcomes options worlds"]:
    """A few worlds under every option, side by side: worlds x options are the last axis.

    The last of the outcomes is whether all is sound.
    """
    rows, channels = branches.spread(model, rows, channels)
    count, worlds = rows.shape[1:]
    home = channels[model.reference]
    began = of_many(lambda row: begin(model, row, home))(rows[:, model.reference])
    then = of_many(lambda row: home_world(model, row, home))(rows[:, model.reference])
    since = of_many(lambda *each: begins(model, *each))(then, began)
    since = branches.since(model, since).reshape(-1)
    began, then = jax.tree.map(lambda leaf: jnp.tile(leaf, count), (began, then))
    lanes = rows.reshape(rows.shape[0], -1)
    on = jnp.repeat(channels.T, worlds, axis=1)
    w = of_many(lambda *each: under(model, *each))(lanes, on, then, since)
    stands = of_many(lambda course: arriving.standings(model, course.first))(w)
    calendar = jnp.arange(model.years, dtype=rows.dtype)

    def live(w: Course, then: World, since: Scalar, *rest: Any) -> Year:
        *_, year = rest
        return one_year(model, in_force(model, then, w, since, year), *rest)

    years = of_many(live, shared=(6,))

    def prepare(last: Grown, year: Scalar) -> tuple[Grown, Year]:
        y = years(w, then, since, stands, began, last, year)
        return y.leaves, y

    _, y = jax.lax.scan(prepare, began.first, calendar)
    fires = branches.fires(model, worlds)
    happened = lived(model, w.first, y.threats, began.anchors.rates, fires)
    others = of_many(quarrels)(w.first, began, y.stirs)
    path = _path(y, happened, others)
    found = of_many(lambda each: outcomes.outcomes(each, model, wanted))(path)
    kept = jnp.stack([found[name] for name in wanted])
    finite = jnp.isfinite(kept.astype(jnp.float32)).all(axis=0)  # as a run stores them
    mass = branches.of_all(model, happened.mass, fires)
    sound = _sound(y.threats.leads_to, mass) & finite
    lanes = jnp.concatenate([kept, sound[None].astype(kept.dtype)]).reshape(-1, count, worlds)
    return branches.joined(model, lanes, happened.mass[0].reshape(-1, count, worlds))


def _sound(odds: escalation.Escalation, mass: Array) -> Array:
    """Whether odds are at most 1, war is no likelier than bloodshed, and no mass is lost."""
    possible = jnp.stack([each <= 1.0 for each in odds]).all(axis=(0, 1, 2, 3))
    orderly = (odds.war <= odds.fatal).all(axis=(0, 1, 2))
    return possible & orderly & (jnp.abs(mass - 1.0) < 1e-9).all(axis=(0, 1))


def _path(y: Year, happened: clock.Happened, quarrels: Array) -> Path:
    return Path(
        disputes=happened.disputes,
        concessions=happened.concessions,
        resists=happened.resists,
        helped=happened.helped,
        aided=happened.aided,
        so_far=happened.so_far,
        quarrels=quarrels,
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
        capability=y.capability,
        rivals_extra=y.extra,
        host_extra=y.gaps.host,
        economy=y.gaps.economy,
        cost_host=y.cost.host,
        cost_helper=y.cost.helper,
    )
