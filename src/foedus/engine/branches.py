"""Options that wait for a dispute: a branch for each year in which it may first come.

Until then such an option is the reference, so how likely each year is to be the one is known from
the pair's own histories. Each branch is played as an option of its own that begins in the year
after, with the pair's histories as they are given that; the branches are then added up by their
odds. That is exact: nothing is drawn, and all years together are the whole.
"""

import jax.numpy as jnp
from jaxtyping import Array, Float

from foedus.engine.course import NEVER
from foedus.worlds.model import Model

Rows = Float[Array, "columns options worlds"]
Lanes = Float[Array, "lanes worlds"]


def spread(model: Model, rows: Rows, channels: Array) -> tuple[Array, Array]:
    """The options, then the branches of each that waits for a dispute: one for every year.

    The option's own place is that of the histories without any dispute.
    """
    if not model.awaits:
        return rows, channels
    own = [a.option for a in model.awaits for _ in range(model.years)]
    places = jnp.asarray([*range(len(model.options)), *own])
    return rows[:, places], channels[places]


def since(model: Model, begins: Float[Array, "options worlds"]) -> Lanes:
    """The year from which each lane acts; `begins` is what else an option waits for."""
    if not model.awaits:
        return begins
    for each in model.awaits:
        begins = begins.at[each.option].set(NEVER)
    later = jnp.arange(1.0, model.years + 1.0)
    branches = jnp.tile(later, len(model.awaits))[:, None]
    return jnp.concatenate([begins, jnp.broadcast_to(branches, (len(branches), begins.shape[1]))])


def fires(model: Model, worlds: int) -> Float[Array, "pairs lanes"] | None:
    """The year of the first dispute of each pair in each lane, as `clock.live` is given it."""
    if not model.awaits:
        return None
    lanes = len(model.options) + model.years * len(model.awaits)
    found = jnp.full((len(model.pairs), lanes), jnp.nan)
    for i, each in enumerate(model.awaits):
        pair = model.pair(each.threat)
        found = found.at[pair, each.option].set(float(model.years))
        found = found.at[pair, _branches(model, i)].set(jnp.arange(float(model.years)))
    return jnp.repeat(found, worlds, axis=1)


def of_all(
    model: Model, mass: Float[Array, "years threats lanes"], fires: Array | None
) -> Float[Array, "years threats lanes"]:
    """The mass of histories where it must be that of all, 1; and 1 where it is that of some."""
    if fires is None:
        return mass
    pairs = jnp.asarray([model.pair(i) for i in range(len(model.threats))])
    return jnp.where(jnp.isnan(fires[pairs]), mass, 1.0)


def joined(
    model: Model,
    found: Float[Array, "outcomes lanes worlds"],
    mass: Float[Array, "threats lanes worlds"],
) -> Float[Array, "outcomes options worlds"]:
    """The outcomes of every option; those of one that waits are those of its branches, weighed.

    Args:
        model: the shape of the case.
        found: outcomes of every lane; the last is 1 where the lane is sound, else 0.
        mass: of each pair's histories in every lane, as `clock.live` gives it.
    """
    whole = found[:, : len(model.options)]
    for i, each in enumerate(model.awaits):
        odds = mass[each.threat, _branches(model, i)]
        never = 1.0 - odds.sum(axis=0)
        own, later = found[:, each.option], found[:, _branches(model, i)]
        both = never * own + jnp.sum(odds * later, axis=1)
        both = both.at[-1].set(jnp.minimum(own[-1], later[-1].min(axis=0)))
        whole = whole.at[:, each.option].set(both)
    return whole


def _branches(model: Model, i: int) -> slice:
    """The lanes of the branches of the i-th option that waits."""
    start = len(model.options) + i * model.years
    return slice(start, start + model.years)
