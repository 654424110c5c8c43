"""Does the challenger challenge, does the target resist, does the helper come?

The strategic probit with three players and four outcomes ("egame123"), read as challenger C,
target T and helper P, solved backwards in closed form:

    C: status quo -> Y1 | challenge
        T: leave it unanswered -> Y3 | resist
            P: stay out -> Y5 | intervene -> Y6 | aid short of troops -> Y7

Utilities are in units of the stake of the challenger. u_ab is what player a gets from outcome
Yb; the helper's outside option Y5 is worth 0. Every player privately knows a normal shock of
standard deviation s to each of its own payoffs.

Source: Signorino (1999), APSR 93(2); Kenkel & Signorino, R package `games`, egame123.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array

from foedus.mechanisms import normal
from foedus.mechanisms.base import Each, Scalar


class Noise(NamedTuple):
    """A theory of what the players do not know of each other, in three functions."""

    link: Callable[[Each], Each]  # standardised difference of utilities -> odds
    unlink: Callable[[Each], Each]  # its inverse
    spread: Callable[..., Array]  # (s, the odds that weigh the branches ahead) -> denominator
    sides: Callable[[Each], tuple[Each, Each]] | None = None  # link as odds for and against


def _private(s: Scalar, *ahead: Each) -> Each:
    return s * jnp.sqrt(1.0 + sum(p * p for p in ahead))


def _agent_error(s: Scalar, *ahead: Each) -> Scalar:
    del ahead
    return s * jnp.sqrt(2.0)


def _logit(s: Scalar, *ahead: Each) -> Scalar:
    del ahead
    return s * (jnp.sqrt(6.0) / jnp.pi)  # 1/lambda: errors with the same spread as the probit's


def logit(p: Each) -> Each:
    """Log-odds of p in (0, 1)."""
    return jnp.log(p) - jnp.log1p(-p)


PRIVATE = Noise(normal.cdf, normal.quantile, _private)
"""Private information: payoffs are known to their owner, and others average over them."""

AGENT_ERROR = Noise(normal.cdf, normal.quantile, _agent_error)
"""Agent error: each move is a probit of expected utilities (a quantal response equilibrium)."""

LOGIT = Noise(jax.nn.sigmoid, logit, _logit)
"""Logit agent quantal response, McKelvey & Palfrey (1998), Experimental Economics 1."""


class Payoffs(NamedTuple):
    """What the outcomes are worth, in stakes; the challenger's status quo u11 stands apart."""

    u13: Scalar  # challenger: unanswered
    u15: Scalar  # challenger: fights the target alone
    u16: Scalar  # challenger: fights target and helper
    u23: Scalar  # target: leaves it unanswered
    u25: Scalar  # target: fights alone
    u26: Scalar  # target: fights with the helper's troops
    u36: Each  # helper: intervenes; one value for each case, if there are several
    u17: Scalar | float = 0.0  # challenger: fights a target that gets aid
    u27: Scalar | float = 0.0  # target: fights with aid
    u37: Scalar | float = -jnp.inf  # helper: sends aid short of troops; -inf: there is none
    r: Scalar | float = 0.5  # share of the helper's shock that aid carries, in (0, 1)


class Crisis(NamedTuple):
    """What follows a challenge, and what the challenger expects of it."""

    resists: Each  # p4
    alone: Each  # p5, given resistance
    helped: Each  # p6, given resistance
    aided: Each  # p7, given resistance
    expects: Each  # the challenger's expected utility of a challenge [stakes]
    spread: Each  # the denominator of its choice [stakes]


def helper_choice(noise: Noise, s: Scalar, u: Payoffs) -> tuple[Each, Each]:
    """p6 and p7: odds that the helper intervenes, and that it sends aid only.

    One private shock theta ~ N(0, 2 s^2) moves intervention fully and aid by the share r, so
    aid is chosen in a middle band of theta; where aid is never worth while the band is empty
    and p6 is the three-branch game's, bit for bit.
    """
    wide = noise.spread(s, jnp.ones_like(s))
    troops = noise.link(u.u36 / wide)
    if isinstance(u.u37, float) and u.u37 == -jnp.inf:  # no world asks for aid
        return troops, jnp.zeros_like(troops)
    band = u.u37 > u.r * u.u36
    safe = jnp.where(band, u.u37, 0.0)  # keeps -inf out of the branch not taken
    upper = noise.link((u.u36 - safe) / ((1.0 - u.r) * wide))
    either = noise.link(safe / (u.r * wide))
    aided = jnp.maximum(either - upper, 0.0)  # a narrow band may round to -2e-16
    return jnp.where(band, upper, troops), jnp.where(band, aided, 0.0)


def crisis(noise: Noise, s: Scalar, u: Payoffs) -> Crisis:
    """Solve the game from its end up to the challenger's expectation.

        p6 = F(u36 / (s sqrt2))
        p4 = F((p5 u25 + p6 u26 - u23) / (s sqrt(1 + p5^2 + p6^2)))
        EU = p3 u13 + p4 (p5 u15 + p6 u16),  spread = s sqrt(1 + p3^2 + p4^2 (p5^2 + p6^2))

    Args:
        noise: a theory of the errors; F is its link.
        s: standard deviation of the shocks [stakes], > 0.
        u: payoffs [stakes].

    Returns:
        Odds in [0, 1] and the challenger's expectation; the odds of a challenge are
        F((EU - u11) / spread).
    """
    p6, p7 = helper_choice(noise, s, u)
    p5 = 1.0 - p6 - p7
    fights = p5 * u.u25 + p6 * u.u26 + _times(p7, u.u27)
    p4 = noise.link((fights - u.u23) / noise.spread(s, p5, p6, p7))
    p3 = 1.0 - p4
    expects = p3 * u.u13 + p4 * (p5 * u.u15 + p6 * u.u16 + _times(p7, u.u17))
    return Crisis(p4, p5, p6, p7, expects, noise.spread(s, p3, p4 * p5, p4 * p6, p4 * p7))


def challenge(noise: Noise, after: Crisis, u11: Scalar) -> Each:
    """p2: odds of a challenge, given what the status quo is worth to the challenger."""
    return noise.link((after.expects - u11) / after.spread)


def resistance_price(noise: Noise, s: Scalar, u: Payoffs, resist: Scalar) -> Each:
    """u23, the target's value of not answering, that makes it resist with odds `resist`."""
    p6, p7 = helper_choice(noise, s, u)
    p5 = 1.0 - p6 - p7
    fights = p5 * u.u25 + p6 * u.u26 + _times(p7, u.u27)
    return fights - noise.spread(s, p5, p6, p7) * noise.unlink(resist)


def intervention_value(noise: Noise, s: Scalar, help_odds: Scalar) -> Scalar:
    """u36, the helper's value of intervening, that makes it come with odds `help_odds`."""
    return noise.spread(s, jnp.ones_like(s)) * noise.unlink(help_odds)


def status_quo_value(noise: Noise, after: Crisis, challenge_odds: Scalar) -> Scalar:
    """u11, the status quo's value to the challenger, for the odds `challenge_odds`."""
    return after.expects - after.spread * noise.unlink(challenge_odds)


def shifted(noise: Noise, score: Array, ratio: Array) -> Array:
    """The odds link(score), their ratio to the odds against multiplied by `ratio`."""
    if noise.sides is None:
        yes = noise.link(score)
        no = 1.0 - yes
    else:
        yes, no = noise.sides(score)
    return yes * ratio / (no + yes * ratio)


def shift_log_odds(p: Array, shift: Array) -> Array:
    """The odds p moved by `shift` in log-odds: p e^L / (1 - p + p e^L)."""
    lifted = p * jnp.exp(shift)
    return lifted / (1.0 - p + lifted)


def unknown_resolve_threshold(conflict: Scalar, status_quo: Scalar, gain: Scalar) -> Scalar:
    """The credibility above which a challenger does not attack, in the rudimentary asymmetric game.

        p* = (gain - status_quo) / (gain - conflict)

    Source: Zagare & Kilgour (2000), Perfect Deterrence, appendix 3.
    """
    return (gain - status_quo) / (gain - conflict)


def _times(odds: Each, value: Array | float) -> Each:
    """odds x value, and 0 where the odds are 0 whatever the value."""
    return jnp.where(odds > 0, odds * value, 0.0)
