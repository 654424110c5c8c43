"""Who would win, if losses fall at random? And which year is the worst?"""

import jax.numpy as jnp

from foedus.engine.outcomes import Outcome
from foedus.mechanisms import normal
from foedus.mechanisms.base import Params, Scalar, assume


class SquareLaw(Params):
    """Lanchester's square law with losses at random."""

    units: Scalar = assume(
        unit="1/brigade", legal=(0.1, 5_000), means="independent units to a brigade"
    )


def square_law(p: SquareLaw, attack: Scalar, defence):
    """Who would win? The larger side, the more surely the more units fight.

        P(win) = Phi(sqrt(3) (A - D) / sqrt(A + D)), A and D in units

    Args:
        p: `units` to a brigade: the fewer, the more is left to chance.
        attack: force the challenger brings to this front [brigades], >= 0.
        defence: force that meets it [brigades], >= 0, any shape.

    Returns:
        The challenger's chance to win, in [0, 1], shaped like `defence`.

    Source:
        Brown (1963), Theory of combat: the probability of winning, Operations Research 11.
    """
    both = jnp.maximum(attack + defence, 1e-12)
    return normal.cdf(jnp.sqrt(3.0 * p.units) * (attack - defence) / jnp.sqrt(both))


def _by_threat(path):
    return path.disputes.max(axis=0)


worst_year = Outcome(
    means="odds of a dispute in the worst year",
    unit="probability",
    better="lower",
    by_threat=_by_threat,
    total=lambda path, model: path.disputes.max(),
)
