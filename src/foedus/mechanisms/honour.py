"""How likely is the helper to come when called, and what does the treaty add?"""

import jax.numpy as jnp

from foedus.mechanisms.base import Params, Scalar, assume
from foedus.mechanisms.crisis import Noise

NONE, CONSULTATION, DEFENCE = 0, 1, 2


class Treaty(Params):
    """The text between host and helper, and how lasting it is."""

    obligation: Scalar = assume(
        unit="obligation",
        legal=(0, 2),
        means="what the treaty obliges the helper to do",
        lever=True,
        words=("none", "consultation", "defence"),
    )
    consultation_weight: Scalar = assume(
        unit="1", legal=(0, 1), means="a consultation clause, as a share of a defence pact"
    )
    end: Scalar = assume(
        unit="probability/year", legal=(0, 0.5), means="the treaty ends in a given year"
    )


def weight(t: Treaty) -> Scalar:
    """The treaty as a share of a defence pact, in [0, 1]."""
    consults = jnp.where(t.obligation == CONSULTATION, t.consultation_weight, 0.0)
    return jnp.where(t.obligation == DEFENCE, 1.0, consults)


class Dispute(Params):
    """Odds of help as in militarised disputes short of war."""

    pact: Scalar = assume(
        unit="probability", legal=(1e-6, 1 - 1e-6), means="an ally joins a militarised dispute"
    )
    no_pact: Scalar = assume(
        unit="probability", legal=(1e-6, 1 - 1e-6), means="a state without a pact joins the target"
    )


class War(Params):
    """Odds of help as in wars in which the pact was invoked."""

    pact: Scalar = assume(
        unit="probability", legal=(1e-6, 1 - 1e-6), means="an ally honours its pact in war"
    )
    no_pact: Scalar = assume(
        unit="probability", legal=(1e-6, 1 - 1e-6), means="a state without a pact joins the target"
    )


def dispute(p: Dispute) -> tuple[Scalar, Scalar]:
    """How likely is help? As allies have joined militarised disputes.

    Returns:
        Odds of help (with a full defence pact, without any), both in (0, 1).

    Source:
        Counts of allies that joined the target in disputes, from the Gibler-Miller-Little
        dispute data and the ATOP alliance data [gml, atop].
    """
    return p.pact, p.no_pact


def war(p: War) -> tuple[Scalar, Scalar]:
    """How likely is help? As pacts invoked in war were honoured.

    Returns:
        Odds of help (with a full defence pact, without any), both in (0, 1).

    Source:
        Berkemeier & Fuhrmann (2018), Research & Politics 5(2) [berkemeier2018];
        Lee (2023), International Interactions 49 [lee2023].
    """
    return p.pact, p.no_pact


def odds_with(noise: Noise, pact: Scalar, no_pact: Scalar, treaty: Scalar) -> Scalar:
    """Odds of help under a treaty worth the share `treaty` of a pact, in (0, 1).

    Interpolates on the scale on which the helper's utility lives, so that 1 gives `pact`
    and 0 gives `no_pact`.
    """
    low = noise.unlink(no_pact)
    return noise.link(low + treaty * (noise.unlink(pact) - low))


def treaty_value(noise: Noise, s: Scalar, pact: Scalar, no_pact: Scalar) -> Scalar:
    """a_P [stakes]: what a full pact adds to the helper's value of intervening."""
    return noise.spread(s, jnp.ones_like(s)) * (noise.unlink(pact) - noise.unlink(no_pact))


# What a pact does to the odds of a challenge, beyond what the game says.


class Structural(Params):
    """The pact acts through the helper's resolve alone."""


class Published(Params):
    """The pact's whole effect is the one estimated from data."""

    effect: Scalar = assume(
        unit="log-odds", legal=(-2, 2), means="whole effect of a defence pact on a challenge"
    )


class Spiral(Params):
    """The pact also alarms the challenger."""

    alarm: Scalar = assume(
        unit="log-odds", legal=(0, 2), means="how far a defence pact alarms the challenger"
    )


def structural(p: Structural, treaty: Scalar, channels: Scalar) -> Scalar:
    """What does a pact do to the odds of a challenge? Nothing but raise the odds of help."""
    del p, channels
    return jnp.zeros_like(treaty)


def published(p: Published, treaty: Scalar, channels: Scalar) -> Scalar:
    """What does a pact do to the odds of a challenge? What the regressions say, in total.

    Args:
        p: `effect` [log-odds].
        treaty: the treaty as a share of a defence pact, in [0, 1].
        channels: what the game alone makes of the treaty [log-odds of a challenge].

    Returns:
        The shift still missing [log-odds]: effect x treaty - channels.

    Source:
        Benson (2011), AJPS 55 (-18 % for deterrent pacts) [benson2011]; Kenwick, Vasquez &
        Powers (2015), JOP 77 (more disputes after recent pacts) [kenwick2015].
    """
    return p.effect * treaty - channels


def spiral(p: Spiral, treaty: Scalar, channels: Scalar) -> Scalar:
    """What does a pact do to the odds of a challenge? It deters through help, and alarms.

    Source:
        The sign: Kenwick & Vasquez (2017), JOP 79 [kenwick2015]; the size is a judgement.
    """
    del channels
    return p.alarm * treaty
