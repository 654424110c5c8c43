"""One world through the years: what it begins with, and what each year leaves to the next.

`year` says what happens in a year of one threat; here the years are put one after the other, with
all that the threats share: forces, money, arms, and when an option begins.
"""

from dataclasses import replace
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float

from foedus.engine import arriving, bargain, budgets, supplies
from foedus.engine.budgets import Gaps
from foedus.engine.calibrate import calibrate
from foedus.engine.pairs import lived
from foedus.engine.supplies import Supplies
from foedus.engine.year import (
    Alliance,
    Anchor,
    Standing,
    Threatened,
    alliance,
    stirred,
    threatened,
)
from foedus.mechanisms import asked, beside, costs, memory, presence, readiness
from foedus.mechanisms.alignment import Bargain
from foedus.mechanisms.base import Scalar
from foedus.worlds.model import Model
from foedus.worlds.world import Common, Local, World, ask, world

NEVER = 1e3  # years: after the end of any case

Row = Float[Array, " columns"]
PerPair = Float[Array, " beside"]


class Grown(NamedTuple):
    """What one year leaves to the next."""

    skill: Scalar  # what exercises have taught
    known: Scalar  # experience of the host's industry [first lots]
    trained: Scalar  # what a programme of training and standards has done [years of all of it]
    gaps: Gaps  # of spending and the economy


class Home(NamedTuple):
    """The reference option, year by year."""

    troops: Float[Array, " years"]  # at its base [persons]
    paid: Float[Array, " years"]  # by the host, not discounted [M USD]
    denied: Float[Array, " years"]  # share of supply refused in a crisis


class Began(NamedTuple):
    """What a world is before the first year: solved on the reference, the same for all options."""

    anchors: Anchor  # of every threat
    quarrels: Float[Array, "beside years_since"]  # odds of those beside the host, as p / (1 - p)
    stirred: PerPair  # what the reference's base does to them
    first: Grown
    home: Home


class Course(NamedTuple):
    """A world under an option: as it is at first, and from each of `Model.steps` on."""

    first: World
    later: tuple[World, ...]


class Year(NamedTuple):
    """One year of one world under one option, before its disputes."""

    now: Alliance
    threats: Threatened  # with a leading axis of threats
    help: Standing  # likewise
    cost: costs.Cost  # present value [M USD]
    gaps: Gaps
    supplies: Supplies
    bargain: Bargain
    capability: Scalar  # the host's own forces, 1 for those of the first year fully trained
    extra: Scalar  # what rivals spend beyond the reference [M USD]
    stirs: PerPair  # what the base adds to quarrels beside the host [log-odds]
    leaves: Grown


def begin(model: Model, row: Row, channels: Array) -> Began:
    """Solve the constants of one world on the reference option."""
    w = world(model, row, channels)
    skill = readiness.steady_skill(w.common.training)
    first = jnp.zeros_like(skill)
    now = alliance(w.common, first, skill)

    def solve(here: Local, phases: arriving.Phases) -> Anchor:
        return calibrate(model, w.common, here, now, arriving.in_year(phases, first))

    known = jnp.full_like(skill, supplies.UNKNOWN)

    def at_home(known: Scalar, year: Scalar) -> tuple[Scalar, Home]:
        then, bought = alliance(w.common, year, skill), _supplies(model, w.common, known)
        paid = _paid(model, w, then, year).host + bought.premium
        return bought.known, Home(then.troops, paid, bought.denied)

    anchors = jax.vmap(solve)(w.local, arriving.standings(model, w))
    _, home = jax.lax.scan(at_home, known, jnp.arange(model.years, dtype=row.dtype))
    before = _supplies(model, w.common, known).known
    grown = Grown(skill, before, jnp.zeros_like(skill), budgets.even(model))
    stirred = _stirs(model, w.common, w.local, now)
    return Began(anchors, _calibrated(w.common), stirred, grown, home)


def one_year(
    model: Model, w: World, phases: arriving.Phases, began: Began, last: Grown, year: Scalar
) -> Year:
    """One year of one world under one option: every threat, and what it costs."""
    common, local, theories = w.common, w.local, dict(model.theories)
    now = alliance(common, year, last.skill)
    home: Home = jax.tree.map(lambda leaf: leaf[year.astype(int)], began.home)
    bought, gaps = _supplies(model, common, last.known), last.gaps
    paid = _paid(model, w, now, year)
    paid = paid._replace(host=paid.host + bought.premium)
    later, extra = gaps, jnp.zeros_like(last.skill)
    if asked(theories, "industry"):
        strength = supplies.strength(common, (bought.denied, home.denied))
        local = local.times(strength, jnp.ones_like(strength))
    trained = last.trained
    if common.standards is not None:
        worth = ask(model, common, common, "quality", trained)
        local = local.times(worth, jnp.ones_like(worth))
        trained = trained + common.standards.programme
    if asked(theories, "race"):
        local, extra = budgets.armed(local, gaps), budgets.rivals_extra(model, local, gaps)
        troops, bills = (now.troops, home.troops), (paid.host, home.paid)
        later = budgets.next_year(model, common, local, gaps, troops, bills)
    stands = jax.vmap(lambda each: arriving.in_year(each, year))(phases)
    threats = jax.vmap(lambda here, s, kk: threatened(model, common, here, now, s, kk))(
        local, stands, began.anchors
    )
    discount = common.prices.discount
    cost = costs.Cost(*(costs.present_value(each, year, discount) for each in paid))
    taught = readiness.next_skill(common.training, last.skill)
    leaves = Grown(taught, bought.known, trained, later)
    agreed = bargain.settled(common)
    stirs = _stirs(model, common, local, now) - began.stirred
    able = now.ready * _multiple(model, w.local, local)
    return Year(now, threats, stands, cost, gaps, bought, agreed, able, extra, stirs, leaves)


def _multiple(model: Model, first: Local, now: Local) -> Scalar:
    """How many times its forces of the first year the host has, by supply, quality and money."""
    at = next(i for i, threat in enumerate(model.threats) if threat.guarded)
    had = first.target[at]
    return jnp.where(had > 0, now.target[at] / jnp.where(had > 0, had, 1.0), 0.0)


def begins(model: Model, at_home: World, began: Began) -> Float[Array, " options"]:
    """The year (0 is the first) from which each option of one world acts.

    An option that waits is as the reference until then, so what it waits for is seen on the
    reference: exactly, since up to that year both are the same. Of one that waits for a dispute it
    is the first year that can be: `branches` plays them all.
    """
    since = jnp.zeros(len(model.options))
    for each in model.awaits:
        since = since.at[each.option].set(1.0)
    if not model.waits:
        return since
    phases = arriving.standings(model, at_home)

    def live(last: Grown, year: Scalar) -> tuple[Grown, Threatened]:
        y = one_year(model, at_home, phases, began, last, year)
        return y.leaves, y.threats

    _, threats = jax.lax.scan(
        live, began.first, jnp.arange(model.years, dtype=at_home.local.target.dtype)
    )
    tension = lived(model, at_home, threats, began.anchors.rates).disputes
    for wait in model.waits:
        high = tension[:, wait.threat] > wait.above
        first = jnp.where(high.any(), jnp.argmax(high).astype(tension.dtype) + 1.0, NEVER)
        since = since.at[wait.option].set(first)
    return since


def home_world(model: Model, row: Row, channels: Array) -> World:
    """A world under the reference, as everybody's pull has left it."""
    w = world(model, row, channels)
    w = bargain.pressed(model, w, w)
    return w.sharing(plan=presence.as_it_stands(w.common.base))


def under(model: Model, row: Row, channels: Array, home: World, since: Scalar) -> Course:
    """A world under an option: what pressure leaves of it, from the year in which it begins.

    The stores of an option that waits are those of the reference, and so is when they open.
    """
    rows, stepped = [row], jnp.asarray(model.stepped, int)
    for step in range(len(model.steps)):
        start = len(model.columns) + step * len(stepped)
        rows.append(row.at[stepped].set(row[start : start + len(stepped)]))
    first, *later = (bargain.pressed(model, world(model, r, channels), home) for r in rows)
    at_home, base = home.common.base, first.common.base
    steps = zip(model.steps, (w.common.base for w in later), strict=True)
    plan = presence.decided(at_home, base, since, tuple(steps))
    if model.late:
        delay = jnp.where(since > 0, at_home.delay, base.delay)
        first = first.sharing(base=replace(base, delay=delay))
    return Course(first.sharing(plan=plan), tuple(w.sharing(plan=plan) for w in later))


def in_force(model: Model, at_home: World, course: Course, since: Scalar, year: Scalar) -> World:
    """What holds in a year: the option's world once it acts, the reference's before."""
    now = course.first
    for start, then in zip(model.steps, course.later, strict=True):
        now = _choose(year >= start, then, now)
    return _choose(year >= since, now, at_home) if model.late else now


def _choose(which: Bool[Array, ""], one: World, other: World) -> World:
    chosen: World = jax.tree.map(lambda new, old: jnp.where(which, new, old), one, other)
    return chosen


def _stirs(model: Model, common: Common, local: Local, now: Alliance) -> PerPair:
    """What a base does to the helper's own quarrels, as a share of what it does to the host's."""
    if common.beside is None:
        return jnp.zeros(0, now.troops.dtype)
    rows = np.asarray([threat for _, threat in model.beside])
    neighbours: Local = jax.tree.map(lambda leaf: leaf[rows], local)

    def stirs(spill: Scalar, here: Local) -> Scalar:
        return spill * stirred(model, common, here, now) * common.channels.provocation

    found: PerPair = jax.vmap(stirs)(common.beside.spill, neighbours)
    return found


def _calibrated(common: Common) -> Float[Array, "beside years_since"]:
    if common.beside is None:
        return jnp.zeros((0, memory.STATES), common.base.troops.dtype)
    found: Array = jax.vmap(beside.calibrated)(common.beside)
    return found


def quarrels(w: World, began: Began, stirs: Float[Array, "years beside"]) -> Float[Array, " years"]:
    """Expected disputes of a year that the host is no part of."""
    if w.common.beside is None:
        return jnp.zeros(len(stirs), stirs.dtype)
    each = jax.vmap(beside.disputes, in_axes=(0, 0, 1))
    found: Array = each(began.quarrels, w.common.beside.since, stirs)
    return found.sum(axis=0)


def _supplies(model: Model, common: Common, known: Scalar) -> Supplies:
    """A year's supply; nothing, where the case does not ask."""
    if asked(dict(model.theories), "industry"):
        return supplies.supplies(model, common, known)
    return Supplies(known, *[jnp.zeros_like(known)] * 4)


def _paid(model: Model, w: World, now: Alliance, year: Scalar) -> costs.Cost:
    """What a year costs, but for arms made at home [M USD], not discounted."""
    common = w.common
    built = presence.built_in(common.plan, year)
    paid = costs.yearly(
        common.prices, now.troops, built, presence.rotates(common.base), now.exercises
    )
    if (programme := common.standards) is not None:
        paid = paid._replace(host=paid.host + programme.programme * programme.cost)
    if (talks := w.local.relations) is not None:
        talked = jnp.sum(talks.effort * talks.cost * w.local.guarded)
        paid = paid._replace(host=paid.host + talked)
    if asked(dict(model.theories), "aid"):
        paid = paid._replace(helper=paid.helper + ask(model, common, common, "aid").cost)
    return paid
