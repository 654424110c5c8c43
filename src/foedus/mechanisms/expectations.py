"""One round of the expected-utility model: what does everybody expect, and who yields?

The formulas are in `foedus.mechanisms.bargaining.scholz_published_output`. Distances are shares
of the distance between the two outermost positions at the start.

Source: Bueno de Mesquita (1994), in European Community Decision Making; Scholz, Calbert &
    Smith (2011), Journal of Theoretical Politics 23(4).
"""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Bool, Float

from foedus.mechanisms.base import Scalar
from foedus.mechanisms.choice import first_best, taken
from foedus.mechanisms.pressure import Actor, Stakeholders, influence

Pair = Float[Array, "actors actors"]

RESOLUTION = 1e-6
"""Actors nearer than this share of the scale agree: what is left between them is rounding, and
its sign would decide who yields to whom."""


class Views(NamedTuple):
    """Expected utilities of challenges, row i as actor i sees them."""

    own: Pair  # E_i(U_ij): i challenges j
    theirs: Pair  # E_i(U_ji): j challenges i
    risk: Actor  # risk exponent of each actor, [1/2, 2]


def risk_exponents(expected: Pair) -> Actor:
    """r_i = (1 - R_i/3) / (1 + R_i/3): from 1/2 for the most threatened to 2 for the safest.

        R_i = (2 sum_j E_ji - max - min) / (max - min)

    Args:
        expected: what actor j (row) expects of a challenge to i (column), at r = 1.

    Returns:
        Exponents in [1/2, 2]; 1 where nobody is threatened more than another.
    """
    danger = jnp.sum(expected, axis=0)
    spread = danger.max() - danger.min()
    uneven = spread > 0
    r = (2.0 * danger - danger.max() - danger.min()) / jnp.where(uneven, spread, 1.0)
    return jnp.where(uneven, (1.0 - r / 3.0) / (1.0 + r / 3.0), 1.0)


def perceived_views(who: Stakeholders, scale: Scalar, x: Actor) -> Views:
    """What everybody expects of every challenge, each with its own risk exponent.

    Args:
        who: the actors; of them, only capability and salience are read.
        scale: distance between the outermost positions at the start, >= 0.
        x: positions now.

    Returns:
        Expectations in units in which losing against the far end is -4 at most.
    """
    weight, d = influence(who), _distance(x, scale)
    neutral = _expected(who, d, _all_votes(weight[:, None] * d), None).own
    risk = risk_exponents(neutral)
    odds = _all_votes(weight[:, None] * _power(d, risk[:, None]))
    return _expected(who, d, odds, risk)


def perceived_round(who: Stakeholders, scale: Scalar, x: Actor, *, lowest: bool) -> Actor:
    """Positions after a round in which every actor takes one offer, by what it believes itself.

    Args:
        who: the actors; of them, only capability and salience are read.
        scale: distance between the outermost positions at the start, >= 0.
        x: positions now.
        lowest: of several compromises take the lowest on the scale, else the nearest.
    """
    own, theirs, _ = perceived_views(who, scale, x)
    d = _distance(x, scale)
    offered = (theirs > 0) & (d > RESOLUTION)
    compromised = offered & (theirs > -own) & (own < 0)
    there = jnp.broadcast_to(x, d.shape)
    met = x[:, None] + (x[None, :] - x[:, None]) * _ratio(-own, theirs, compromised)
    mine = _ratio(jnp.abs(own), jnp.abs(own) + jnp.abs(theirs))
    order = mine * x[:, None] + (1.0 - mine) * x[None, :] if lowest else jnp.abs(met - x[:, None])
    after = _take(x, there, d, offered & (theirs < -own))
    after = _take(after, met, order, compromised)
    return _take(after, there, d, offered & (theirs > own) & (own > 0))


def open_round(who: Stakeholders, scale: Scalar, x: Actor) -> Actor:
    """Positions after a round in which every actor answers the challenger who expects most.

    Args:
        who: the actors; of them, only capability and salience are read.
        scale: distance between the outermost positions at the start, >= 0.
        x: positions now.
    """
    d = _distance(x, scale)
    odds = _net_votes(influence(who)[:, None] * d)
    risk = risk_exponents(_expected(who, d, odds, None).own)
    own = _expected(who, d, odds, risk).own
    theirs = own.T
    offered = jnp.where(d > RESOLUTION, theirs, 0.0)
    boldest = (offered > 0) & (offered == offered.max(axis=1, keepdims=True))
    yields = ((own > 0) & (own < theirs)) | ((own < 0) & (-own > theirs))
    met = x[:, None] + (x[None, :] - x[:, None]) * _ratio(-own, theirs, boldest & (own < 0))
    answer = jnp.where(yields, x[None, :], jnp.where(own < 0, met, x[:, None]))
    return _take(x, answer, d, boldest)


def _all_votes(loss: Pair) -> Pair:
    """P_ij from what each voter (row) loses by each position: votes cast on all pairs below."""
    for_i = jnp.zeros_like(loss)
    for voter in loss:
        for_i = for_i + jnp.maximum(voter[None, :] - voter[:, None], 0.0)
    return _ratio(for_i, 2.0 * for_i.sum())


def _net_votes(loss: Pair) -> Pair:
    """P_ij from what each voter (row) loses by each position: the net vote on this pair."""
    net, cast = jnp.zeros_like(loss), jnp.zeros_like(loss)
    for voter in loss:
        vote = voter[None, :] - voter[:, None]
        net, cast = net + vote, cast + jnp.abs(vote)
    return _ratio(jnp.maximum(net, 0.0), cast)


def _expected(who: Stakeholders, d: Pair, odds: Pair, risk: Actor | None) -> Views:
    """E_i(U_ij) and E_i(U_ji), with the risk exponent of i in both; no risk means 1."""
    r = jnp.ones_like(who.salience) if risk is None else risk
    if risk is None:  # saves most of the powers: x^1 is x
        success, failure, stays = 2.0 * d, -2.0 * d, jnp.zeros_like(d)
    else:
        success = 2.0 - 4.0 * _power(0.5 - 0.5 * d, r[:, None])
        failure = 2.0 - 4.0 * _power(0.5 + 0.5 * d, r[:, None])
        stays = jnp.broadcast_to((2.0 - 4.0 * jnp.exp2(-r))[:, None], d.shape)
    target, mine = who.salience[None, :], who.salience[:, None]
    lost = success - failure
    others = 1.0 - jnp.eye(d.shape[0], dtype=d.dtype)
    own = others * (success - target * (1.0 - odds) * lost - stays)
    theirs = others * (success - mine * (1.0 - odds.T) * lost - stays)
    return Views(own, theirs, r)


def _take(x: Actor, offers: Pair, order: Pair, open_to: Bool[Array, "actors actors"]) -> Actor:
    """The first open offer in the order, or x where there is none."""
    return taken(offers, first_best(order, open_to), x)


def _distance(x: Actor, scale: Scalar) -> Pair:
    return jnp.abs(x[:, None] - x[None, :]) / jnp.where(scale > 0, scale, 1.0)


def _power(base: Array, exponent: Array) -> Array:
    """base ^ exponent for base >= 0, with a gradient of 0 instead of NaN at 0."""
    safe = jnp.where(base > 0, base, 1.0)
    return jnp.where(base > 0, jnp.exp(exponent * jnp.log(safe)), 0.0)


def _ratio(part: Array, whole: Array, where: Array | bool = True) -> Array:
    """part / whole, and 0 outside `where` or where the whole is 0."""
    fine = where & (whole > 0)
    return jnp.where(fine, part / jnp.where(fine, whole, 1.0), 0.0)
