"""Which of several does an actor take? The best; the first of equals.

Loops over options are unrolled into sums and comparisons, which XLA fuses and vectorises over
worlds; its reductions, argmin and gathers over so few entries are several times slower.
"""

import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int

Each = Float[Array, "actors options"]


def first_best(rank: Each, open_to: Bool[Array, "actors options"]) -> Int[Array, " actors"]:
    """For each actor (row) the open option of least rank, the first one of equals.

    Args:
        rank: what the actor minimises.
        open_to: which options it has.

    Returns:
        The option's number, or -1 for an actor without one.
    """
    best = jnp.full_like(rank[:, 0], jnp.inf)
    choice = jnp.full_like(open_to[:, 0], -1, dtype=jnp.int32)
    for k in range(rank.shape[1]):
        better = open_to[:, k] & (rank[:, k] < best)
        best = jnp.where(better, rank[:, k], best)
        choice = jnp.where(better, k, choice)
    return choice


def taken(
    options: Each, choice: Int[Array, " actors"], otherwise: Array
) -> Float[Array, " actors"]:
    """The value of the option each actor takes.

    Args:
        options: what each option is worth to each actor (row).
        choice: the option's number, or -1.
        otherwise: the value for actors without one.
    """
    value = otherwise
    for k in range(options.shape[1]):
        value = jnp.where(choice == k, options[:, k], value)
    return value
