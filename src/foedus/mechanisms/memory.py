"""How does the last dispute bear on the next? A chain of years since, carried exactly."""

from functools import reduce
from operator import add

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from foedus.mechanisms.base import Params, Scalar, assume

STATES = 16  # 0 .. 14 full years since the last dispute, and 15 or more

Years = Float[Array, " years_since"]


class Memory(Params):
    """How much of the pattern is memory, and how lasting the rivalry is."""

    share: Scalar = assume(
        unit="1", legal=(0, 1), means="how much of the pattern is memory, not difference of pairs"
    )
    since: Scalar = assume(
        unit="years", legal=(0, 15), means="full years since the pair's last dispute"
    )
    rivalry_end: Scalar = assume(
        unit="probability/year", legal=(0, 0.5), means="the rivalry ends in a given year"
    )


def rivals(years: np.ndarray) -> np.ndarray:
    """Odds a year of a dispute between contiguous rivals: .075 + .26 exp(-t/3).

    Fitted to the observed .333 .286 .226 .150 .099 .077 at 0, 1, 2, 3-5, 6-10 and 11-20 years
    since the last dispute, pairs of contiguous strategic rivals 1946-2010 [gml, tss].
    """
    return 0.075 + 0.26 * np.exp(-years / 3.0)


def others(years: np.ndarray) -> np.ndarray:
    """The same between contiguous states that are no rivals: .013 + .176 exp(-t/3.84).

    Fitted to the observed .184 .152 .124 .069 .031 .020, all within .01 [gml].
    """
    return 0.013 + 0.176 * np.exp(-years / 3.84)


def pattern(odds: np.ndarray) -> np.ndarray:
    """The pattern relative to its mean, over the law that the chain itself settles in.

    Args:
        odds: odds of a dispute a year by years since the last one, shape (16,).

    Returns:
        odds / mean, shape (16,).
    """
    reached = np.concatenate([[1.0], np.cumprod(1.0 - odds)])[: len(odds)]
    reached[-1] /= odds[-1]  # the last state is left only by a dispute
    return np.asarray(odds / ((reached * odds).sum() / reached.sum()))


RIVALS = pattern(rivals(np.arange(STATES)))
OTHERS = pattern(others(np.arange(STATES)))


def remembered(rate: Scalar, shape: Years, share: Scalar) -> Years:
    """pi_c(t) = pi_c (1 - share + share m(t)/mean m): odds of a challenge by years since."""
    return rate * (1.0 - share + share * shape)


def dated(rates: Array, since: Array, years: int) -> Array:
    """Odds for each year since a dispute that a history may remember.

    Args:
        rates: odds (or scores) by full years since the last dispute; axes: 16 states, others.
        since: full years since the last dispute when the first year begins.
        years: how many years there are.

    Returns:
        First, for each year, the odds if there was no dispute since before the first; then those
        by full years since a later dispute. Axes: years + 16, others.
    """
    others = [1] * (rates.ndim - 1 - since.ndim)
    year = jnp.arange(years, dtype=since.dtype).reshape(years, *others, *[1] * since.ndim)
    before = jnp.minimum(jnp.round(since) + year, STATES - 1.0)
    terms = [rates[age] * jnp.where(before == float(age), 1.0, 0.0) for age in range(STATES)]
    return jnp.concatenate([reduce(add, terms), rates])
