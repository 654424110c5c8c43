"""Do training, equipment and standards make a force better?"""

import jax.numpy as jnp

from foedus.mechanisms.base import Params, Scalar, assume


class Standards(Params):
    """A programme of training and new standards."""

    programme: Scalar = assume(
        unit="1",
        legal=(0, 1),
        means="training and new standards beyond today's, 1 for all that can be done",
        lever=True,
    )
    cost: Scalar = assume(
        unit="M USD/year", legal=(0, 1e6), means="what all that can be done costs the host"
    )


class Nothing(Params):
    """It makes no force better, and needs no numbers."""


class Saturates(Params):
    """A gain that grows, ever more slowly, towards the most a programme can give."""

    most: Scalar = assume(
        unit="1", legal=(0, 2), means="the most that it adds to the worth of the host's force"
    )
    speed: Scalar = assume(
        unit="1/year", legal=(0, 5), means="share of what is still to gain that a year brings"
    )


def none(p: Nothing, done: Scalar) -> Scalar:
    """Do training and standards make a force better? No, or not in a way that decides fights.

    Source: no measure of quality is agreed on; Biddle (2004), Military Power, finds that how forces
        are employed decides, which no sum of programmes measures.
    """
    del p
    return jnp.ones_like(done)


def saturates(p: Saturates, done: Scalar) -> Scalar:
    """Do training and standards make a force better? Yes, with a gain that saturates.

        1 + most (1 - exp(-speed x done))

    Args:
        p: what can be gained, and how fast.
        done: the programme of all years before, added up: years of all that can be done, >= 0.

    Returns:
        Worth of the host's force, as a multiple of that without the programme.

    Source: an exponential approach, as for skill in `readiness`; that skill counts beside numbers:
        Biddle (2004), Military Power. The sizes are assumptions.
    """
    return 1.0 - p.most * jnp.expm1(-p.speed * done)
