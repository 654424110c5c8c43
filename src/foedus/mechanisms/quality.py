"""Do training, equipment and standards make a force better?"""

from typing import NamedTuple

import jax.numpy as jnp

from foedus.mechanisms.base import Params, Scalar, assume


class Nothing(Params):
    """They do not, or the case does not ask; it needs no numbers."""


class Saturates(Params):
    """A programme whose gain grows, ever more slowly, towards the most it can give."""

    programme: Scalar = assume(
        unit="1",
        legal=(0, 1),
        means="training and new standards beyond today's, 1 for all that can be done",
        lever=True,
    )
    most: Scalar = assume(
        unit="1", legal=(0, 2), means="the most that it adds to the worth of the host's force"
    )
    speed: Scalar = assume(
        unit="1/year", legal=(0, 5), means="share of what is still to gain that a year brings"
    )
    cost: Scalar = assume(
        unit="M USD/year", legal=(0, 1e6), means="what all that can be done costs the host"
    )


class Better(NamedTuple):
    """What a programme has made of a force."""

    worth: Scalar  # of the host's force, as a multiple of that without the programme
    cost: Scalar  # to the host [M USD a year]


def none(p: Nothing, year: Scalar) -> Better:
    """Do training and standards make a force better? No, or not in a way that decides fights.

    Source: no measure of quality is agreed on; Biddle (2004), Military Power, finds that how forces
        are used, which programmes change slowly, decides.
    """
    del p
    return Better(jnp.ones_like(year), jnp.zeros_like(year))


def saturates(p: Saturates, year: Scalar) -> Better:
    """Do training and standards make a force better? Yes, with a gain that saturates.

        1 + most (1 - exp(-speed x programme x year))

    Args:
        p: the programme and what it can give.
        year: full years since it began, >= 0.

    Source: an exponential approach, as for skill in `readiness`; that skill counts beside numbers:
        Biddle (2004), Military Power. The sizes are assumptions.
    """
    gained = -jnp.expm1(-p.speed * p.programme * year)
    return Better(1.0 + p.most * gained, p.cost * p.programme)
