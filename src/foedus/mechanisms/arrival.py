"""How much help is there when the fight is decided?"""

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from foedus.mechanisms import normal
from foedus.mechanisms.base import Params, Scalar, assume

# Gauss-Hermite nodes and weights for a standard normal: the deciding day has eight values.
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(8)
NODES = tuple(float(x) for x in _NODES)
WEIGHTS = tuple(float(w) for w in _WEIGHTS / _WEIGHTS.sum())


class Timing(Params):
    """When the fight is decided, and when help can be there."""

    decided: Scalar = assume(
        unit="days", legal=(0.1, 1000), means="median day on which the fight is decided"
    )
    decided_spread: Scalar = assume(
        unit="1",
        legal=(0.01, 3),
        means="spread of the deciding day (standard deviation of its log)",
    )
    travel: Scalar = assume(
        unit="days",
        legal=(0.05, 1000),
        means="median days of travel until the help is there",
        lever=True,
    )
    travel_spread: Scalar = assume(
        unit="1", legal=(0.01, 3), means="spread of the arrival (standard deviation of its log)"
    )
    decision: Scalar = assume(
        unit="days", legal=(0, 365), means="days until the helper has decided", lever=True
    )
    warning: Scalar = assume(
        unit="days", legal=(0, 365), means="days of warning before the fighting starts", lever=True
    )


def arrival_day(t: Timing) -> Scalar:
    """Median day of the fighting on which help has arrived [days], at least a tenth.

    Warning runs against decision and travel; help cannot arrive before the fight it is for.
    """
    return jnp.maximum(t.travel + t.decision - t.warning, 0.1)


def deciding_days(t: Timing) -> Float[Array, " nodes"]:
    """The eight days on which the fight may be decided [days]; they weigh WEIGHTS."""
    return t.decided * jnp.exp(t.decided_spread * jnp.asarray(NODES))


def share_by(t: Timing, day: Float[Array, "*s"]) -> Float[Array, "*s"]:
    """Share of the promised help that has arrived by `day`, in [0, 1]: log-normal in the day."""
    return normal.cdf((jnp.log(day) - jnp.log(arrival_day(t))) / t.travel_spread)


def in_time(decided: Scalar, s_decided: Scalar, arrives: Scalar, s_arrives: Scalar) -> Scalar:
    """A: odds that help arrives before the fight is decided, a race of two log-normal times.

        A = Phi((ln t_C - ln t_R) / sqrt(s_C^2 + s_R^2))

    Args:
        decided: median deciding day [days].
        s_decided: standard deviation of its logarithm [1].
        arrives: median day of arrival [days].
        s_arrives: standard deviation of its logarithm [1].

    Returns:
        Odds in [0, 1].

    Source:
        Times to an objective and to reinforcement: Shlapak & Johnson (2016), RAND RR1253
        [rr1253]; the race itself is elementary.
    """
    return normal.cdf((jnp.log(decided) - jnp.log(arrives)) / jnp.sqrt(s_decided**2 + s_arrives**2))


# Does strength fade with distance?


class NoFade(Params):
    """Strength does not fade with distance."""


class Fades(Params):
    """Strength fades exponentially with distance."""

    distance: Scalar = assume(
        unit="km", legal=(0, 20_000), means="distance from the helper's bases to the front"
    )
    length: Scalar = assume(
        unit="km", legal=(100, 1_000_000), means="distance over which strength falls to 37 percent"
    )


def no_fade(p: NoFade) -> Scalar:
    """Does strength fade with distance? No.

    Source:
        A structural trade estimate finds no loss of strength [cooley_gradient].
    """
    del p
    return jnp.asarray(1.0)


def fades(p: Fades) -> Scalar:
    """Does strength fade with distance? D = exp(-d / L), in (0, 1].

    Source:
        Boulding (1962), Conflict and Defense [boulding1962]; the length is a judgement.
    """
    return jnp.exp(-p.distance / p.length)
