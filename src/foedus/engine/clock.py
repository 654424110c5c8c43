"""Memory: the odds of a pair of states, spread over the years of its last dispute.

A history of a pair is known by the year of its last dispute, by whether the treaty still lasts and
by whether the rivalry does. The mass of each kind of history is followed from its last dispute
onwards, year by year: what stays quiet goes on, and what has another dispute joins the histories
that begin in that year. So nothing is drawn and nothing is lost.

Beside the mass of all histories each pair carries, for every threat and event, the mass of those
in which the event has not happened: what has left it is the odds that it has.

What an event takes away is known by year and treaty alone, so it is settled once a year, for all
histories together: following them needs no more than the odds of a dispute.

Every array may have last axes of pairs that are alike and of worlds, which lie side by side in
memory; only the axes before them are named. The chain is most of the work of a run.
"""

from functools import reduce
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from foedus.engine.year import Threatened
from foedus.mechanisms.crisis import Noise, shifted
from foedus.mechanisms.memory import STATES

EVENTS = ("fatal", "war", "grab")

Each = Float[Array, "*worlds"]
Mass = Float[Array, "chains treaty rivalry *worlds"]
Left = Float[Array, "places chains treaty rivalry *worlds"]  # mass of histories now followed
Few = Float[Array, "few chains treaty rivalry *worlds"]  # of some places

TOGETHER = 2  # places that are followed side by side: fewer and longer steps


class Happened(NamedTuple):
    """One pair, averaged over its histories; every leaf has leading axes of years and threats."""

    disputes: Float[Array, "years threats *worlds"]  # odds of a dispute
    concessions: Float[Array, "years threats *worlds"]  # odds of a concession
    resists: Float[Array, "years threats *worlds"]  # odds that the target resists, once challenged
    helped: Float[Array, "years threats *worlds"]  # odds that the helper comes, once called
    aided: Float[Array, "years threats *worlds"]  # odds that it sends aid instead
    so_far: Float[Array, "years threats events *worlds"]  # odds that it has happened by then
    mass: Float[Array, "years threats *worlds"]  # of all histories: 1

    def of(self, pair: int) -> "Happened":
        """One of several pairs side by side."""
        others = {name: leaf[:, :, pair] for name, leaf in self._asdict().items()}
        return Happened(**others | {"so_far": self.so_far[:, :, :, pair]})


class _Year(NamedTuple):
    """What a year of a pair asks of its histories."""

    now: Int[Array, ""]
    score: Float[Array, "threats treaty *worlds"]
    slope: Float[Array, "threats treaty *worlds"]
    ratio: Float[Array, "threats treaty *worlds"]  # multiplies the odds of a challenge
    events: Float[Array, "threats events treaty 1 *worlds"]  # odds given a challenge
    before: Float[Array, "threats rivalry *worlds"]  # rates after no dispute but the old one


class _Found(NamedTuple):
    """What the histories of a year come to; chain 0 holds all of them.

    Then each threat has a chain for each of its events, of the histories still without it.
    """

    disputed: Mass  # by whomever
    all_by: Float[Array, "threats treaty rivalry *worlds"]  # disputed by whom, of chain 0
    own_by: Float[Array, "threats events treaty rivalry *worlds"]  # ... of its own chains
    lasting: Float[Array, "treaty rivalry *worlds"]  # all mass of chain 0


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
    years = t.score.shape[0]
    events = jnp.stack([getattr(t.leads_to, event) for event in EVENTS], axis=2)
    by_year = _Year(  # with a leading axis of years
        now=jnp.arange(years),
        score=t.score,
        slope=t.slope,
        ratio=jnp.exp(t.shift),
        events=events[:, :, :, :, None],
        before=jnp.swapaxes(rates[:, :years], 0, 1),
    )
    after = _from_youngest(jnp.swapaxes(rates[:, years:], 0, 1), years)

    def one_year(left: Left, y: _Year) -> tuple[Left, tuple[_Found, Array]]:
        left, found = _played(noise, y, after, left, ends, fires)
        hit = found.own_by * y.events
        begins = found.disputed - jnp.concatenate(
            [jnp.zeros_like(found.disputed[:1]), hit.reshape(-1, *hit.shape[2:])]
        )
        left = jax.lax.dynamic_update_index_in_dim(left, _end(begins, ends), y.now + 1, 0)
        return left, (found, _over(hit, 2, 3))

    _, (found, gone) = jax.lax.scan(one_year, _start(t, rates), by_year)
    if fires is None:
        return _happened(found, t, gone, found.lasting.sum(axis=(1, 2))[:, None])
    return _given(found, t, gone, fires)


def _played(
    noise: Noise, y: _Year, after: Array, left: Left, ends: tuple[Each, Each], fires: Each | None
) -> tuple[Left, _Found]:
    """A year of all histories, a few places at a time: where their last dispute was long ago, and
    then those of each year since. Places of later years are empty."""
    years = len(after) - len(left)

    def few(b: Array, so_far: tuple[Left, Few, _Found]) -> tuple[Left, Few, _Found]:
        left, here, found = so_far
        first = b * TOGETHER
        rates = _some(after, first - y.now + years)
        oldest = (first + jnp.arange(TOGETHER) == 0).reshape(-1, *[1] * y.before.ndim)
        odds = _challenges(noise, y, jnp.where(oldest, y.before, rates))
        quiet, more = _spent(y, here, odds, fires)
        left = jax.lax.dynamic_update_slice_in_dim(left, _end(quiet, ends, 1), first, 0)
        return left, _some(left, first + TOGETHER), jax.tree.map(jnp.add, found, more)

    threats, nothing = y.score.shape[0], jnp.zeros_like(left[0])
    none = _Found(
        nothing,
        jnp.zeros((threats, *left.shape[2:]), left.dtype),
        jnp.zeros((threats, len(EVENTS), *left.shape[2:]), left.dtype),
        nothing[0],
    )
    blocks = y.now // TOGETHER + 1
    left, _, found = jax.lax.fori_loop(0, blocks, few, (left, left[:TOGETHER], none))
    return left, found


def _spent(y: _Year, left: Few, odds: Array, fires: Each | None) -> tuple[Few, _Found]:
    """What stays quiet in a year, and what does not, of a few places."""
    threats = odds.shape[1]
    some = reduce(
        lambda one, other: one + other - one * other, [odds[:, k] for k in range(threats)]
    )
    disputed, quiet = left * some[:, None], left * (1.0 - some[:, None])
    if fires is not None:
        then = y.now.astype(fires.dtype)
        odds, disputed = (jnp.where(then < fires, 0.0, each) for each in (odds, disputed))
        quiet = jnp.where(then == fires, 0.0, quiet)
    own = left[:, 1:].reshape(len(left), threats, len(EVENTS), *left.shape[2:])
    return quiet, _Found(
        disputed=_over(disputed, 0),
        all_by=_over(left[:, :1] * odds, 0),
        own_by=_over(own * odds[:, :, None], 0),
        lasting=_over(left[:, 0], 0),
    )


def _from_youngest(by_age: Array, years: int) -> Array:
    """Rates of places in order, so that those of any year lie side by side.

    Place p + 1 has the histories whose last dispute was in the year p; in the year y its rates are
    in row p + years - y, those of age 0 also where a place is still empty.
    """
    places = -(-years // TOGETHER) * TOGETHER
    rows = np.clip(years - np.arange(places + years), 0, STATES - 1)
    found: Array = by_age[rows]
    return found


def _challenges(noise: Noise, y: _Year, rates: Array) -> Array:
    """Odds of a challenge in every kind of history: places, threats, treaty, rivalry, worlds."""
    score = y.score[:, :, None] + y.slope[:, :, None] * rates[:, :, None]
    return shifted(noise, score, jnp.broadcast_to(y.ratio[:, :, None], score.shape))


def _start(t: Threatened, rates: Array) -> Left:
    """All mass where the last dispute was before the first year, treaty and rivalry as they are."""
    years, threats = t.score.shape[:2]
    places = -(-years // TOGETHER) * TOGETHER
    shape = (places, 1 + threats * len(EVENTS), 2, rates.shape[2], *rates.shape[3:])
    first = np.zeros((*shape[:4], *[1] * (rates.ndim - 3)))
    first[0, :, 0, 0] = 1.0
    return jnp.broadcast_to(jnp.asarray(first), shape)


def _end(mass: Array, ends: tuple[Each, Each], axis: int = 0) -> Array:
    """Treaties and rivalries end, and do not come back; their axes are behind `axis`, of chains."""
    mass = _move(mass, axis + 1, ends[0])
    return mass if mass.shape[axis + 2] == 1 else _move(mass, axis + 2, ends[1])


def _move(mass: Array, axis: int, share: Each) -> Array:
    """Move a share of the mass from the first to the second place of an axis of two."""
    shape = [1] * mass.ndim
    shape[axis] = 2
    moves = jnp.asarray([-1.0, 1.0]).reshape(shape)  # arithmetic, since joining arrays is slow
    first = jax.lax.slice_in_dim(mass, 0, 1, axis=axis)
    return mass + moves * (first * share)


def _some(x: Array, first: Array) -> Array:
    """A few rows from the row `first` on."""
    found: Array = jax.lax.dynamic_slice_in_dim(x, first, TOGETHER)
    return found


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
    fired = _over(found.disputed[:, 0], 1, 2)
    mass = jnp.sum(jnp.where(calendar == fires, fired, 0.0), axis=0)
    among = found.lasting.sum(axis=(1, 2))
    every = jnp.isnan(fires)
    share = jnp.where(every | (fires >= years), 1.0, _inverse(mass))
    still = jnp.where(every, 1.0, _inverse(among))  # before it all branches are one history
    found = found._replace(
        all_by=found.all_by * share, lasting=found.lasting * still[:, None, None]
    )
    return _happened(found, t, gone * share, jnp.where(every, among, mass)[:, None])


def _inverse(mass: Array) -> Array:
    return jnp.where(mass > 0, 1.0 / jnp.where(mass > 0, mass, 1.0), 0.0)


def _happened(found: _Found, t: Threatened, gone: Array, mass: Array) -> Happened:
    disputed, lasting = found.all_by.sum(axis=3), found.lasting.sum(axis=2)[:, None]
    return Happened(
        disputes=disputed.sum(axis=2),
        concessions=jnp.sum(disputed * t.leads_to.concession, axis=2),
        resists=jnp.sum(lasting * t.resists, axis=2),
        helped=jnp.sum(lasting * t.helped, axis=2),
        aided=jnp.sum(lasting * t.aided, axis=2),
        so_far=jnp.cumsum(gone, axis=0),
        mass=jnp.broadcast_to(mass, disputed[:, :, 0].shape),
    )
