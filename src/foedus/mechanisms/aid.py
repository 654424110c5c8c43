"""Can the helper send aid short of troops: advice, intelligence, equipment?

A third choice of the helper, between staying out and sending troops. What it makes of the game is
solved in `foedus.mechanisms.crisis`; here is what it is worth.
"""

from typing import NamedTuple

import jax.numpy as jnp

from foedus.mechanisms import crisis
from foedus.mechanisms.base import Params, Scalar, assume
from foedus.mechanisms.crisis import Noise

SURE = 1.0 - 1e-6  # odds of any help at all stay below 1


class Nothing(Params):
    """There is no aid short of troops; it needs no numbers."""


class ShortOfTroops(Params):
    """What aid is, and how likely it is where no troops come."""

    odds: Scalar = assume(
        unit="probability",
        legal=(0, 0.99),
        means="the helper, once called, sends aid but no troops",
        lever=True,
    )
    strength: Scalar = assume(
        unit="1", legal=(0, 3), means="what aid adds to the target's own force", lever=True
    )
    share: Scalar = assume(
        unit="1",
        legal=(0.05, 0.95),
        means="how far what moves the helper to send troops moves it to send aid",
    )
    cost: Scalar = assume(
        unit="M USD/year", legal=(0, 10_000), means="keeping aid ready, to the helper", lever=True
    )


class Offer(NamedTuple):
    """The aid that could be sent."""

    possible: Scalar  # 1, or 0 where there is none
    odds: Scalar  # pi_a under the reference, of aid and no troops
    strength: Scalar  # alpha
    share: Scalar  # r, in (0, 1)
    cost: Scalar  # [M USD/year]


def none(p: Nothing) -> Offer:
    """Can the helper send aid short of troops? No: it sends troops or stays out.

    Source: Signorino (1999), APSR 93(2): the game with three branches.
    """
    del p
    nothing = jnp.zeros(())
    return Offer(nothing, nothing, nothing, jnp.full((), 0.5), nothing)


def short_of_troops(p: ShortOfTroops) -> Offer:
    """Can the helper send aid short of troops? Yes, as a choice between troops and nothing.

    One private shock moves the helper to troops fully and to aid by a share, so aid that is worth
    more makes troops less likely: it may help, and it may stand in for help.

    Source: the game of Signorino (1999), APSR 93(2); the fourth branch is foedus's own.
    """
    return Offer(jnp.ones(()), p.odds, p.strength, p.share, p.cost)


def worth(noise: Noise, s: Scalar, offer: Offer, troops: Scalar) -> Scalar:
    """u37, what sending aid is worth to the helper [stakes].

        u37 = r s sqrt2 PhiInv(pi_i + pi_a)

    Args:
        noise: a theory of the errors.
        s: spread of the shocks [stakes].
        offer: pi_a and r.
        troops: pi_i, odds of troops under the reference.
    """
    either = jnp.minimum(troops + offer.odds, SURE)
    return offer.share * crisis.intervention_value(noise, s, either)


def worth_of_troops(noise: Noise, s: Scalar, offer: Offer, troops: Scalar) -> Scalar:
    """u36 that makes the helper send troops with odds pi_i, though it could send aid [stakes].

    u36 = u37 + (1 - r) s sqrt2 PhiInv(pi_i), or s sqrt2 PhiInv(pi_i) where there is no aid.
    """
    alone = crisis.intervention_value(noise, s, troops)
    beside = worth(noise, s, offer, troops) + (1.0 - offer.share) * alone
    return jnp.where(offer.odds * offer.possible > 0, beside, alone)
