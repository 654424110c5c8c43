"""Step 11: memory. A pair of states in one year, its odds spread over years since the last dispute.

The mass of a pair lies on (treaty lasts or has ended) x (rivalry lasts or has ended) x (years
since the last dispute). For each threat and each event a second mass counts only histories in
which the event has not happened yet: what is missing from it is the odds that it has.
"""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from foedus.engine.year import Anchor, Clock, Lasting, Threatened, challenges
from foedus.mechanisms import memory
from foedus.mechanisms.base import Scalar
from foedus.mechanisms.crisis import Noise

EVENTS = ("fatal", "war", "grab")

Clean = Float[Array, "threats events treaty rivalry years_since"]


class Pair(NamedTuple):
    """What a pair of states carries from year to year."""

    mass: Clock
    clean: Clean


class Happened(NamedTuple):
    """One threat in one year, averaged over the pair's states."""

    disputes: Scalar  # odds of a dispute
    concessions: Scalar  # odds of a concession
    resists: Scalar  # odds that the target resists, once challenged
    helped: Scalar  # odds that the helper comes, once called
    so_far: Float[Array, " events"]  # odds that each event has happened, this year or before
    mass: Scalar  # total mass of the pair: 1


def start(since: Scalar, threats: int, rivals: bool) -> Pair:
    """All mass on a treaty in force, the rivalry as it is, `since` years after the last dispute."""
    years = memory.start(since)
    rivalry = jnp.asarray([1.0, 0.0])[: 1 + rivals, None]
    mass = jnp.asarray([1.0, 0.0])[:, None, None] * (rivalry * years)[None]
    return Pair(mass, jnp.broadcast_to(mass, (threats, len(EVENTS), *mass.shape)))


def pair_year(
    noise: Noise,
    pair: Pair,
    threats: list[tuple[Threatened, Anchor]],
    ends: tuple[Scalar, Scalar],
) -> tuple[Pair, list[Happened]]:
    """One year of one pair.

    Args:
        noise: what the players do not know of each other.
        pair: the pair at the start of the year.
        threats: its threats, one or two directions on one clock.
        ends: odds that the treaty, and that the rivalry, ends this year.

    Returns:
        The pair a year on, and what happened in each direction.
    """
    rivalry = pair.mass.shape[1]
    odds = [challenges(noise, t, k.rates[:rivalry]) for t, k in threats]
    quiet = jnp.ones_like(pair.mass)
    for each in odds:
        quiet = quiet * (1.0 - each)
    clean = [
        jnp.stack([_survive(c, quiet, each * _while(x)) for c, x in zip(own, events, strict=True)])
        for own, each, events in zip(
            pair.clean, odds, [t.leads_to[: len(EVENTS)] for t, _ in threats], strict=True
        )
    ]
    after = Pair(
        _end(memory.age(pair.mass * quiet) + memory.restart(pair.mass * (1.0 - quiet)), ends),
        jnp.stack([_end(each, ends) for each in clean]),
    )
    return after, [
        _happened(pair.mass, each, t, left)
        for each, (t, _), left in zip(odds, threats, after.clean, strict=True)
    ]


def _while(value: Lasting) -> Float[Array, "treaty 1 1"]:
    return value[:, None, None]


def _survive(clean: Clock, quiet: Clock, event: Clock) -> Clock:
    """Histories without the event: quiet years age, disputes without it start the clock anew."""
    return memory.age(clean * quiet) + memory.restart(clean * (1.0 - quiet - event))


def _end(mass: Float[Array, "*s treaty rivalry years"], ends: tuple[Scalar, Scalar]) -> Array:
    """Treaties and rivalries end, and do not come back."""
    lost = mass[..., :1, :, :] * ends[0]
    mass = mass + jnp.concatenate([-lost, lost], axis=-3)
    if mass.shape[-2] == 1:
        return mass
    over = mass[..., :1, :] * ends[1]
    return mass + jnp.concatenate([-over, over], axis=-2)


def _happened(mass: Clock, odds: Clock, t: Threatened, clean: Clean) -> Happened:
    disputes = jnp.sum(mass * odds, axis=(1, 2))
    lasting = jnp.sum(mass, axis=(1, 2))
    return Happened(
        disputes=disputes.sum(),
        concessions=jnp.sum(disputes * t.leads_to.concession),
        resists=jnp.sum(lasting * t.resists),
        helped=jnp.sum(lasting * t.helped),
        so_far=1.0 - jnp.sum(clean, axis=(1, 2, 3)),
        mass=lasting.sum(),
    )
