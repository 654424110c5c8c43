"""One round of the expected-utility model: what does everybody expect, and who yields?

The formulas are in `foedus.mechanisms.bargaining.scholz_published_output`. Distances are shares
of the distance between the two outermost positions at the start.

Source: Bueno de Mesquita (1994), in European Community Decision Making; Scholz, Calbert &
    Smith (2011), Journal of Theoretical Politics 23(4).
"""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Bool, Float

from foedus.mechanisms.base import Params, Scalar, assume
from foedus.mechanisms.pressure import Actor, Stakeholders, influence, median_position

Pair = Float[Array, "actors actors"]


class ExpectedUtility(Params):
    """What actors expect of those whom they leave alone."""

    unchanged: Scalar = assume(
        unit="odds", legal=(0.0, 1.0), means="odds that an unchallenged actor stays where it is"
    )
    better: Scalar = assume(
        unit="odds", legal=(0.0, 1.0), means="odds that, if it moves, the move is welcome"
    )


class Views(NamedTuple):
    """Expected utilities of challenges, row i as actor i sees them."""

    own: Pair  # E_i(U_ij): i challenges j
    theirs: Pair  # E_i(U_ji): j challenges i


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


def perceived_views(p: ExpectedUtility, who: Stakeholders, scale: Scalar, x: Actor) -> Views:
    """What everybody expects of every challenge, each with its own risk exponent."""
    neutral = _views(p, who, scale, x, jnp.ones_like(x)).own
    return _views(p, who, scale, x, risk_exponents(neutral))


def _views(p: ExpectedUtility, who: Stakeholders, scale: Scalar, x: Actor, r: Actor) -> Views:
    d = _distance(x, scale)
    loss = influence(who)[:, None] * _power(d, r[:, None])  # [voter, position of]
    for_i = jnp.maximum(loss[:, None, :] - loss[:, :, None], 0.0).sum(axis=0)
    odds = _ratio(for_i, 2.0 * for_i.sum())
    return _expected(p, who, d, _drift(who, scale, x), odds, r)


def _expected(
    p: ExpectedUtility, who: Stakeholders, d: Pair, drift: Actor, odds: Pair, r: Actor
) -> Views:
    """E_i(U_ij) and E_i(U_ji), with the risk exponent of i in both."""
    rr = r[:, None]
    success, failure = _utility(0.5 - 0.5 * d, rr), _utility(0.5 + 0.5 * d, rr)
    stays = p.unchanged * _utility(jnp.full_like(d, 0.5), rr)
    others = 1.0 - jnp.eye(d.shape[0], dtype=d.dtype)

    def value(win: Pair, salience: Pair, away: Pair) -> Pair:
        gained = _utility(0.5 - 0.25 * (away + d), rr)
        worse = _utility(0.5 + 0.25 * (away + d), rr)
        moves = (1.0 - p.unchanged) * (p.better * gained + (1.0 - p.better) * worse)
        resisted = win * success + (1.0 - win) * failure
        return others * (salience * resisted + (1.0 - salience) * success - stays - moves)

    target, mine = jnp.broadcast_to(who.salience, d.shape), jnp.broadcast_to(drift, d.shape)
    return Views(value(odds, target, mine.T), value(odds.T, target.T, mine))


def perceived_round(
    p: ExpectedUtility, who: Stakeholders, scale: Scalar, x: Actor, *, lowest: bool
) -> Actor:
    """Every actor takes one offer, by what it believes itself."""
    own, theirs = perceived_views(p, who, scale, x)
    d = _distance(x, scale)
    confronted = (theirs > own) & (own > 0)
    compromised = (theirs > -own) & (own < 0)
    overawed = (theirs > 0) & (theirs < -own)
    ratio = _ratio(jnp.abs(own), jnp.abs(own) + jnp.abs(theirs))
    met = x[:, None] + (x[None, :] - x[:, None]) * _ratio(-own, theirs, compromised)
    lower = ratio * x[:, None] + (1.0 - ratio) * x[None, :]
    order = lower if lowest else jnp.abs(met - x[:, None])
    there = jnp.broadcast_to(x, d.shape)
    yielded, has_yielded = _pick(there, d, confronted)
    middle, has_middle = _pick(met, order, compromised)
    forced, has_forced = _pick(there, d, overawed)
    return jnp.where(
        has_yielded, yielded, jnp.where(has_middle, middle, jnp.where(has_forced, forced, x))
    )


def open_round(p: ExpectedUtility, who: Stakeholders, scale: Scalar, x: Actor) -> Actor:
    """Every actor answers the challenger who expects most, by what that challenger believes."""
    d = _distance(x, scale)
    votes = influence(who)[:, None, None] * (d[:, None, :] - d[:, :, None])
    odds = _ratio(jnp.maximum(votes.sum(axis=0), 0.0), jnp.abs(votes).sum(axis=0))
    drift = _drift(who, scale, x)
    neutral = _expected(p, who, d, drift, odds, jnp.ones_like(x)).own
    own = _expected(p, who, d, drift, odds, risk_exponents(neutral)).own
    theirs = own.T
    boldest = (theirs > 0) & (theirs == theirs.max(axis=1, keepdims=True))
    yields = ((own > 0) & (own < theirs)) | ((own < 0) & (-own > theirs))
    met = x[:, None] + (x[None, :] - x[:, None]) * _ratio(-own, theirs, boldest & (own < 0))
    answer = jnp.where(yields, x[None, :], jnp.where(own < 0, met, x[:, None]))
    taken, challenged = _pick(answer, d, boldest)
    return jnp.where(challenged, taken, x)


def _pick(offers: Pair, order: Pair, open_to: Bool[Array, "actors actors"]) -> tuple[Actor, Array]:
    """For each actor (row) the first of its open offers in the order, and whether there is one."""
    first = jnp.argmin(jnp.where(open_to, order, jnp.inf), axis=1)
    return jnp.take_along_axis(offers, first[:, None], axis=1)[:, 0], open_to.any(axis=1)


def _distance(x: Actor, scale: Scalar) -> Pair:
    return jnp.abs(x[:, None] - x[None, :]) / jnp.where(scale > 0, scale, 1.0)


def _drift(who: Stakeholders, scale: Scalar, x: Actor) -> Actor:
    """How far each actor is from where the rest would drift to, the weighted median."""
    return jnp.abs(x - median_position(influence(who), x)) / jnp.where(scale > 0, scale, 1.0)


def _utility(base: Pair, exponent: Array) -> Pair:
    return 2.0 - 4.0 * _power(base, exponent)


def _power(base: Pair, exponent: Array) -> Pair:
    """base ^ exponent for base >= 0, with a gradient of 0 instead of NaN at 0."""
    safe = jnp.where(base > 0, base, 1.0)
    return jnp.where(base > 0, jnp.exp(exponent * jnp.log(safe)), 0.0)


def _ratio(part: Array, whole: Array, where: Array | bool = True) -> Array:
    """part / whole, and 0 outside `where` or where the whole is 0."""
    fine = where & (whole > 0)
    return jnp.where(fine, part / jnp.where(fine, whole, 1.0), 0.0)
