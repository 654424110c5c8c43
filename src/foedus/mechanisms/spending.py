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
    """Spending rises with the rival's and falls with its own burden."""

    defence: Scalar = assume(
        unit="1/year", legal=(0.0, 1.0), means="spending added a year per unit the rival spends"
    )
    fatigue: Scalar = assume(
        unit="1/year", legal=(0.0, 1.0), means="spending dropped a year per unit already spent"
    )


class Steady(Params):
    """Nobody reacts; it needs no numbers."""


class Budgets(Params):
    """What host and helper spend, and how a rival counts what it sees."""

    host: Scalar = assume(unit="M USD/year", legal=(1, 1e7), means="military spending of the host")
    gdp: Scalar = assume(unit="M USD/year", legal=(10, 1e9), means="what the host's economy makes")
    per_head: Scalar = assume(
        unit="k USD/person/year",
        legal=(0, 5_000),
        means="what one soldier of the helper costs in all, which is how rivals count a base",
    )
    foreign_weight: Scalar = assume(
        unit="1",
        legal=(0.0, 5.0),
        means="weight of foreign forces stationed at a rival against the rival's own spending",
    )
    crowding: Scalar = assume(
        unit="pp growth per pp of GDP",
        legal=(-1.0, 1.0),
        means="change of growth for each point of GDP spent on defence",
    )


class Rivalry(Params):
    """What the other state of a threat spends, and how far the two reckon with each other."""

    spending: Scalar = assume(
        unit="M USD/year", legal=(1, 1e7), means="military spending of the host's rival"
    )
    attention: Scalar = assume(
        unit="1",
        legal=(0, 1),
        means="how much of the forces that the rival reckons with are the host's",
    )
    feared: Scalar = assume(
        unit="1",
        legal=(0, 1),
        means="how much of the forces that the host reckons with are this rival's",
    )


class Seen(NamedTuple):
    """What one state, or each of several, reacts to [logs, against the reference path]."""

    gap: Each  # own spending last year
    faced: Each  # forces faced last year
    before: Each  # ... and the year before
    income: Each  # own GDP last year
    size: Each  # R_ref / m_ref, the forces faced beside one's own spending, >= 0


class Race(NamedTuple):
    """Where a Richardson race of two states ends."""

    one: Scalar  # spending of the first state at rest; inf where there is no rest
    other: Scalar  # spending of the second
    stable: Bool[Array, ""]  # False: no world may use these coefficients


def faced(p: Budgets, own: Scalar, foreign: Scalar, attention: Each) -> Each:
    """What a rival of the host has to reckon with [log], 0 where the host spends as today, alone.

        ln R_i = ln(1 - a_i + a_i (m + w_B f) / m_ref)

    Args:
        p: the host's spending m_ref, what a soldier of the helper costs, the weight w_B.
        own: ln m - ln m_ref of the host.
        foreign: troops f of the helper in the host [persons], >= 0, counted by what they cost.
        attention: a_i, how much of what the rival reckons with is the host's, in [0, 1].

    Source: the spatial weights of Yesilyurt & Elhorst (2017), Journal of Peace Research 54(6).
        That foreign forces enter with a weight of their own is an assumption.
    """
    beside = p.foreign_weight * foreign * p.per_head / (1_000.0 * p.host)
    return jnp.log1p(attention * (jnp.expm1(own) + beside))


def steady(p: Steady, seen: Seen) -> Each:
    """How do rivals spend? As they would have anyway.

    Source: the null of Richardson models, which most pairs of states do not reject: Majeski & Jones
        (1981), Journal of Conflict Resolution 25(2).
    """
    del p
    return jnp.zeros_like(seen.gap)


def error_correction(p: ErrorCorrection, seen: Seen) -> Each:
    """How do rivals spend? By correcting, year by year, towards what the forces faced call for.

        d ln m = alpha + b0 d ln R(-1) - phi (ln m(-1) - eps ln R(-1) - e_y ln GDP(-1))

    written for the gaps against the reference path, which absorbs alpha.

    Args:
        p: b0 impact, phi adjustment, eps reaction, e_y income.
        seen: gaps of last year, and of the year before.

    Returns:
        ln m - ln m_ref this year.

    Source: the error-correction form answers Byers & Peel (1989), who reject level regressions;
        Dunne & Smith (2007), Handbook of Defense Economics 2, for its use on arms races.
    """
    wanted = p.reaction * seen.faced + p.income * seen.income
    new = p.impact * (seen.faced - seen.before)
    return seen.gap + new - p.adjustment * (seen.gap - wanted)


def richardson(p: Richardson, seen: Seen) -> Each:
    """How do rivals spend? By Richardson's action and reaction, in levels.

        dx/dt = k y - a x + g

    in steps of a year, for the differences from the reference path, which absorbs g.

    Args:
        p: k defence, a fatigue.
        seen: gaps of last year, and how large the forces faced are beside one's own.

    Returns:
        ln m - ln m_ref this year, never below ln LEAST_SHARE.

    Source: Richardson (1960), Arms and Insecurity.
    """
    own = jnp.expm1(seen.gap)
    moved = own + p.defence * seen.size * jnp.expm1(seen.faced) - p.fatigue * own
    return jnp.log1p(jnp.maximum(moved, LEAST_SHARE - 1.0))


def extra_spending(gap: Each, reference: Each) -> Each:
    """Spending beyond the reference path [money a year]: m_ref (e^gap - 1), 0 at a gap of 0."""
    return reference * jnp.expm1(gap)


def race(one: Richardson, other: Richardson, grievances: tuple[Scalar, Scalar]) -> Race:
    """Where does a race of two states come to rest, if it does?

        x* = (b g + k h) / (a b - k l),  y* = (a h + l g) / (a b - k l),  stable iff a b > k l

    Args:
        one: k, a of the first state.
        other: l, b of the second.
        grievances: g and h, what each adds a year without any rival [money/year^2].

    Returns:
        Spending at rest [money a year]. Where fatigue does not outweigh defence the race has no
        rest: `stable` is False and both are inf.

    Source: Richardson (1960), Arms and Insecurity.
    """
    margin = one.fatigue * other.fatigue - one.defence * other.defence
    stable = margin > 0
    safe = jnp.where(stable, margin, 1.0)
    g, h = grievances
    x = (other.fatigue * g + one.defence * h) / safe
    y = (one.fatigue * h + other.defence * g) / safe
    return Race(jnp.where(stable, x, jnp.inf), jnp.where(stable, y, jnp.inf), stable)


def race_multipliers(reaction: Scalar) -> tuple[Scalar, Scalar]:
    """What one state's wish to spend 1 % more comes to, in a race of two that react alike.

        own 1 / (1 - eps^2), other eps / (1 - eps^2)

    Args:
        reaction: long-run elasticity eps of both states, in [0, 1).

    Returns:
        Per cent more spending of the state itself and of its rival, in the long run.

    Source: the neighbourhood multiplier of Collier & Hoeffler (2007), Oxford Bulletin
        of Economics and Statistics 69(1), solved for two states.
    """
    own = 1.0 / (1.0 - reaction * reaction)
    return own, reaction * own


def growth(crowding: Scalar, trend: Each, burden: Each, baseline: Each) -> Each:
    """What does the defence burden do to growth?

        growth = g0 + beta_m (m / GDP - baseline)

    Args:
        crowding: beta_m.
        trend: growth g0 at the baseline burden [share a year].
        burden: military spending over GDP [share].
        baseline: the burden that goes with the trend [share].

    Returns:
        Growth of GDP [share a year]; the trend, to the last bit, at the baseline burden.

    Source: meta-analyses that disagree on the sign: Alptekin & Levine (2012), Yesilyurt &
        Yesilyurt (2019), Awaworyi & Yew (2014), Monash Economics Working Paper 25-14.
    """
    return trend + crowding * (burden - baseline)
