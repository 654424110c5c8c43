"""Does a dispute become bloody, a war, a seizure of land?"""

from typing import NamedTuple

import jax.numpy as jnp

from foedus.mechanisms.base import Each, Params, Scalar, assume
from foedus.mechanisms.contest import Fight
from foedus.mechanisms.crisis import Crisis


class Rates(Params):
    """What the record says of this threat; the reference option reproduces it in the first year."""

    challenge: Scalar = assume(
        unit="probability/year", legal=(1e-5, 0.5), means="the challenger starts a dispute"
    )
    challenge_after_rivalry: Scalar = assume(
        unit="probability/year", legal=(1e-5, 0.5), means="the same once the rivalry is over"
    )
    response: Scalar = assume(
        unit="probability", legal=(0.01, 0.99), means="the target answers with force"
    )
    other_help: Scalar = assume(
        unit="probability",
        legal=(1e-6, 0.99),
        means="a helper outside the alliance joins the target",
    )
    war: Scalar = assume(unit="probability", legal=(1e-4, 0.5), means="a dispute becomes a war")
    fatal_unanswered: Scalar = assume(
        unit="probability", legal=(0, 1), means="an unanswered dispute costs lives"
    )
    fatal_answered: Scalar = assume(
        unit="probability", legal=(0, 1), means="an answered dispute costs lives"
    )
    grab: Scalar = assume(unit="probability", legal=(0, 1), means="a dispute ends in a land grab")
    yields: Scalar = assume(
        unit="probability", legal=(0, 1), means="an unanswered dispute ends in a concession"
    )
    surge: Scalar = assume(
        unit="1", legal=(0, 1), means="odds of war once help is there in time, against without help"
    )


class Escalation(NamedTuple):
    """Odds given a challenge; each is multiplied by the odds of the challenge."""

    fatal: Each
    war: Each
    grab: Each
    concession: Each


def war_weight(c: Crisis, in_time: Scalar, surge: Scalar) -> Each:
    """p5 + p7 + p6 (1 - A (1 - S)): fights, those eased by timely help counted at the share S."""
    return c.alone + c.aided + c.helped * (1.0 - in_time * (1.0 - surge))


def grab_weight(c: Crisis, wins: Fight) -> Each:
    """p3 + p4 (p5 P15 + p6 P16 + p7 P17): disputes left unanswered, or fought and lost."""
    lost = c.alone * wins.alone + c.helped * wins.helped + c.aided * wins.aided
    return 1.0 - c.resists + c.resists * lost


def escalation(
    r: Rates, c: Crisis, weights: tuple[Each, Each], scale: tuple[Scalar, Scalar]
) -> Escalation:
    """What a challenge leads to.

        fatal = p3 f0 + p4 f1;  war = omega p4 [war weight];  grab = gamma [grab weight]
        concession = p3 chi

    Args:
        r: the record of this threat.
        c: the crisis that follows a challenge.
        weights: `war_weight` and `grab_weight` of this crisis.
        scale: omega and gamma, solved once so that the reference reproduces the record.

    Returns:
        Odds given a challenge. A world in which one exceeds 1 is refused by the engine.

    Source:
        Frequencies: Gibler, Miller & Little, militarised disputes 1946-2010 [gml]; Bennett &
        Stam (2000) [bennett_stam2000]. Surge: Frederick et al. (2020), RAND RR2533 [rr2533].
    """
    unanswered = 1.0 - c.resists
    return Escalation(
        fatal=unanswered * r.fatal_unanswered + c.resists * r.fatal_answered,
        war=scale[0] * c.resists * weights[0],
        grab=scale[1] * weights[1],
        concession=unanswered * r.yields,
    )


def bargaining_war(cost: Scalar, highest_cost: Scalar) -> Scalar:
    """Odds of war when a demand meets a private cost of war, uniform on [0, highest_cost].

        max(0, (1 - c_C / c_max) / 2), whatever the balance of forces

    Source: Fearon (1995), IO 49(3); Powell (1999), In the Shadow of Power.
    """
    return jnp.maximum(0.0, (1.0 - cost / highest_cost) / 2.0)
