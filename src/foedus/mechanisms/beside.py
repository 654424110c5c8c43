"""How often do the helper and the host's neighbours quarrel, beside what the host is part of?"""

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from foedus.mechanisms.base import Params, Scalar, assume
from foedus.mechanisms.crisis import logit
from foedus.mechanisms.memory import OTHERS, STATES, Years

PATTERN = np.log(OTHERS)  # by full years since the last dispute
STEPS = 5  # of Newton's method: to the last bits over the whole legal range


class Beside(Params):
    """The disputes of two states of the region, whoever begins them."""

    rate: Scalar = assume(
        unit="probability/year",
        legal=(0.001, 0.9),
        means="odds of a dispute in a year, mean over quiet and tense years",
    )
    memory: Scalar = assume(
        unit="1", legal=(0, 1), means="how much of the pattern is memory, not difference of pairs"
    )
    since: Scalar = assume(
        unit="years", legal=(0, 15), means="full years since the pair's last dispute"
    )
    spill: Scalar = assume(
        unit="1",
        legal=(0, 1),
        means="share of what a base does to disputes with the host that it does to these as well",
    )


def calibrated(p: Beside) -> Years:
    """The odds for each number of quiet years at which years have a dispute `rate` of the time.

        log-odds after t quiet years = level + memory ln m(t)/mean m

    The level is that at which the mean time between disputes is 1 / rate, whatever the memory:
    pairs that quarrel often spend more years just after a dispute, so `rate` alone would be passed.

    Args:
        p: the pair, as it is under the reference in the first year.

    Returns:
        Odds p / (1 - p) by full years since the last dispute.

    Source:
        The pattern of contiguous states that are no rivals [gml].
    """

    def gap(level: Scalar) -> Scalar:
        return jnp.log(_quiet_years(jnp.exp(level + pattern))) + start

    def step(_: Array, level: Scalar) -> Scalar:
        off, slope = jax.jvp(gap, (level,), (jnp.ones_like(level),))
        found: Scalar = level - off / slope
        return found

    pattern, start = p.memory * jnp.asarray(PATTERN), logit(p.rate)  # without memory, the level
    level: Scalar = jax.lax.fori_loop(0, STEPS, step, start)
    return jnp.exp(level + pattern)


def disputes(odds: Years, since: Scalar, shift: Float[Array, " years"]) -> Float[Array, " years"]:
    """How likely is a dispute in each year?

    The years since the last one are carried as a law, as in `memory`: a year with more disputes is
    followed by tenser ones.

    Args:
        odds: p / (1 - p) by full years since the last dispute, as `calibrated` gives them.
        since: full years since the last dispute when the first year begins.
        shift: what an option adds to the odds of a dispute in each year [log-odds].

    Returns:
        In [0, 1].

    Source:
        That a base stirs disputes with its owner as it stirs those with its host is an assumption,
        and so is the share.
    """
    ages = jnp.arange(float(STATES), dtype=since.dtype)
    first = jnp.where(ages == jnp.round(since), 1.0, 0.0)

    def year(law: Years, ratio: Scalar) -> tuple[Years, Scalar]:
        quiet = law / (1.0 + odds * ratio)
        disputed = jnp.sum(law - quiet)
        later = jnp.where(ages == 0, disputed, jnp.roll(quiet, 1))
        return jnp.where(ages == STATES - 1, later + quiet[-1], later), disputed

    _, found = jax.lax.scan(year, first, jnp.exp(shift))
    return found


def _quiet_years(odds: Years) -> Scalar:
    """Mean full years without a dispute after one: the sum of the chances of at least 1, 2, ..."""
    quiet = 1.0 / (1.0 + odds)
    lasting, total = jnp.ones_like(quiet[0]), jnp.zeros_like(quiet[0])
    for age in range(STATES - 1):
        lasting = lasting * quiet[age]
        total = total + lasting
    return total + lasting / odds[-1]  # the last state is left only by a dispute
