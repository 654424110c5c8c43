"""Memory: the odds of a pair of states, spread over the years of its last dispute.

The mass of a pair lies on (year of the last dispute) x (treaty lasts or has ended) x (rivalry
lasts or has ended). For each threat and each event a second mass counts only histories in which
the event has not happened yet: what is missing from it is the odds that it has.

Every array here may have a last axis of worlds, so that many worlds lie side by side in memory:
the chain is most of the work. Only the axes before it are named.
"""

from functools import reduce
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from foedus.engine.year import Threatened
from foedus.mechanisms.crisis import Noise, shift_log_odds

EVENTS = ("fatal", "war", "grab")

Each = Float[Array, "*worlds"]
Clock = Float[Array, "places treaty rivalry *worlds"]


class Pair(NamedTuple):
    """What a pair of states carries from year to year."""

    mass: Clock
    clean: tuple[tuple[Clock, ...], ...]  # for each threat and event: histories without it


class Happened(NamedTuple):
    """One threat in one year, averaged over the pair's states."""

    disputes: Each  # odds of a dispute
    concessions: Each  # odds of a concession
    resists: Each  # odds that the target resists, once challenged
    helped: Each  # odds that the helper comes, once called
    so_far: tuple[Each, ...]  # odds that each event has happened, this year or before
    mass: Each  # total mass of the pair: 1


def start(years: int, threats: int, rivals: bool, like: Each) -> Pair:
    """All mass on the last dispute before the first year, with treaty and rivalry as they are."""
    first = jnp.zeros((years + 1, 2, 1 + rivals)).at[0, 0, 0].set(1.0)
    mass = first.reshape(*first.shape, *[1] * like.ndim) + jnp.zeros_like(like)
    return Pair(mass, ((mass,) * len(EVENTS),) * threats)


def challenges(noise: Noise, t: Threatened, rates: Float[Array, "places rivalry *worlds"]) -> Clock:
    """Odds of a challenge in every state of the pair, from the base rates as scores."""
    score = t.score[None, :, None] + t.slope[None, :, None] * rates[:, None]
    return shift_log_odds(noise.link(score), t.shift[None, :, None])


def pair_year(
    pair: Pair,
    threats: list[tuple[Threatened, Clock]],
    ends: tuple[Each, Each],
    now: Float[Array, " places"],
) -> tuple[Pair, list[Happened]]:
    """One year of one pair.

    Args:
        pair: the pair at the start of the year.
        threats: its threats, one or two directions on one clock, with their odds in each state.
        ends: odds that the treaty, and that the rivalry, ends this year.
        now: 1 at the place of this year, 0 elsewhere; shape (places,).

    Returns:
        The pair a year on, and what happened in each direction.
    """
    quiet = reduce(lambda left, each: left * (1.0 - each[1]), threats, jnp.ones_like(pair.mass))
    place = now.reshape(-1, *[1] * (pair.mass.ndim - 1))

    def next_year(left: Clock, event: Clock) -> Clock:
        again = jnp.sum(left * (1.0 - quiet - event), axis=0)
        return _end(left * quiet + place * again[None], ends)

    clean = tuple(
        tuple(
            next_year(left, odds * event[None, :, None])
            for left, event in zip(own, t.leads_to, strict=False)
        )
        for own, (t, odds) in zip(pair.clean, threats, strict=True)
    )
    mass = next_year(pair.mass, jnp.zeros_like(quiet))
    return Pair(mass, clean), [
        _happened(pair.mass, odds, t, left) for (t, odds), left in zip(threats, clean, strict=True)
    ]


def _end(mass: Clock, ends: tuple[Each, Each]) -> Clock:
    """Treaties and rivalries end, and do not come back."""
    mass = _move(mass, 1, ends[0])
    return mass if mass.shape[2] == 1 else _move(mass, 2, ends[1])


def _move(mass: Clock, axis: int, share: Each) -> Clock:
    """Move a share of the mass from the first to the second place of an axis of two."""
    shape = [1] * mass.ndim
    shape[axis] = 2
    moves = jnp.asarray([-1.0, 1.0]).reshape(shape)  # arithmetic, since joining arrays is slow
    first = mass[:, :1] if axis == 1 else mass[:, :, :1]
    return mass + moves * (first * share)


def _happened(mass: Clock, odds: Clock, t: Threatened, clean: tuple[Clock, ...]) -> Happened:
    disputes = jnp.sum(mass * odds, axis=(0, 2))
    lasting = jnp.sum(mass, axis=(0, 2))
    return Happened(
        disputes=disputes.sum(axis=0),
        concessions=jnp.sum(disputes * t.leads_to.concession, axis=0),
        resists=jnp.sum(lasting * t.resists, axis=0),
        helped=jnp.sum(lasting * t.helped, axis=0),
        so_far=tuple(1.0 - jnp.sum(each, axis=(0, 1, 2)) for each in clean),
        mass=lasting.sum(axis=0),
    )
