"""How do rivals spend when the forces they face change, and what does it cost in growth?

Both theories move the *gap* of a state's spending, in logs, against its path under the reference
option. The constants of the published equations are absorbed by that path, so an option that
changes nothing leaves every gap at exactly 0, to the last bit.
"""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Bool, Float

from foedus.mechanisms.base import Params, Scalar, assume

Each = Float[Array, "*actors"]
"""One number, or one for each state."""

LEAST_SHARE = 0.01
"""Spending never falls below this share of its reference: a state keeps some army."""


class ErrorCorrection(Params):
    """Spending follows the forces faced, partly at once and then towards a long-run level."""

    impact: Scalar = assume(
        unit="elasticity", legal=(0.0, 1.0), means="reaction to last year's change of rival forces"
    )
    adjustment: Scalar = assume(
        unit="1/year",
        legal=(0.0, 1.0),
        means="share of the long-run gap closed a year",
    )
    reaction: Scalar = assume(
        unit="elasticity", legal=(0.0, 0.95), means="long-run reaction of spending to rival forces"
    )
    income: Scalar = assume(
        unit="elasticity", legal=(0.0, 2.0), means="long-run reaction of spending to own GDP"
    )


class Richardson(Params):
    """Spending rises with the rival's, falls with its own burden, and has a grievance."""

    defence: Scalar = assume(
        unit="1/year", legal=(0.0, 1.0), means="spending added a year per unit the rival spends"
    )
    fatigue: Scalar = assume(
        unit="1/year", legal=(0.0, 1.0), means="spending dropped a year per unit already spent"
    )
    grievance: Scalar = assume(
        unit="money/year^2", legal=(0.0, 1e6), means="spending added a year without any rival"
    )


class ForeignForces(Params):
    """How a state counts forces that a third state keeps at its rival's."""

    weight: Scalar = assume(
        unit="1",
        legal=(0.0, 5.0),
        means="weight of foreign forces stationed at a rival against the rival's own spending",
    )


class CrowdingOut(Params):
    """What the defence burden does to growth."""

    effect: Scalar = assume(
        unit="pp growth per pp of GDP",
        legal=(-1.0, 1.0),
        means="change of growth for each point of GDP spent on defence",
    )


class Race(NamedTuple):
    """Where a Richardson race of two states ends."""

    one: Scalar  # spending of the first state at rest; inf where there is no rest
    other: Scalar  # spending of the second
    stable: Bool[Array, ""]  # False: no world may use these coefficients


def forces_faced(
    p: ForeignForces,
    rivalry: Float[Array, "actors actors"],
    spending: Float[Array, " actors"],
    foreign: Float[Array, " actors"],
) -> Float[Array, " actors"]:
    """What each state has to reckon with: its rivals, and the foreign forces they host.

        R_i = sum_j rivalry_ij (m_j + w_B f_j)

    Args:
        p: the weight w_B of foreign forces.
        rivalry: row i holds how far i counts each state as a rival [0, 1]; 0 on the diagonal.
        spending: military spending m of each state [money a year], >= 0.
        foreign: yearly cost f of the foreign forces stationed in each state [same money], >= 0.

    Returns:
        R [money a year], >= 0.

    Source: the spatial weights of Yesilyurt & Elhorst (2017), Journal of Peace Research 54(6).
        That foreign forces enter with a weight of their own is an assumption.
    """
    return rivalry @ (spending + p.weight * foreign)


def log_gap(value: Each, reference: Each) -> Each:
    """ln(value / reference), exactly 0 where they are equal, also where both are 0."""
    both = (value > 0) & (reference > 0)
    return jnp.log(jnp.where(both, value, 1.0) / jnp.where(both, reference, 1.0))


def error_correction(
    p: ErrorCorrection, gap: Each, faced: Each, faced_before: Each, income: Each
) -> Each:
    """How do rivals spend? By correcting, year by year, towards what the forces faced call for.

        d ln m = alpha + b0 d ln R(-1) - phi (ln m(-1) - eps ln R(-1) - e_y ln GDP(-1))

    written for the gaps against the reference path, which absorbs alpha.

    Args:
        p: b0 impact, phi adjustment, eps reaction, e_y income.
        gap: ln m - ln m_ref last year.
        faced: ln R - ln R_ref last year.
        faced_before: the same the year before that.
        income: ln GDP - ln GDP_ref last year.

    Returns:
        ln m - ln m_ref this year.

    Source: the error-correction form answers Byers & Peel (1989), who reject level regressions;
        Dunne & Smith (2007), Handbook of Defense Economics 2, for its use on arms races.
    """
    wanted = p.reaction * faced + p.income * income
    return gap + p.impact * (faced - faced_before) - p.adjustment * (gap - wanted)


def richardson(p: Richardson, gap: Each, faced: Each, size: Each) -> Each:
    """How do rivals spend? By Richardson's action and reaction, in levels.

        dx/dt = k y - a x + g

    in steps of a year, for the differences from the reference path, which absorbs g.

    Args:
        p: k defence, a fatigue, g grievance.
        gap: ln m - ln m_ref last year.
        faced: ln R - ln R_ref last year.
        size: R_ref / m_ref, how large the forces faced are beside one's own, >= 0.

    Returns:
        ln m - ln m_ref this year, never below ln LEAST_SHARE.

    Source: Richardson (1960), Arms and Insecurity.
    """
    own = jnp.expm1(gap)
    moved = own + p.defence * size * jnp.expm1(faced) - p.fatigue * own
    return jnp.log1p(jnp.maximum(moved, LEAST_SHARE - 1.0))


def extra_spending(gap: Each, reference: Each) -> Each:
    """Spending beyond the reference path [money a year]: m_ref (e^gap - 1), 0 at a gap of 0."""
    return reference * jnp.expm1(gap)


def race(one: Richardson, other: Richardson) -> Race:
    """Where does a race of two states come to rest, if it does?

        x* = (b g + k h) / (a b - k l),  y* = (a h + l g) / (a b - k l),  stable iff a b > k l

    Args:
        one: k, a, g of the first state.
        other: l, b, h of the second.

    Returns:
        Spending at rest [money a year]. Where fatigue does not outweigh defence the race has no
        rest: `stable` is False and both are inf.

    Source: Richardson (1960), Arms and Insecurity.
    """
    margin = one.fatigue * other.fatigue - one.defence * other.defence
    stable = margin > 0
    safe = jnp.where(stable, margin, 1.0)
    x = (other.fatigue * one.grievance + one.defence * other.grievance) / safe
    y = (one.fatigue * other.grievance + other.defence * one.grievance) / safe
    return Race(jnp.where(stable, x, jnp.inf), jnp.where(stable, y, jnp.inf), stable)


def race_multipliers(reaction: Scalar) -> tuple[Scalar, Scalar]:
    """What one state's wish to spend 1 % more comes to, in a race of two that react alike.

        own 1 / (1 - eps^2), other eps / (1 - eps^2)

    Args:
        reaction: long-run elasticity eps of both states, in [0, 1).

    Returns:
        Per cent more spending of the state itself and of its rival, in the long run.

    Source: the neighbourhood multiplier of Collier & Hoeffler (2007), Journal of Conflict
        Resolution 51(1), solved for two states.
    """
    own = 1.0 / (1.0 - reaction * reaction)
    return own, reaction * own


def growth(p: CrowdingOut, trend: Each, burden: Each, baseline: Each) -> Each:
    """What does the defence burden do to growth?

        growth = g0 + beta_m (m / GDP - baseline)

    Args:
        p: beta_m.
        trend: growth g0 at the baseline burden [share a year].
        burden: military spending over GDP [share].
        baseline: the burden that goes with the trend [share].

    Returns:
        Growth of GDP [share a year]; the trend, to the last bit, at the baseline burden.

    Source: meta-analyses that disagree on the sign: Alptekin & Levine (2012), Yesilyurt &
        Yesilyurt (2019), Awaworyi Churchill & Yew (2014).
    """
    return trend + p.effect * (burden - baseline)
