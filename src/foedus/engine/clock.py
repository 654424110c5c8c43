"""Memory: the odds of a pair of states, spread over the years of its last dispute.

A history of a pair is known by the year of its last dispute, by whether the treaty still lasts and
by whether the rivalry does. The mass of each kind of history is followed from its last dispute
onwards, year by year: what stays quiet goes on, and what has another dispute joins the histories
that begin in that year. So nothing is drawn and nothing is lost.

Beside the mass of all histories each pair carries, for every threat and event, the mass of those
in which the event has not happened: what has left it is the odds that it has.

Every array has a last axis of worlds, so that many worlds lie side by side in memory; only the
axes before it are named. The chain is most of the work of a run.
"""

from functools import partial, reduce
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from foedus.engine.year import Threatened
from foedus.mechanisms.crisis import Noise, shift_log_odds
from foedus.mechanisms.memory import STATES

EVENTS = ("fatal", "war", "grab")

Each = Float[Array, "*worlds"]
Mass = Float[Array, "chains treaty rivalry *worlds"]


class Happened(NamedTuple):
    """One pair, averaged over its histories; every leaf has leading axes of years and threats."""

    disputes: Float[Array, "years threats *worlds"]  # odds of a dispute
    concessions: Float[Array, "years threats *worlds"]  # odds of a concession
    resists: Float[Array, "years threats *worlds"]  # odds that the target resists, once challenged
    helped: Float[Array, "years threats *worlds"]  # odds that the helper comes, once called
    so_far: Float[Array, "years threats events *worlds"]  # odds that it has happened by then
    mass: Float[Array, "years threats *worlds"]  # of all histories: 1


class _Year(NamedTuple):
    """What a year of a pair asks of its histories; every leaf has a leading axis of years."""

    score: Float[Array, "years threats treaty *worlds"]
    slope: Float[Array, "years threats treaty *worlds"]
    shift: Float[Array, "years threats treaty *worlds"]
    leaves: Float[Array, "years threats chains treaty *worlds"]  # odds of a chain's event, disputed


class _Found(NamedTuple):
    """What is added up while histories are followed."""

    begins: Float[Array, "places chains treaty rivalry *worlds"]  # by year of the last dispute
    left: Mass  # of the histories now followed
    gone: Float[Array, "years chains *worlds"]  # in which the event of a chain happens
    disputed: Float[Array, "years threats treaty *worlds"]
    lasting: Float[Array, "years treaty *worlds"]


def live(noise: Noise, t: Threatened, rates: Array, ends: tuple[Each, Each]) -> Happened:
    """All years of one pair.

    Args:
        noise: what the players do not know of each other.
        t: its threats, one or two directions on one clock; leaves: years, threats, ...
        rates: base rates as scores, as `memory.dated` gives them for each threat; axes: threats,
            ages and years, rivalry (while it lasts, and after; the second only for rivals).
        ends: odds that the treaty, and that the rivalry, ends in a year.
    """
    years, threats = t.score.shape[:2]
    year = _Year(t.score, t.slope, t.shift, _leaves(t))

    def follow(now: Array, found: _Found, place: Array) -> _Found:
        """One more year of the histories whose last dispute was before the year `place`."""
        y: _Year = jax.tree.map(lambda leaf: _at(leaf, now), year)
        age = jnp.where(place == 0, now, years + jnp.minimum(now - place, STATES - 1))
        odds = _challenges(noise, y, _at(rates, age, axis=1))
        quiet = reduce(jnp.multiply, [1.0 - each for each in odds])
        hit = reduce(jnp.add, [odds[i][None] * y.leaves[i][:, :, None] for i in range(threats)])
        left, mass = found.left, found.left[0]
        return _Found(
            begins=_add(found.begins, now + 1, left * (1.0 - quiet - hit)),
            left=_end(left * quiet, ends),
            gone=_add(found.gone, now, _over(left * hit, 1, 2)),
            disputed=_add(found.disputed, now, _over(mass[None] * odds, 2)),
            lasting=_add(found.lasting, now, _over(mass, 1)),
        )

    def from_place(found: _Found, place: Array) -> tuple[_Found, None]:
        begins = _at(found.begins, place)
        left = jnp.where(place == 0, begins, _end(begins, ends))
        found = found._replace(left=left)
        step = partial(follow, place=place)
        return jax.lax.fori_loop(place, years, step, found), None

    found, _ = jax.lax.scan(from_place, _start(year, rates), jnp.arange(years))
    return _happened(found, t)


def _challenges(noise: Noise, y: _Year, rates: Array) -> Array:
    """Odds of a challenge by each threat, in every kind of history: threats, treaty, rivalry."""
    score = y.score[:, :, None] + y.slope[:, :, None] * rates[:, None]
    return shift_log_odds(noise.link(score), y.shift[:, :, None])


def _leaves(t: Threatened) -> Array:
    """Odds, given a dispute by a threat, that a history leaves each chain.

    Chain 0 holds all histories; then each threat has one for each of its events.
    """
    events = jnp.stack([getattr(t.leads_to, event) for event in EVENTS], axis=2)
    threats = events.shape[1]
    own = jnp.eye(threats).reshape(1, threats, threats, *[1] * (events.ndim - 2))
    chains = own * events[:, :, None]  # years, threats, chains' threats, events, treaty, worlds
    chains = chains.reshape(*events.shape[:2], -1, *events.shape[3:])
    return jnp.concatenate([jnp.zeros_like(chains[:, :, :1]), chains], axis=2)


def _start(year: _Year, rates: Array) -> _Found:
    """All mass on the last dispute before the first year, with treaty and rivalry as they are."""
    years, _, chains = year.leaves.shape[:3]
    worlds = rates.shape[3:]
    first = np.zeros((years + 1, chains, 2, rates.shape[2], *[1] * len(worlds)))
    first[0, :, 0, 0] = 1.0
    begins = jnp.broadcast_to(jnp.asarray(first), first.shape[:4] + worlds)
    return _Found(
        begins=begins,
        left=jnp.zeros_like(begins[0]),
        gone=jnp.zeros_like(begins[:years, :, 0, 0]),
        disputed=jnp.zeros_like(year.score),
        lasting=jnp.zeros_like(year.score[:, 0]),
    )


def _end(mass: Mass, ends: tuple[Each, Each]) -> Mass:
    """Treaties and rivalries end, and do not come back."""
    mass = _move(mass, 1, ends[0])
    return mass if mass.shape[2] == 1 else _move(mass, 2, ends[1])


def _move(mass: Mass, axis: int, share: Each) -> Mass:
    """Move a share of the mass from the first to the second place of an axis of two."""
    shape = [1] * mass.ndim
    shape[axis] = 2
    moves = jnp.asarray([-1.0, 1.0]).reshape(shape)  # arithmetic, since joining arrays is slow
    first = mass[:, :1] if axis == 1 else mass[:, :, :1]
    return mass + moves * (first * share)


def _at(x: Array, i: Array, axis: int = 0) -> Array:
    found: Array = jax.lax.dynamic_index_in_dim(x, i, axis, keepdims=False)
    return found


def _add(total: Array, i: Array, part: Array) -> Array:
    more: Array = jax.lax.dynamic_update_index_in_dim(total, _at(total, i) + part, i, 0)
    return more


def _over(x: Array, *axes: int) -> Array:
    """The sum over axes of one or two places: additions, since reductions are slow."""
    for axis in sorted(axes, reverse=True):
        x = reduce(
            jnp.add,
            [jax.lax.index_in_dim(x, i, axis, keepdims=False) for i in range(x.shape[axis])],
        )
    return x


def _happened(found: _Found, t: Threatened) -> Happened:
    years, threats = t.score.shape[:2]
    gone = jnp.cumsum(found.gone[:, 1:], axis=0)
    lasting = found.lasting[:, None]
    return Happened(
        disputes=found.disputed.sum(axis=2),
        concessions=jnp.sum(found.disputed * t.leads_to.concession, axis=2),
        resists=jnp.sum(lasting * t.resists, axis=2),
        helped=jnp.sum(lasting * t.helped, axis=2),
        so_far=gone.reshape(years, threats, len(EVENTS), *gone.shape[2:]),
        mass=jnp.broadcast_to(found.lasting.sum(axis=1)[:, None], found.disputed[:, :, 0].shape),
    )
