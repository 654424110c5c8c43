"""One round of the spatial challenge model: who challenges whom, and which bargain wins?

Positions lie on a scale from 0 to 1. The utility of a position at distance d, for risk attitude
R in [-1, 1], is (1 - d) (1 + R d). See `foedus.mechanisms.bargaining.spatial_challenge`.

Source: Wise, Lester & Efird (2015), KAPSARC Toolkit for Behavioral Analysis, and its spatial
    model of politics (MIT licence).
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float

from foedus.mechanisms.base import Params, Scalar, assume
from foedus.mechanisms.choice import first_best, taken
from foedus.mechanisms.pressure import Actor, Stakeholders

Pair = Float[Array, "actors actors"]

LEAST_COALITION = 1e-8
"""Backing that every option has, in per cent of all capability; it keeps 0/0 away."""
LEAST_ALLY = 1e-10
"""The same for the two principals of a challenge."""
LEAST_GAIN = 1e-5
"""Expected gains below this make nobody challenge [utility]."""
LEAST_WEIGHT = 1e-6
"""What an actor gives its own position at least when it bargains."""
STEP = 1e-4
"""Bargains are rounded to this share of the scale, as in KTAB, against spurious precision."""


class SpatialChallenge(Params):
    """How votes become victories, and how well actors know one another."""

    decisiveness: Scalar = assume(
        unit="1",
        legal=(1.0, 8.0),
        means="exponent on the strength of coalitions: 1 linear, 2 square, 4 quartic, 8 octic",
    )
    perceived: Scalar = assume(
        unit="share",
        legal=(0.0, 1.0),
        means="part of another's risk attitude that an actor perceives; the rest is its own",
    )


class Challenge(NamedTuple):
    """For each actor the challenge that promises it most, and the bargain it would lead to."""

    target: Bool[Array, "actors actors"]  # row: challenger; all False: nothing promises a gain
    challenger_to: Actor  # where the bargain puts the challenger
    target_to: Actor  # where it puts the target


def position_utility(distance: Array, risk: Array) -> Array:
    """(1 - d) (1 + R d): 1 at the ideal, 0 at the far end; .625 for d = R = 1/2."""
    return (1.0 - distance) * (1.0 + risk * distance)


def log_victory(ours: Array, theirs: Array, decisiveness: Scalar) -> Array:
    """ln P, P = C^n / (C^n + C'^n) for coalitions C, C' > 0; P = .9 for 3 against 1, n = 2."""
    return -jnp.log1p(jnp.exp(decisiveness * jnp.log(theirs / ours)))


def spatial_round(p: SpatialChallenge, who: Stakeholders, x: Actor) -> Actor:
    """Positions after one round of challenges and bargains.

    Args:
        p: decisiveness of majorities, and how far risk attitudes are perceived.
        who: the actors; of them, only capability and salience are read.
        x: their positions now, in [0, 1].

    Returns:
        Their positions after the round, in [0, 1].
    """
    capability = _per_cent(who.capability)
    d = jnp.abs(x[:, None] - x[None, :])
    risk = _risk_attitudes(p, capability, d)
    best = _best_challenges(p, capability, who.salience, x, risk)
    return _vote(p, capability, x, risk, best)


def _per_cent(capability: Actor) -> Actor:
    scaled = capability / jnp.where(capability.max() > 0, capability.max(), 1.0)
    total = scaled.sum()
    return jnp.where(
        total > 0, 100.0 * scaled / jnp.where(total > 0, total, 1.0), 100.0 / scaled.size
    )


def _pairwise(
    p: SpatialChallenge, capability: Actor, utility: Float[Array, "actors options"]
) -> Float[Array, "options options"]:
    """ln P(option a beats option b) when all vote in proportion to what they stand to gain."""
    ours = theirs = jnp.full_like(utility, LEAST_COALITION, shape=(utility.shape[1],) * 2)
    for strength, voter in zip(capability, utility, strict=True):
        gain = strength * (voter[:, None] - voter[None, :])
        ours, theirs = ours + jnp.maximum(gain, 0.0), theirs + jnp.maximum(-gain, 0.0)
    return log_victory(ours, theirs, p.decisiveness)


def _risk_attitudes(p: SpatialChallenge, capability: Actor, d: Pair) -> Actor:
    """Bold where one's position is likely to win, in [-1/2, 1]; 0 where all are as likely."""
    win = _pairwise(p, capability, position_utility(d, jnp.zeros_like(d))).sum(axis=1)
    share = jax.nn.softmax(win)
    low, high = share.min(), share.max()
    uneven = high > low
    attitude = (3.0 * share - high - 2.0 * low) / (2.0 * jnp.where(uneven, high - low, 1.0))
    return jnp.where(uneven, attitude, 0.0)


def _best_challenges(
    p: SpatialChallenge, capability: Actor, salience: Actor, x: Actor, risk: Actor
) -> Challenge:
    """Whom does each actor challenge, as it sees the others, and what would the two agree on?"""
    d = jnp.abs(x[:, None] - x[None, :])
    mine = position_utility(d, risk[:, None])
    odds = _victory_odds(capability * salience, d, _perceived_risk(p, risk), mine)
    gain = (1.0 - mine) * (1.0 - 2.0 * salience[None, :] * (1.0 - odds))
    target = first_best(-gain, (gain > LEAST_GAIN) & ~jnp.eye(x.size, dtype=bool))
    win, there = taken(odds, target, x), taken(jnp.broadcast_to(x, d.shape), target, x)
    resolve = taken(jnp.broadcast_to(salience, d.shape), target, x)
    a, b = (salience * win) ** 2, (resolve * (1.0 - win)) ** 2
    whole = a + b + LEAST_WEIGHT
    return Challenge(
        target[:, None] == jnp.arange(x.size, dtype=target.dtype)[None, :],
        _rounded(((a + LEAST_WEIGHT) * x + b * there) / whole),
        _rounded((a * x + (b + LEAST_WEIGHT) * there) / whole),
    )


def _perceived_risk(p: SpatialChallenge, risk: Actor) -> Pair:
    """The risk attitude that the row's actor ascribes to the column's."""
    return (1.0 - p.perceived) * risk[:, None] + p.perceived * risk[None, :]


def _victory_odds(weight: Actor, d: Pair, seen_risk: Pair, mine: Pair) -> Pair:
    """i's estimate of its odds against j, with every third party k on the side it prefers.

    A third party weighs what it wins with its own side against what it loses: committed to
    itself when it wins, but not bound to the loser's terms otherwise ("semi-commitment").
    """
    of_i = position_utility(d, seen_risk)  # [i sees, of k]: the position of i itself
    ours = LEAST_ALLY + weight[:, None] * (1.0 - mine)
    theirs = LEAST_ALLY + weight[None, :] * (1.0 - of_i)
    alone, against = ours, theirs
    i, j = jnp.arange(weight.size)[:, None], jnp.arange(weight.size)[None, :]
    for k in range(weight.size):
        for_i, for_j = of_i[:, k, None], position_utility(d[k][None, :], seen_risk[:, k, None])
        vote = weight[k] * (for_i - for_j)
        little = (alone + jnp.maximum(vote, 0.0)) / (alone + against + jnp.abs(vote))
        joins = weight[k] * (little * (1.0 - for_i) - (1.0 - little) * (1.0 - for_j))
        joins = jnp.where((i == k) | (j == k), 0.0, joins)
        ours = ours + jnp.maximum(joins, 0.0)
        theirs = theirs + jnp.maximum(-joins, 0.0)
    return ours / (ours + theirs)


def _vote(p: SpatialChallenge, capability: Actor, x: Actor, risk: Actor, best: Challenge) -> Actor:
    """Each actor takes, of its bargains and of staying put, what is likeliest to win a vote."""
    n = x.size

    def worth(y: Actor) -> Pair:
        """Utility to each actor (row) of position y of each challenger's bargain (column)."""
        return position_utility(jnp.abs(x[:, None] - y[None, :]), risk[:, None])

    now = worth(x)
    target_now = jnp.where(best.target[None, :, :], now[:, None, :], 0.0).sum(axis=2)
    change = worth(best.challenger_to) - now + worth(best.target_to) - target_now
    stay = now.mean(axis=1, keepdims=True)
    beats = _pairwise(p, capability, jnp.concatenate([stay, stay + change / n], axis=1))
    one = jnp.eye(n, dtype=bool)
    party = (one & best.target.any(axis=1)[None, :]) | best.target.T
    open_to = jnp.concatenate([jnp.ones((n, 1), dtype=bool), party], axis=1)
    chance = open_to.astype(x.dtype) @ beats.T  # log odds to beat all others on the table
    offers = jnp.where(one, best.challenger_to[None, :], best.target_to[None, :])
    offers = jnp.concatenate([x[:, None], offers], axis=1)
    return taken(offers, first_best(-chance, open_to), x)


def _rounded(x: Actor) -> Actor:
    """x in steps of STEP; gradients pass as if it were not rounded."""
    return x + jax.lax.stop_gradient(jnp.floor(0.5 + x / STEP) * STEP - x)
