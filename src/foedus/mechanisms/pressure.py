"""Which policy survives the pressure of elites, helper and neighbours, and at what autonomy?

Every actor has a capability, a salience (how much of it the actor would spend on this question)
and a wanted position on the scale of the policy. The weighted mean is hard to beat as a forecast
and is the baseline; the challenge models of `foedus.mechanisms.bargaining` are its rivals. They
disagree over the whole range of the positions, so never report one of them alone.
"""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Bool, Float

from foedus.mechanisms.base import Params, Scalar

Actor = Float[Array, " actors"]

ROUND_OFF = 1e-12
"""Weights that make up one half but for rounding are one half."""


class Stakeholders(NamedTuple):
    """Who wants what. Any unit of capability serves; only shares matter."""

    capability: Actor  # >= 0; of outsiders, after the discount for distance
    salience: Actor  # [0, 1]
    position: Actor  # on the scale of the policy; 0 means none of it


class Outcome(NamedTuple):
    """What one theory expects."""

    policy: Scalar  # the theory's answer, on the scale of the policy
    mean: Scalar  # weighted mean of where the actors end
    median: Scalar  # weighted median of where the actors end
    settled: Bool[Array, ""]  # nobody moves any more
    cycling: Bool[Array, ""]  # not settled: every second round looks alike
    path: Float[Array, "rounds actors"]  # positions; row 0 is where they start


class WeightedMean(Params):
    """The baseline; it needs no numbers but the actors' own."""


class WeightedMedian(Params):
    """The median voter; it needs no numbers but the actors' own."""


def influence(who: Stakeholders) -> Actor:
    """Each actor's share of capability times salience; equal shares where nobody has any."""
    scaled = who.capability / _or_one(who.capability.max())
    weight = scaled * who.salience
    total = weight.sum()
    return jnp.where(total > 0, weight / _or_one(total), 1.0 / weight.size)


def mean_position(weight: Actor, position: Actor) -> Scalar:
    """sum_i w_i x_i for weights that add to 1."""
    return weight @ position


def median_position(weight: Actor, position: Actor) -> Scalar:
    """The lowest position that at least half of the weight lies at or below.

    It beats every other position of an actor in a vote in which the weight cast is proportional
    to the difference in distance, as in Scholz, Calbert & Smith (2011).
    """
    below = jnp.where(position[None, :] <= position[:, None], weight[None, :], 0.0).sum(axis=1)
    return jnp.where(below >= weight.sum() * (0.5 - ROUND_OFF), position, jnp.inf).min()


def weighted_mean(p: WeightedMean, who: Stakeholders) -> Outcome:
    """Which policy survives? The mean of all positions, weighted by capability and salience.

        x = sum_i c_i s_i x_i / sum_i c_i s_i

    Args:
        p: no numbers.
        who: the actors.

    Returns:
        An outcome whose path is the start alone, and which is always settled.

    Source: Achen (2006), in The European Union Decides, for why it is the baseline; Scholz,
        Calbert & Smith (2011), Journal of Theoretical Politics 23(4), for the worked example.
    """
    del p
    return _at_once(who, mean=True)


def weighted_median(p: WeightedMedian, who: Stakeholders) -> Outcome:
    """Which policy survives? The median position, weighted by capability and salience.

    Args:
        p: no numbers.
        who: the actors.

    Returns:
        An outcome whose path is the start alone, and which is always settled.

    Source: Black (1948), Journal of Political Economy 56(1); with weights as in Bueno de
        Mesquita (1994), in European Community Decision Making.
    """
    del p
    return _at_once(who, mean=False)


def kept(wanted: Scalar, policy: Scalar) -> Scalar:
    """Which share of the wanted policy survives?

        min(1, max(0, policy / wanted))

    Args:
        wanted: the policy before pressure, on a scale on which 0 means none of it.
        policy: what survives, on the same scale.

    Returns:
        Share in [0, 1]; 1 where nothing was wanted. More than was wanted counts as all of it:
        what is then lost is autonomy.
    """
    some = wanted != 0
    return jnp.where(some, jnp.clip(policy / jnp.where(some, wanted, 1.0), 0.0, 1.0), 1.0)


def autonomy(ideal: Scalar, policy: Scalar, span: Scalar) -> Scalar:
    """How much of its own choice does the host keep?

        1 - min(1, |policy - ideal| / span)

    Args:
        ideal: what the host would do without pressure.
        policy: what it does.
        span: the largest distance there is between two positions, >= 0.

    Returns:
        1 where pressure moves nothing, 0 where it moves the host across the whole scale; 1
        where there is no scale to move on.
    """
    moved = jnp.abs(policy - ideal) / _or_one(span)
    return jnp.where(span > 0, 1.0 - jnp.clip(moved, 0.0, 1.0), 1.0)


def span(who: Stakeholders) -> Scalar:
    """The distance between the two outermost positions."""
    return who.position.max() - who.position.min()


def _at_once(who: Stakeholders, *, mean: bool) -> Outcome:
    """The outcome of a theory without rounds."""
    weight = influence(who)
    middle, median = mean_position(weight, who.position), median_position(weight, who.position)
    return Outcome(
        policy=middle if mean else median,
        mean=middle,
        median=median,
        settled=jnp.array(True),
        cycling=jnp.array(False),
        path=who.position[None, :],
    )


def _or_one(x: Scalar) -> Scalar:
    """x, or 1 where x is 0: a divisor that never makes a NaN, nor one of its gradient."""
    return jnp.where(x > 0, x, 1.0)
