"""What does an own arms industry do to cost, and to dependence on suppliers abroad?"""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from foedus.mechanisms.base import Params, Scalar, assume

Suppliers = Float[Array, " suppliers"]


class Learning(Params):
    """How an industry learns by making, and forgets."""

    rate: Scalar = assume(
        unit="share", legal=(0.0, 0.5), means="fall of unit cost with each doubling of experience"
    )
    retention: Scalar = assume(
        unit="share", legal=(0.0, 1.0), means="experience still there after a year"
    )


class Premium(Params):
    """What it costs to build at home instead of buying abroad."""

    start: Scalar = assume(
        unit="share",
        legal=(0.0, 2.0),
        means="extra price of building at home when the industry is new",
    )


class Nothing(Params):
    """The case does not ask; it needs no numbers."""


class Learns(Params):
    """An industry that learns by making."""

    rate: Scalar = assume(
        unit="share", legal=(0.0, 0.5), means="fall of unit cost with each doubling of experience"
    )
    retention: Scalar = assume(
        unit="share", legal=(0.0, 0.99), means="experience still there after a year"
    )
    premium: Scalar = assume(
        unit="share", legal=(0.0, 2.0), means="extra price of a new industry's products"
    )


class StaysDear(Params):
    """An industry that is as dear after years as in the first."""

    premium: Scalar = assume(
        unit="share", legal=(0.0, 2.0), means="extra price of what is made at home"
    )


class Purchases(Params):
    """What the host buys for its forces: at home, from the helper, from others."""

    total: Scalar = assume(
        unit="M USD/year", legal=(0.1, 1e6), means="what the host buys for its forces in a year"
    )
    domestic: Scalar = assume(
        unit="1", legal=(0, 1), means="share of it made at home without a partner", lever=True
    )
    joint: Scalar = assume(
        unit="1",
        legal=(0, 1),
        means="share of what comes from the helper that is made with it at home",
        lever=True,
    )
    tied: Scalar = assume(
        unit="share",
        legal=(0.0, 1.0),
        means="part of joint production that stops when the partner withdraws",
    )
    helper: Scalar = assume(
        unit="1",
        legal=(0, 1),
        means="share of what is not made at home that comes from the helper",
        lever=True,
    )
    largest: Scalar = assume(
        unit="1", legal=(0, 1), means="share of the rest that one other supplier has"
    )
    others: Scalar = assume(
        unit="suppliers", legal=(1, 100), means="how many suppliers, alike, share what is left"
    )
    helper_refuses: Scalar = assume(
        unit="probability", legal=(0, 1), means="the helper refuses supply in a crisis"
    )
    largest_refuses: Scalar = assume(
        unit="probability", legal=(0, 1), means="the largest other supplier refuses in a crisis"
    )
    others_refuse: Scalar = assume(
        unit="probability", legal=(0, 1), means="each of the other suppliers refuses in a crisis"
    )
    lot: Scalar = assume(
        unit="M USD", legal=(0.1, 1e6), means="worth of a first lot, the unit of experience"
    )
    bite: Scalar = assume(
        unit="1",
        legal=(0, 1),
        means="share of its strength that the host's force lacks if all supply is refused",
    )


class JointVenture(Params):
    """Making at home together with the supplier."""

    tied: Scalar = assume(
        unit="share",
        legal=(0.0, 1.0),
        means="part of joint production that stops when the partner withdraws",
    )


class Supply(NamedTuple):
    """Where a year's equipment comes from."""

    domestic: Scalar  # made at home [money], joint production included
    imports: Suppliers  # bought from each supplier [money]
    tied: Suppliers  # what each supplier could stop [money]: imports and tied joint production


class Industry(NamedTuple):
    """An own industry after one more year."""

    experience: Scalar  # [first lots]
    unit_cost: Scalar  # against the first unit, in (0, 1]
    premium: Scalar  # extra price of building at home [share]
    import_share: Scalar  # [0, 1]
    concentration: Scalar  # Herfindahl index of what suppliers could stop, [0, 1]
    denied: Scalar  # share of supply expected to be refused in a crisis, [0, 1]


class Making(NamedTuple):
    """A year of making at home."""

    known: Scalar  # experience [first lots]
    premium: Scalar  # extra price of what is made [share]


def learning_exponent(rate: Scalar) -> Scalar:
    """b = -log2(1 - LR): how steeply unit cost falls with experience; 14 % gives .2176.

    Source: Wright (1936), Journal of the Aeronautical Sciences 3(4); rates in Bongers (2017).
    """
    return -jnp.log2(1.0 - rate)


def experience(p: Learning, before: Scalar, output: Scalar) -> Scalar:
    """How much does the industry know after another year?

        E(t) = delta E(t-1) + q(t)

    Args:
        p: retention delta; 1 is Wright's curve, less is forgetting.
        before: experience E last year [first lots], >= 0.
        output: what was made this year q [first lots], >= 0.

    Returns:
        Experience [first lots], >= 0.

    Source: Benkard (2000), American Economic Review 90(4).
    """
    return p.retention * before + output


def steady_experience(p: Learning, output: Scalar) -> Scalar:
    """Experience that a constant output ends in: q / (1 - delta); inf for a rate without loss."""
    lost = 1.0 - p.retention
    some = jnp.where(lost > 0, output / jnp.where(lost > 0, lost, 1.0), jnp.inf)
    return jnp.where(output > 0, some, 0.0)


def unit_cost(p: Learning, known: Scalar) -> Scalar:
    """What does a unit cost, against the first one?

        c / c_1 = E^-b,  b = -log2(1 - LR)

    Args:
        p: learning rate LR.
        known: experience E [first lots]; less than one lot counts as one, since an industry
            that has forgotten everything pays what it paid for its first unit.

    Returns:
        Cost as a share of the first unit's, in (0, 1].

    Source: Wright (1936), Journal of the Aeronautical Sciences 3(4).
    """
    return jnp.exp2(-learning_exponent(p.rate) * jnp.log2(jnp.maximum(known, 1.0)))


def domestic_premium(p: Premium, cost: Scalar) -> Scalar:
    """How much dearer is it to build at home?

        pi = pi_0 (1 + c / c_1) / 2

    It starts at pi_0 and falls, as unit cost does, towards half of it.

    Args:
        p: the premium pi_0 of a new industry.
        cost: unit cost against the first unit, in [0, 1].

    Returns:
        Extra price [share], in [pi_0 / 2, pi_0].

    Source: Birkler et al. (2015), RAND RR1093: 30-40 %, which could fall to about half. The
        path from one to the other is an assumption.
    """
    return p.start * (1.0 + cost) / 2.0


def share_of(part: Scalar, rest: Scalar) -> Scalar:
    """part / (part + rest), in [0, 1]; 0 where there is nothing."""
    whole = part + rest
    return jnp.where(whole > 0, part / jnp.where(whole > 0, whole, 1.0), 0.0)


def concentration(amounts: Suppliers, sellers: Suppliers | float = 1.0) -> Scalar:
    """Herfindahl-Hirschman index: the sum of squared shares.

    Args:
        amounts: what each supplier delivers [money], >= 0.
        sellers: how many suppliers, alike, stand behind each amount, >= 1.

    Returns:
        1 for a single supplier, 1/n for n equal ones, 0 where nobody delivers.

    Source: Hirschman (1945), National Power and the Structure of Foreign Trade.
    """
    whole = amounts.sum()
    shares = amounts / jnp.where(whole > 0, whole, 1.0)
    return shares @ (shares / sellers)


def supply(p: JointVenture, domestic: Scalar, imports: Suppliers, ventures: Suppliers) -> Supply:
    """What do joint ventures change? They move imports home, but a part stays with the partner.

        imports_s <- (1 - j_s) imports_s ,  domestic <- domestic + sum_s j_s imports_s
        tied_s = (1 - j_s) imports_s + tied j_s imports_s

    Args:
        p: the tied part of joint production.
        domestic: made at home without a partner [money a year], >= 0.
        imports: bought from each supplier without ventures [money a year], >= 0.
        ventures: share j_s of that purchase made jointly at home instead, in [0, 1].

    Returns:
        Where the equipment comes from; the total is unchanged.

    Source: an accounting identity; the tied part is an assumption.
    """
    joint = ventures * imports
    bought = imports - joint
    return Supply(domestic + joint.sum(), bought, bought + p.tied * joint)


def denied_share(source: Supply, refuses: Suppliers) -> Scalar:
    """What share of supply is expected to be refused in a crisis?

        sum_s share_s P(deny_s) ,  share_s = tied_s / (domestic + imports)

    Args:
        source: where the equipment comes from.
        refuses: odds that each supplier refuses in a crisis, in [0, 1].

    Returns:
        Share in [0, 1]; 0 where nothing is supplied.

    Source: expected value; the odds are assumptions of the case.
    """
    stopped = source.tied @ refuses
    return share_of(stopped, source.domestic + source.imports.sum() - stopped)


def own_industry(
    learning: Learning, premium: Premium, before: Scalar, source: Supply, refuses: Suppliers
) -> Industry:
    """What does a year of production do to cost and dependence?

    Args:
        learning: how the industry learns and forgets.
        premium: extra price of building at home.
        before: experience last year [first lots], >= 0.
        source: this year's supply, in first lots' worth of money.
        refuses: odds that each supplier refuses in a crisis, in [0, 1].

    Returns:
        The industry at the end of the year.
    """
    known = experience(learning, before, source.domestic)
    cost = unit_cost(learning, known)
    return Industry(
        experience=known,
        unit_cost=cost,
        premium=domestic_premium(premium, cost),
        import_share=share_of(source.imports.sum(), source.domestic),
        concentration=concentration(source.tied),
        denied=denied_share(source, refuses),
    )


def sources(p: Purchases) -> tuple[Supply, Suppliers]:
    """Where a year's equipment comes from [M USD], and how many sellers each source has.

    Suppliers stand in the order: the helper, the largest other one, the rest.
    """
    abroad = p.total * (1.0 - p.domestic)
    apart = abroad * (1.0 - p.helper)
    imports = jnp.stack([abroad * p.helper, apart * p.largest, apart * (1.0 - p.largest)])
    none, one = jnp.zeros_like(p.joint), jnp.ones_like(p.joint)
    ventures = jnp.stack([p.joint, none, none])
    bought = supply(JointVenture(p.tied), p.total * p.domestic, imports, ventures)
    return bought, jnp.stack([one, one, p.others])


def expected_denial(p: Purchases) -> Scalar:
    """Share of supply expected to be refused in a crisis, in [0, 1]."""
    refuses = jnp.stack([p.helper_refuses, p.largest_refuses, p.others_refuse])
    return denied_share(sources(p)[0], refuses)


def none(p: Nothing, output: Scalar, known: Scalar) -> Making:
    """What does making arms at home cost? The case does not ask.

    Source: none; the question is no part of such a case.
    """
    del p
    return Making(known, jnp.zeros_like(output))


def learns(p: Learns, output: Scalar, known: Scalar) -> Making:
    """What does making arms at home cost? A premium that falls, towards half, by learning.

    Args:
        p: learning rate, retention of experience, premium of a new industry.
        output: what is made at home a year [first lots], >= 0.
        known: experience last year [first lots], >= 0; below 0 stands for that of a steady output.

    Returns:
        Experience now, and the extra price of this year's output [share].

    Source: Wright (1936); Benkard (2000), American Economic Review 90(4); Birkler et al. (2015),
        RAND RR1093.
    """
    law = Learning(p.rate, p.retention)
    now = jnp.where(known < 0, steady_experience(law, output), experience(law, known, output))
    return Making(now, domestic_premium(Premium(p.premium), unit_cost(law, now)))


def stays_dear(p: StaysDear, output: Scalar, known: Scalar) -> Making:
    """What does making arms at home cost? The same premium in every year.

    Source: the upper end of Birkler et al. (2015), RAND RR1093: no fall is observed for small
        series; that there is none is the null of the learning curve.
    """
    return Making(known, p.premium * jnp.ones_like(output))
