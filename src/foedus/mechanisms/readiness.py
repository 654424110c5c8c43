"""How ready are the forces, and how well do they work together?"""

import jax.numpy as jnp

from foedus.mechanisms.base import Params, Scalar, assume


class Training(Params):
    """Joint exercises, what they teach and how fast it is lost."""

    exercises: Scalar = assume(
        unit="exercises/year", legal=(0, 100), means="joint exercises a year", lever=True
    )
    coverage: Scalar = assume(
        unit="1", legal=(0, 1), means="share of the force that one exercise trains", lever=True
    )
    gain: Scalar = assume(
        unit="1",
        legal=(0, 0.999),
        means="share of the gap that an exercise closes for who takes part",
    )
    decay: Scalar = assume(unit="1/year", legal=(0, 5), means="skill lost by disuse")
    turnover: Scalar = assume(unit="1/year", legal=(0, 1), means="skill lost as people leave")
    floor: Scalar = assume(
        unit="1", legal=(0, 1), means="readiness of an army without joint exercises"
    )
    together: Scalar = assume(
        unit="1", legal=(0, 1), means="how well forces work together without joint exercises"
    )


def rate(t: Training) -> Scalar:
    """nu = -n ln(1 - g coverage): how fast exercises fill the gap [1/year]."""
    return -t.exercises * jnp.log1p(-t.gain * t.coverage)


def steady_skill(t: Training) -> Scalar:
    """Skill after many years of the same programme, in [0, 1]: nu / (nu + lambda)."""
    lost = t.decay + t.turnover
    return rate(t) / jnp.maximum(rate(t) + lost, 1e-12)


def next_skill(t: Training, skill: Scalar) -> Scalar:
    """Skill one year on: R' = R_inf + (R - R_inf) exp(-(nu + lambda)).

    Args:
        t: this year's programme.
        skill: skill now, in [0, 1].

    Returns:
        Skill in a year, in [0, 1].

    Source:
        Decay: Arthur et al. (1998), Human Performance 11 [arthur1998]; Tatel & Ackerman,
        Psychological Bulletin [tatel_ackerman]. Exercises spread evenly over the year.
    """
    goal = steady_skill(t)
    return goal + (skill - goal) * jnp.exp(-(rate(t) + t.decay + t.turnover))


def readiness(t: Training, skill: Scalar) -> Scalar:
    """What the host's force is worth, as a share of a fully trained one, in [floor, 1]."""
    return t.floor + (1.0 - t.floor) * skill


def interoperability(t: Training, skill: Scalar) -> Scalar:
    """What the helper's force is worth beside the host's, in [together, 1]."""
    return t.together + (1.0 - t.together) * skill


def sawtooth(gain: Scalar, loss: Scalar, period: Scalar) -> tuple[Scalar, Scalar, Scalar]:
    """Peak, mean and trough of skill when every `period` years one exercise trains all.

    The discrete form of the same law, kept as a check of the smooth one:
    peak = g / (1 - (1 - g) e), mean = peak (1 - e) / (lambda dt), trough = peak e,
    with e = exp(-lambda dt).
    """
    kept = jnp.exp(-loss * period)
    peak = gain / (1.0 - (1.0 - gain) * kept)
    return peak, peak * (1.0 - kept) / (loss * period), peak * kept


# What do exercises signal to the challenger?


class Deters(Params):
    """Exercises make a challenge less likely."""

    effect: Scalar = assume(
        unit="log-odds", legal=(-1, 0), means="effect of eleven exercises a year on a challenge"
    )


class Silent(Params):
    """Exercises say nothing to the challenger."""


class Provokes(Params):
    """Exercises make a challenge more likely."""

    effect: Scalar = assume(
        unit="log-odds", legal=(0, 1), means="effect of eleven exercises a year on a challenge"
    )


def _scale(exercises: Scalar) -> Scalar:
    return jnp.log1p(exercises) / jnp.log(12.0)


def deters(p: Deters, exercises: Scalar) -> Scalar:
    """What do exercises signal to the challenger? Resolve.

    Returns:
        Shift [log-odds] of a challenge: `effect` at eleven exercises a year.

    Source:
        Kuo & Blankenship (2022), JCR 66(1): exercises with allies lower escalation
        [kuo_blankenship2022]; the size is a judgement.
    """
    return p.effect * _scale(exercises)


def silent(p: Silent, exercises: Scalar) -> Scalar:
    """What do exercises signal to the challenger? Nothing.

    Source:
        D'Orazio (2012), Journal of East Asian Studies 12(2): no systematic escalation around
        exercises.
    """
    del p
    return jnp.zeros_like(exercises)


def provokes(p: Provokes, exercises: Scalar) -> Scalar:
    """What do exercises signal to the challenger? A threat.

    Source:
        Bernhardt & Sukin (2021), JCR 65 [bernhardt_sukin2021]; the size is a judgement.
    """
    return p.effect * _scale(exercises)
