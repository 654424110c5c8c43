"""How close do host and helper come, once everybody has pulled at the plan?

The policy is a place on a scale: 0 for no military ties at all, 1 for a full defence pact, a joint
exercise a month and a base of ten thousand. The host wants what its option says; other elites at
home, the helper and the neighbours want something else, and pull. What is bargained over is the
base that is new: ties that are there already have survived their bargain. Whether what survives is
also what is built is for the case to say (`binds`).
"""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from foedus.mechanisms import bargaining, presence, pressure
from foedus.mechanisms.base import Params, Scalar, assume
from foedus.mechanisms.pressure import Stakeholders

MONTHLY = 12.0
"""Joint exercises a year beyond which more bring no closer ties."""
LARGE = 4.0
"""The magnitude of a base of ten thousand, beyond which more brings no closer ties."""
AT_HOME = 2
"""The first two actors are at home: the host's government, then its other elites."""


class Alignment(Params):
    """Host and helper on the scale of their ties."""

    treaty: Scalar = assume(
        unit="1", legal=(0.01, 10), means="how much of all ties a full defence pact makes up"
    )
    exercises: Scalar = assume(
        unit="1", legal=(0.01, 10), means="how much of all ties monthly joint exercises make up"
    )
    base: Scalar = assume(
        unit="1", legal=(0.01, 10), means="how much of all ties a base of ten thousand makes up"
    )
    host: Scalar = assume(
        unit="M USD/year", legal=(0, 1e7), means="military spending of the host, as its weight"
    )
    elites: Scalar = assume(
        unit="1", legal=(0, 1), means="share of the host's weight with elites outside government"
    )
    elites_want: Scalar = assume(
        unit="1", legal=(0, 1), means="ties that those elites want, 0 none and 1 the closest"
    )
    helper: Scalar = assume(
        unit="M USD/year",
        legal=(0, 1e7),
        means="military spending of the helper that bears on this question, as its weight",
    )
    helper_wants: Scalar = assume(
        unit="1", legal=(0, 1), means="ties that the helper wants, 0 none and 1 the closest"
    )
    helper_cares: Scalar = assume(
        unit="1", legal=(0, 1), means="how much of its weight the helper spends on this question"
    )
    helper_there: Scalar = assume(
        unit="1", legal=(0, 5), means="what a base of ten thousand adds to the helper's weight"
    )
    binds: Scalar = assume(
        unit="1",
        legal=(0, 1),
        means="how far pressure binds: 0 a base is as the option says, 1 it is what survives",
    )


class Neighbour(Params):
    """The other state of a threat, in this bargain."""

    weight: Scalar = assume(
        unit="M USD/year",
        legal=(0, 1e7),
        means="military spending of this neighbour that bears on this question, as its weight",
    )
    wants: Scalar = assume(
        unit="1", legal=(0, 1), means="ties of host and helper that this neighbour would have"
    )
    cares: Scalar = assume(
        unit="1", legal=(0, 1), means="how much of its weight it spends on this question today"
    )
    alarm: Scalar = assume(
        unit="1",
        legal=(-1, 5),
        means="what a base of ten thousand adds to how much it cares, as a share",
    )
    ties: Scalar = assume(
        unit="1", legal=(0, 1), means="the host's own ties with this neighbour, on the same scale"
    )


class Alone(Params):
    """The host decides alone; it needs no numbers."""


class Bargain(NamedTuple):
    """What everybody's pull makes of an option."""

    pressure: Scalar  # of outsiders, away from what the host wants, in [0, 1]
    autonomy: Scalar  # share of its own choice that the host keeps
    kept: Scalar  # share of the new part of the base that survives
    hedging: Scalar  # how evenly the host's ties are spread, 0 one alone and 1 all alike


def closeness(a: Alignment, treaty: Scalar, exercises: Scalar, troops: Scalar) -> Scalar:
    """How close are the ties of host and helper?

    Args:
        a: what each kind of tie makes up.
        treaty: as a share of a full defence pact, in [0, 1].
        exercises: a year, >= 0.
        troops: at the base [persons], >= 0.

    Returns:
        A place in [0, 1]: the mean of three shares, weighted by what each makes up.
    """
    drilled = jnp.minimum(exercises / MONTHLY, 1.0)
    total = a.treaty + a.exercises + a.base
    part = a.treaty * treaty + a.exercises * drilled + a.base * stationed(troops)
    return jnp.clip(part / total, 0.0, 1.0)


def stationed(troops: Scalar) -> Scalar:
    """A base as a share of one of ten thousand, in orders of magnitude, at most 1."""
    return jnp.minimum(presence.magnitude(troops) / LARGE, 1.0)


def stakeholders(a: Alignment, others: Neighbour, wanted: Scalar, troops: Scalar) -> Stakeholders:
    """Who pulls, where to, and how hard: government, elites, helper, then the neighbours.

    Args:
        a: host and helper.
        others: the neighbours; leaves have an axis of them.
        wanted: the ties that the host's government wants, in [0, 1].
        troops: at the base it wants [persons].
    """
    base = stationed(troops)
    at_home = [a.host * (1.0 - a.elites), a.host * a.elites]
    helper = a.helper * (1.0 + a.helper_there * base)
    cares = jnp.clip(others.cares * (1.0 + others.alarm * base), 0.0, 1.0)
    return Stakeholders(
        capability=jnp.concatenate([jnp.stack([*at_home, helper]), others.weight]),
        salience=jnp.concatenate([jnp.stack([jnp.ones_like(base)] * 2 + [a.helper_cares]), cares]),
        position=jnp.concatenate(
            [jnp.stack([wanted, a.elites_want, a.helper_wants]), others.wants]
        ),
    )


def alone(p: Alone, who: Stakeholders) -> Scalar:
    """Whose plan survives pressure? The host's own: a government decides on its own soil.

    Source: the null; Qatar kept its base through the demand of 2017 to close it.
    """
    del p
    return who.position[0]


def mean(p: pressure.WeightedMean, who: Stakeholders) -> Scalar:
    """Which plan survives pressure? The mean of all that is wanted, by weight and salience.

    Source: Achen (2006), in The European Union Decides: hard to beat as a forecast.
    """
    return pressure.weighted_mean(p, who).policy


def median(p: pressure.WeightedMedian, who: Stakeholders) -> Scalar:
    """Which plan survives pressure? The one that beats every other in a weighted vote.

    Source: Black (1948), Journal of Political Economy 56(1).
    """
    return pressure.weighted_median(p, who).policy


def challenges(p: bargaining.ExpectedUtility, who: Stakeholders) -> Scalar:
    """Which plan survives pressure? That of actors who yield where a challenge threatens more.

    Source: Bueno de Mesquita (1994), as in `foedus.mechanisms.bargaining.expected_utility`.
    """
    return bargaining.expected_utility(p, who).policy


def pull(who: Stakeholders) -> Scalar:
    """How hard do outsiders pull away from what the host wants?

        sum over outsiders of w_i |x_i - x_host|,  w_i the share of all influence

    Returns:
        In [0, 1]: 1 if all influence lay abroad and wanted the other end of the scale. Pull to
        closer ties counts as pull to looser ones does.
    """
    away = jnp.abs(who.position - who.position[0])
    return jnp.sum((pressure.influence(who) * away)[AT_HOME:])


def survives(wanted: tuple[Scalar, Scalar], policy: tuple[Scalar, Scalar]) -> Scalar:
    """Which share of a step that the host wants is left after the bargain?

    Args:
        wanted: what the host wants without the step, and with it.
        policy: what comes of each.

    Returns:
        In [0, 1]; 1 where there is no step.
    """
    return pressure.kept(wanted[1] - wanted[0], policy[1] - policy[0])


def spread(ties: Float[Array, " states"]) -> Scalar:
    """How evenly are the host's ties spread over states?

        (1 - sum of squared shares) / (1 - 1/n)

    Returns:
        0 for ties with one state alone, or none, or where there is but one; 1 for all alike.

    Source: Simpson (1949), Nature 163:688, whose measure of concentration is the sum of squares.
    """
    total, n = ties.sum(), ties.shape[0]
    shares = ties / jnp.where(total > 0, total, 1.0)
    diverse = (1.0 - jnp.sum(shares**2)) / (1.0 - 1.0 / n) if n > 1 else jnp.zeros_like(total)
    return jnp.where(total > 0, diverse, 0.0)
