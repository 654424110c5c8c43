"""The years of every pair of states, those that are alike side by side."""

from typing import TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from foedus.engine import clock
from foedus.engine.year import Threatened
from foedus.mechanisms import memory
from foedus.worlds.model import Model
from foedus.worlds.world import World, knowledge

T = TypeVar("T")


def lived(
    model: Model, w: World, threats: Threatened, rates: Array, fires: Array | None = None
) -> clock.Happened:
    """The years of every pair of states; leaves have axes of years, threats, ..., worlds.

    `fires`, of shape (pairs, worlds), is as in `clock.live`.
    """
    noise, since = knowledge(model, w.common), w.local.memory.since
    odds = threats._replace(fight=None)  # type: ignore[arg-type]  # who would win is not asked

    def of_pair(pair: int) -> tuple[Threatened, Array, tuple[Array, Array], Array | None]:
        own = list(model.pairs[pair])
        first = own[0]
        shared = rates[own, :, : 1 + model.threats[first].rivals].swapaxes(0, 1)
        dated = memory.dated(shared, since[first], model.years).swapaxes(0, 1)
        ends = (w.common.treaty.end, w.local.memory.rivalry_end[first])
        here: Threatened = jax.tree.map(lambda leaf: leaf[:, own], odds)
        return here, dated, ends, None if fires is None else fires[pair]

    found: dict[int, clock.Happened] = {}
    for pairs in model.alike:  # one program for all that are alike, side by side
        here, dated, ends, fired = zip(*map(of_pair, pairs), strict=True)
        happened = clock.live(
            noise, _beside(3, *here), _beside(3, *dated), _beside(0, *ends),
            None if fires is None else _beside(0, *fired),
        )  # fmt: skip
        for k, pair in enumerate(pairs):
            found[pair] = happened.of(k)
    order = np.argsort([i for members in model.pairs for i in members])
    joined: clock.Happened = jax.tree.map(
        lambda *leaves: jnp.concatenate(leaves, axis=1)[:, order],
        *(found[pair] for pair in range(len(model.pairs))),
    )
    return joined


def _beside(axis: int, *trees: T) -> T:
    """Trees of arrays as one, with an axis of them before the axis of worlds."""
    found: T = jax.tree.map(lambda *leaves: jnp.stack(leaves, axis=axis), *trees)
    return found
