"""Which policy survives when actors challenge one another, round after round?

Rivals to the weighted mean of `foedus.mechanisms.pressure`. Three read Bueno de Mesquita's
expected-utility model as its critics have reconstructed it, one the spatial challenge model of
KTAB. Their published results for one and the same case run from end to end of the scale, and
most of them never come to rest: `settled` and `cycling` say so, and `ensemble` shows all.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int

from foedus.mechanisms.base import Params, Scalar
from foedus.mechanisms.expectations import open_round, perceived_round
from foedus.mechanisms.pressure import (
    Actor,
    Outcome,
    Stakeholders,
    WeightedMean,
    WeightedMedian,
    influence,
    mean_position,
    median_position,
    span,
    weighted_mean,
    weighted_median,
)
from foedus.mechanisms.spatial import SpatialChallenge, spatial_round

ROUNDS = 10
"""As many as the published example shows."""
SETTLED = 1e-3
"""Actors have settled when the last round moved nobody by more than this share of the scale."""
CYCLING = 0.1
"""A cycle: two rounds moved everybody less than this share of what one round moved somebody."""
VARIANTS = (
    "weighted_mean",
    "weighted_median",
    "spatial_challenge",
    "expected_utility",
    "scholz_published_output",
    "masad",
)


class ExpectedUtility(Params):
    """The expected-utility model; it needs no numbers but the actors' own."""


class _Played(NamedTuple):
    """Where the actors are after some rounds."""

    done: Int[Array, ""]  # rounds
    position: Actor
    moving: Bool[Array, ""]  # whether the last round moved anybody
    path: Float[Array, "rounds actors"]  # later rounds are as the last


class Ensemble(NamedTuple):
    """All theories side by side, in the order of `VARIANTS`."""

    policy: Float[Array, " theories"]
    settled: Bool[Array, " theories"]
    cycling: Bool[Array, " theories"]
    mean: Scalar  # of the stated positions: the baseline
    median: Scalar


def spatial_challenge(p: SpatialChallenge, who: Stakeholders, rounds: int = ROUNDS) -> Outcome:
    """Which policy survives? That of actors who challenge where it pays and then bargain.

    Every actor picks the opponent whose defeat promises it most, given who would join either
    side; the two then propose positions in between; every actor takes the offer most likely to
    win a vote of all. KTAB's defaults: proportional voting, linear odds of victory, third
    parties committed to their own side only ("semi"), a third of the opponent's risk attitude
    perceived, bargains weighted by squared salience and squared odds, deterministic choice.

    Args:
        p: decisiveness of majorities, and how far risk attitudes are perceived.
        who: the actors.
        rounds: how many rounds to play; a whole number, not traced.

    Returns:
        The weighted median after the last round, and whether the actors had settled.

    Source: Wise, Lester & Efird (2015), KAPSARC Toolkit for Behavioral Analysis, and its
        spatial model of politics (MIT licence).
    """
    low, scale = who.position.min(), span(who)
    weight = influence(who)
    return play(
        lambda x: low + scale * spatial_round(p, who, (x - low) / jnp.where(scale > 0, scale, 1.0)),
        weight,
        who,
        rounds,
    )


def expected_utility(p: ExpectedUtility, who: Stakeholders, rounds: int = ROUNDS) -> Outcome:
    """Which policy survives? That of actors who yield where a challenge threatens more.

    As `scholz_published_output`, but of several compromises an actor takes the one that moves
    it least, as the text says, and not the one lowest on the scale: turning the scale round
    turns the answer round.

    Args:
        p: no numbers.
        who: the actors.
        rounds: how many rounds to play; a whole number, not traced.

    Returns:
        The weighted median after the last round, and whether the actors had settled.

    Source: Bueno de Mesquita (1994), in European Community Decision Making; Scholz, Calbert &
        Smith (2011), Journal of Theoretical Politics 23(4).
    """
    del p
    weight, scale = influence(who), span(who)
    return play(lambda x: perceived_round(who, scale, x, lowest=False), weight, who, rounds)


def scholz_published_output(p: ExpectedUtility, who: Stakeholders, rounds: int = ROUNDS) -> Outcome:
    """Which policy survives? The expected-utility model as its published output requires.

    Win odds, with v_ki = c_k s_k (|x_k - x_i| / D)^r_k the loss of actor k by the position of i:

        P_ij = sum_k max(0, v_kj - v_ki) / sum_k sum_ab |v_kb - v_ka|

    The formula printed in the article divides by the votes on i and j alone; only the sum over
    all pairs of positions gives the article's own figures. The expected utility of a challenge:

        E_i(U_ij) = s_j (P_ij U_s + (1 - P_ij) U_f) + (1 - s_j) U_s - U_sq
        U_s, U_f = 2 - 4 (1/2 -+ |x_i - x_j| / 2D)^r_i ,  U_sq = 2 - 4 (1/2)^r_i

    Actors expect nobody to move unless challenged (Q = 1), as in the published example.
    An actor yields wholly to whoever expects more of a confrontation, else partly (by the ratio
    of the two expectations), else wholly where it expects a loss larger than the other's gain.
    Of several compromises it takes the lowest on the scale, as the published output does.

    Args:
        p: no numbers.
        who: the actors.
        rounds: how many rounds to play; a whole number, not traced.

    Returns:
        The weighted median after the last round, and whether the actors had settled.

    Source: Scholz, Calbert & Smith (2011), Journal of Theoretical Politics 23(4).
    """
    del p
    weight, scale = influence(who), span(who)
    return play(lambda x: perceived_round(who, scale, x, lowest=True), weight, who, rounds)


def masad(p: ExpectedUtility, who: Stakeholders, rounds: int = ROUNDS) -> Outcome:
    """Which policy survives? The expected-utility model with net votes and the boldest offer.

        P_ij = max(0, sum_k c_k s_k (|x_k - x_j| - |x_k - x_i|)) / sum_k c_k s_k ||...| - |...||

    Each actor knows the others' expectations, and answers the challenger who expects most.

    Args:
        p: no numbers.
        who: the actors.
        rounds: how many rounds to play; a whole number, not traced.

    Returns:
        The weighted median after the last round, and whether the actors had settled.

    Source: Masad (2014), Replicating the replication of BDM's expected utility model.
    """
    del p
    weight, scale = influence(who), span(who)
    return play(lambda x: open_round(who, scale, x), weight, who, rounds)


def ensemble(
    spatial: SpatialChallenge, utility: ExpectedUtility, who: Stakeholders, rounds: int = ROUNDS
) -> Ensemble:
    """What does each theory expect? Never one number, and always beside mean and median."""
    outcomes = (
        weighted_mean(WeightedMean(), who),
        weighted_median(WeightedMedian(), who),
        spatial_challenge(spatial, who, rounds),
        expected_utility(utility, who, rounds),
        scholz_published_output(utility, who, rounds),
        masad(utility, who, rounds),
    )
    return Ensemble(
        policy=jnp.stack([each.policy for each in outcomes]),
        settled=jnp.stack([each.settled for each in outcomes]),
        cycling=jnp.stack([each.cycling for each in outcomes]),
        mean=outcomes[0].mean,
        median=outcomes[0].median,
    )


def play(step: Callable[[Actor], Actor], weight: Actor, who: Stakeholders, rounds: int) -> Outcome:
    """Play the rounds, and say whether they led anywhere.

    A round in which nobody moves is the last: all others would be like it. So gradients are those
    of forward mode.

    Args:
        step: positions of a round -> positions of the next.
        weight: influence of each actor.
        who: the actors; they start at their positions.
        rounds: how many; a whole number >= 1, not traced.
    """

    numbers = jnp.arange(rounds + 1)[:, None]

    def turn(played: _Played) -> _Played:
        after, done = step(played.position), played.done + 1
        path = jnp.where(numbers >= done, after, played.path)
        return _Played(done, after, jnp.any(after != played.position), path)

    start = jnp.broadcast_to(who.position, (rounds + 1, *who.position.shape))
    played = jax.lax.while_loop(
        lambda played: played.moving & (played.done < rounds),
        turn,
        _Played(jnp.asarray(0), who.position, jnp.asarray(True), start),
    )
    last, path = played.position, played.path
    moved = jnp.abs(last - path[-2]).max()
    returned = jnp.abs(last - path[max(-3, -rounds - 1)]).max()
    settled = moved <= SETTLED * span(who)
    median = median_position(weight, last)
    return Outcome(
        policy=median,
        mean=mean_position(weight, last),
        median=median,
        settled=settled,
        cycling=~settled & (returned <= CYCLING * moved),
        path=path,
    )
