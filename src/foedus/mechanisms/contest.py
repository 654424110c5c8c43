"""Who would win, if it came to a fight?

Both forms are logistic functions of an edge. `edge_of` names the edge of each, so that worlds which
believe in one and worlds which believe in the other share the logistic function.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from foedus.mechanisms.base import Params, Scalar, assume

Forces = Float[Array, "*defences"]
_TINY = 1e-12  # keeps the logarithm finite where one side brings nothing [brigades]


class Fight(NamedTuple):
    """Who would win: the challenger's chances."""

    alone: Scalar  # P15: against the target alone
    helped: Scalar  # P16: against target and helper
    aided: Scalar  # P17: against a target that gets aid


class Ratio(Params):
    """The ratio form of the contest success function."""

    decisiveness: Scalar = assume(
        unit="1", legal=(0, 10), means="how far superior force decides a fight"
    )


class Logistic(Params):
    """The difference form of the contest success function."""

    per_brigade: Scalar = assume(
        unit="1/brigade", legal=(0, 10), means="how far one brigade more decides a fight"
    )


def ratio(p: Ratio, attack: Scalar, defence: Forces) -> Forces:
    """Who would win? The ratio of the forces that meet decides.

        P(win) = A^m / (A^m + D^m), written as a logistic of m ln(A/D)

    Args:
        p: `decisiveness` m [1]: at 1 two against one wins two fights in three, at 2 four in five.
        attack: force the challenger brings to this front [brigades], >= 0.
        defence: force that meets it [brigades], >= 0, any shape.

    Returns:
        The challenger's chance to win, in [0, 1], shaped like `defence`; 0.5 where neither
        brings anything.

    Source:
        Tullock (1980); Hirshleifer (1989), Public Choice 63 [hirshleifer1989].
    """
    return jax.nn.sigmoid(_ratio_edge(p, attack, defence))


def _ratio_edge(p: Ratio, attack: Scalar, defence: Forces) -> Forces:
    more = jnp.log(jnp.maximum(attack, _TINY)) - jnp.log(jnp.maximum(defence, _TINY))
    return p.decisiveness * more


def logistic(p: Logistic, attack: Scalar, defence: Forces) -> Forces:
    """Who would win? The difference of the forces that meet decides.

        P(win) = 1 / (1 + exp(-k (A - D)))

    Args:
        p: `per_brigade` k [1/brigade].
        attack: force the challenger brings to this front [brigades], >= 0.
        defence: force that meets it [brigades], >= 0, any shape.

    Returns:
        The challenger's chance to win, in [0, 1], shaped like `defence`.

    Source:
        Hirshleifer (1989), Public Choice 63 [hirshleifer1989].
    """
    return jax.nn.sigmoid(_difference_edge(p, attack, defence))


def _difference_edge(p: Logistic, attack: Scalar, defence: Forces) -> Forces:
    return p.per_brigade * (attack - defence)


edge_of = {ratio: _ratio_edge, logistic: _difference_edge}
"""The log-odds of the challenger's chance to win, for each form that is a logistic function."""
