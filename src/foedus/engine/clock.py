"""Memory: the odds of a pair of states, spread over the years of its last dispute.

A history of a pair is known by the year of its last dispute, by whether the treaty still lasts and
by whether the rivalry does. The mass of each kind of history is followed from its last dispute
onwards, year by year: what stays quiet goes on, and what has another dispute joins the histories
that begin in that year. So nothing is drawn and nothing is lost.

Beside the mass of all histories each pair carries, for every threat and event, the mass of those
in which the event has not happened: what has left it is the odds that it has.

What an event takes away is known by year and treaty alone, so it is settled once a year, for all
histories together: following them needs no more than the odds of a dispute.

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
from foedus.mechanisms.crisis import Noise, shifted
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
    aided: Float[Array, "years threats *worlds"]  # odds that it sends aid instead
    so_far: Float[Array, "years threats events *worlds"]  # odds that it has happened by then
    mass: Float[Array, "years threats *worlds"]  # of all histories: 1


class _Year(NamedTuple):
    """What a year of a pair asks of its histories; every leaf has a leading axis of years."""

    score: Float[Array, "years threats treaty *worlds"]
    slope: Float[Array, "years threats treaty *worlds"]
    ratio: Float[Array, "years threats treaty *worlds"]  # multiplies the odds of a challenge


class _Found(NamedTuple):
    """What is added up while histories are followed; chain 0 holds all of them.

    Then each threat has a chain for each of its events, of the histories still without it.
    """

    left: Mass  # of the histories now followed
    disputed: Float[Array, "years chains treaty rivalry *worlds"]  # by whomever
    all_by: Float[Array, "years threats treaty rivalry *worlds"]  # disputed by whom, of chain 0
    own_by: Float[Array, "years threats events treaty rivalry *worlds"]  # ... of its own chains
    lasting: Float[Array, "years treaty *worlds"]


def live(
    noise: Noise,
    t: Threatened,
    rates: Array,
    ends: tuple[Each, Each],
    fires: Each | None = None,
) -> Happened:
    """All years of one pair.

    Args:
        noise: what the players do not know of each other.
        t: its threats, one or two directions on one clock; leaves: years, threats, ...
        rates: base rates as scores, as `memory.dated` gives them for each threat; axes: threats,
            ages and years, rivalry (while it lasts, and after; the second only for rivals).
        ends: odds that the treaty, and that the rivalry, ends in a year.
        fires: the year of the pair's first dispute, where only such histories are followed; the
            number of years for those without any; NaN for all histories. Odds are then those given
            that, and `mass` is that of histories whose first dispute is in that year.
    """
    years, threats = t.score.shape[:2]
    year = _Year(t.score, t.slope, jnp.exp(t.shift))
    events = jnp.stack([getattr(t.leads_to, event) for event in EVENTS], axis=2)
    events = events[:, :, :, :, None]  # given a dispute: years, threats, events, treaty, 1, worlds

    def follow(now: Array, found: _Found, place: Array) -> _Found:
        """One more year of the histories whose last dispute was before the year `place`."""
        y: _Year = jax.tree.map(lambda leaf: _at(leaf, now), year)
        age = jnp.where(place == 0, now, years + jnp.minimum(now - place, STATES - 1))
        odds = _challenges(noise, y, _at(rates, age, axis=1))
        some = reduce(lambda one, other: one + other - one * other, list(odds))
        left = found.left
        disputed, quiet = left * some, left * (1.0 - some)
        if fires is not None:
            then = now.astype(fires.dtype)
            odds, disputed = (jnp.where(then < fires, 0.0, each) for each in (odds, disputed))
            quiet = jnp.where(then == fires, 0.0, quiet)
        own = left[1:].reshape(threats, len(EVENTS), *left.shape[1:])
        return _Found(
            left=_end(quiet, ends),
            disputed=_add(found.disputed, now, disputed),
            all_by=_add(found.all_by, now, left[0] * odds),
            own_by=_add(found.own_by, now, own * odds[:, None]),
            lasting=_add(found.lasting, now, _over(left[0], 1)),
        )

    def from_place(found: _Found, place: Array) -> tuple[_Found, None]:
        """The histories whose last dispute was in the year before `place`, to the last year."""
        before = jnp.maximum(place - 1, 0)
        hit = _at(found.own_by, before) * _at(events, before)
        hit = hit.reshape(-1, *hit.shape[2:])
        begins = _at(found.disputed, before)
        begins = _end(jnp.concatenate([begins[:1], begins[1:] - hit]), ends)
        found = found._replace(left=jnp.where(place == 0, found.left, begins))
        step = partial(follow, place=place)
        return jax.lax.fori_loop(place, years, step, found), None

    found, _ = jax.lax.scan(from_place, _start(year, rates), jnp.arange(years))
    gone = jnp.sum(found.own_by * events, axis=(3, 4))
    if fires is None:
        return _happened(found, t, gone, found.lasting.sum(axis=1)[:, None])
    return _given(found, t, gone, fires)


def _challenges(noise: Noise, y: _Year, rates: Array) -> Array:
    """Odds of a challenge by each threat, in every kind of history: threats, treaty, rivalry."""
    score = y.score[:, :, None] + y.slope[:, :, None] * rates[:, None]
    return shifted(noise, score, y.ratio[:, :, None])


def _start(year: _Year, rates: Array) -> _Found:
    """All mass on the last dispute before the first year, with treaty and rivalry as they are."""
    years, threats = year.score.shape[:2]
    chains, kinds = 1 + threats * len(EVENTS), (2, rates.shape[2], *rates.shape[3:])
    first = np.zeros((chains, *kinds[:2], *[1] * (rates.ndim - 3)))
    first[:, 0, 0] = 1.0
    left = jnp.broadcast_to(jnp.asarray(first), (chains, *kinds))

    def none(*shape: int) -> Array:
        return jnp.zeros((years, *shape))

    return _Found(
        left=left,
        disputed=none(chains, *kinds),
        all_by=none(threats, *kinds),
        own_by=none(threats, len(EVENTS), *kinds),
        lasting=none(2, *kinds[2:]),
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


def _given(found: _Found, t: Threatened, gone: Array, fires: Each) -> Happened:
    """What happened, given the year of the first dispute."""
    years = len(gone)
    calendar = jnp.arange(float(years)).reshape(-1, *[1] * fires.ndim)
    fired = _over(_over(found.disputed[:, 0], 1), 1)
    mass = jnp.sum(jnp.where(calendar == fires, fired, 0.0), axis=0)
    among = found.lasting.sum(axis=1)
    every = jnp.isnan(fires)
    share = jnp.where(every | (fires >= years), 1.0, _inverse(mass))
    still = jnp.where(every, 1.0, _inverse(among))  # before it all branches are one history
    found = found._replace(all_by=found.all_by * share, lasting=found.lasting * still[:, None])
    return _happened(found, t, gone * share, jnp.where(every, among, mass)[:, None])


def _inverse(mass: Array) -> Array:
    return jnp.where(mass > 0, 1.0 / jnp.where(mass > 0, mass, 1.0), 0.0)


def _happened(found: _Found, t: Threatened, gone: Array, mass: Array) -> Happened:
    disputed, lasting = found.all_by.sum(axis=3), found.lasting[:, None]
    return Happened(
        disputes=disputed.sum(axis=2),
        concessions=jnp.sum(disputed * t.leads_to.concession, axis=2),
        resists=jnp.sum(lasting * t.resists, axis=2),
        helped=jnp.sum(lasting * t.helped, axis=2),
        aided=jnp.sum(lasting * t.aided, axis=2),
        so_far=jnp.cumsum(gone, axis=0),
        mass=jnp.broadcast_to(mass, disputed[:, :, 0].shape),
    )
