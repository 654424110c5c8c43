"""One world told year by year, and one history drawn with dice: an illustration, never a verdict.

A run draws nothing but worlds, and carries odds forward. Here the same odds are spelled out for
one world under one option, and one of the countless histories they allow is drawn from them.
The odds of a year are averaged by a plain enumeration of states, apart from the engine's own.
"""

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from foedus.case.schema import Case
from foedus.engine import arriving
from foedus.engine.course import (
    Began,
    Grown,
    Year,
    begin,
    begins,
    home_world,
    in_force,
    one_year,
    under,
)
from foedus.engine.reading import bound
from foedus.errors import CaseError, Problem, RunError, did_you_mean
from foedus.mechanisms.crisis import shift_log_odds
from foedus.mechanisms.memory import STATES
from foedus.mechanisms.presence import CHANNELS
from foedus.worlds.model import Model
from foedus.worlds.points import MOST_WORLDS, unit_rows, values
from foedus.worlds.world import knowledge

Floats = np.ndarray


@dataclass(frozen=True)
class Happening:
    """One dispute of the drawn history."""

    year: int
    threat: str
    answered: bool  # whether the target answered with force
    helped: bool  # whether the helper came
    fatal: bool
    war: bool
    grab: bool
    concession: bool


@dataclass(frozen=True, eq=False)
class Story:
    """One world under one option. Arrays have one entry a year, or (years, threats)."""

    option: str
    world: int
    seed: int
    draw: int
    years: tuple[int, ...]
    threats: tuple[str, ...]
    disputes: Floats  # odds of a dispute in the year, over all histories of this world
    war_so_far: Floats  # odds that it has come to war by then
    readiness: Floats
    troops: Floats  # at the base [persons]
    cost: Floats  # to both states, present value [M USD]
    happened: tuple[Happening, ...]
    treaty_ended: int | None  # the year after which the treaty no longer holds, as drawn


class _Odds(NamedTuple):
    """All that the years of one world hang on.

    Axes: years, threats, then (years since the last dispute, treaty, rivalry) for a challenge,
    and (treaty,) for what follows one.
    """

    challenge: Floats
    resists: Floats
    helped: Floats
    fatal: Floats
    war: Floats
    grab: Floats
    concession: Floats
    fatal_answered: Floats  # odds that lives are lost, given an answer by force; (threats,)
    fatal_unanswered: Floats
    since: Floats  # full years since the last dispute, when the first year begins; (threats,)
    treaty_end: Floats  # odds a year
    rivalry_end: Floats  # (threats,)


def story(case: Case, option: str, number: int, *, seed: int = 0, draw: int = 0) -> Story:
    """Tell one world under one option, and draw one history of it.

    Args:
        case: a case, as `foedus.read` gives it.
        option: its name; "" for the reference.
        number: which world, from 0, as runs count them.
        seed: of the worlds, as of a run.
        draw: another number draws another history of the same world.

    Raises:
        CaseError: with every problem of the case; or if there is no such option.
        RunError: if there is no such world, or its numbers contradict one another.
    """
    model, option = bound(case), option or case.reference
    if option not in model.options:
        hint = did_you_mean(option, model.options)
        raise CaseError([Problem(case.file, "options", f"no option '{option}'", hint)])
    if (when := case.options[option].when) is not None and when.dispute:
        raise RunError(
            f"'{option}' begins after a first dispute, whose year is no part of a world: "
            "tell the story of the same option without `when`, or of the reference"
        )
    if number < 0 or draw < 0 or seed < 0:
        raise RunError("worlds, seeds and draws are counted from 0")
    if number >= MOST_WORLDS:
        raise RunError(f"there is no world {number}: a design has {MOST_WORLDS:,}, from 0")
    rows = values(case, model, unit_rows(len(model.columns), number, number + 1, seed))[:, 0]
    place = model.options.index(option)
    on = [[float(c not in case.options[o].without) for c in CHANNELS] for o in model.options]
    both = jnp.asarray([model.reference, place])
    with jax.enable_x64(True), jax.numpy_rank_promotion("allow"):
        years, found = _lived(
            model, jnp.asarray(rows)[both], jnp.asarray(on)[both], jnp.asarray(place)
        )
        odds = _Odds(*(np.asarray(each) for each in found))
    _refuse(odds, number)
    first = case.years[0]
    disputes, war_so_far = averaged(model, odds)
    happened, ended = _drawn(model, odds, np.random.default_rng([seed, number, draw]), first)
    return Story(
        option=option,
        world=number,
        seed=seed,
        draw=draw,
        years=tuple(range(first, case.years[1] + 1)),
        threats=tuple(threat.name for threat in model.threats),
        disputes=disputes,
        war_so_far=war_so_far,
        readiness=np.asarray(years.now.ready),
        troops=np.asarray(years.now.troops),
        cost=np.asarray(years.cost.host) + np.asarray(years.cost.helper),
        happened=tuple(happened),
        treaty_ended=ended,
    )


@partial(jax.jit, static_argnames="model")
def _lived(
    model: Model, rows: Array, channels: Array, place: Array
) -> tuple[Year, tuple[Array, ...]]:
    """The years of one world, and the parts of `_Odds`; given are the reference and the option."""
    began: Began = begin(model, rows[0], channels[0])
    then = home_world(model, rows[0], channels[0])
    since = begins(model, then, began)[place]
    course = under(model, rows[1], channels[1], then, since)
    w, k = course.first, began.anchors
    phases = arriving.standings(model, w)

    def live(last: Grown, year: Array) -> tuple[Grown, Year]:
        now = in_force(model, then, course, since, year)
        y = one_year(model, now, phases, began, last, year)
        return y.leaves, y

    _, years = jax.lax.scan(live, began.first, jnp.arange(model.years, dtype=rows.dtype))
    t = years.threats
    score = t.score[:, :, None, :, None] + (
        t.slope[:, :, None, :, None] * k.rates[None, :, :, None, :]
    )
    challenge = shift_log_odds(knowledge(model, w.common).link(score), t.shift[:, :, None, :, None])
    to = t.leads_to
    return years, (
        challenge, t.resists, t.helped, to.fatal, to.war, to.grab, to.concession,
        w.local.rates.fatal_answered, w.local.rates.fatal_unanswered,
        w.local.memory.since, w.common.treaty.end, w.local.memory.rivalry_end,
    )  # fmt: skip


def _refuse(odds: _Odds, number: int) -> None:
    """A world whose odds exceed 1, or where war is likelier than bloodshed, is refused."""
    highest = max(float(np.max(each)) for each in odds[:7])
    finite = all(bool(np.isfinite(each).all()) for each in odds)
    if not finite or highest > 1.0 or bool((odds.war > odds.fatal).any()):
        raise RunError(f"world {number} is refused: its numbers contradict one another")


def averaged(model: Model, odds: _Odds) -> tuple[Floats, Floats]:
    """Odds of a dispute in each year, and that it has come to war by then: (years, threats)."""
    disputes, war = np.zeros((2, model.years, len(model.threats)))
    for members in model.pairs:
        first = members[0]
        ends = _ends(model, odds, first)
        mass = _start(odds, first)
        peaceful = {i: mass.copy() for i in members}
        for year in range(model.years):
            here = {i: odds.challenge[year, i] for i in members}
            none = np.prod([1.0 - here[i] for i in members], axis=0)
            for i in members:
                disputes[year, i] = (mass * here[i]).sum()
                to_war = here[i] * odds.war[year, i][None, :, None]
                left = peaceful[i]
                peaceful[i] = _next(left * none, left * (1.0 - none - to_war), ends)
                war[year, i] = 1.0 - peaceful[i].sum()
            mass = _next(mass * none, mass * (1.0 - none), ends)
    return disputes, war


def _start(odds: _Odds, first: int) -> Floats:
    mass = np.zeros((STATES, 2, 2))  # years since, treaty, rivalry
    mass[min(round(float(odds.since[first])), STATES - 1), 0, 0] = 1.0
    return mass


def _ends(model: Model, odds: _Odds, first: int) -> tuple[float, float]:
    """Odds a year that the treaty ends, and the rivalry: those who are no rivals have none."""
    rivals = model.threats[first].rivals
    return float(odds.treaty_end), float(odds.rivalry_end[first]) if rivals else 0.0


def _next(quiet: Floats, disputed: Floats, ends: tuple[float, float]) -> Floats:
    """A year on: a dispute sets the clock to 0; treaty and rivalry may end."""
    mass = np.zeros_like(quiet)
    mass[1:] = quiet[:-1]
    mass[-1] += quiet[-1]
    mass[0] += disputed.sum(axis=0)
    for axis, end in zip((1, 2), ends, strict=True):
        lasts, over = np.moveaxis(mass, axis, 0)
        mass = np.moveaxis(np.stack([lasts * (1.0 - end), over + lasts * end]), 0, axis)
    return mass


def _drawn(
    model: Model, odds: _Odds, dice: np.random.Generator, first_year: int
) -> tuple[list[Happening], int | None]:
    """One history: its disputes, and the year in which the treaty ended, if it did."""
    ends = {members[0]: _ends(model, odds, members[0]) for members in model.pairs}
    pairs = list(ends)
    since = {i: min(round(float(odds.since[i])), STATES - 1) for i in pairs}
    rivalry = dict.fromkeys(pairs, 0)
    found: list[Happening] = []
    treaty, ended = 0, None
    for year in range(model.years):
        for members in model.pairs:
            first, quiet = members[0], True
            for i in members:
                odds_now = odds.challenge[year, i, since[first], treaty, rivalry[first]]
                if dice.random() < odds_now:
                    quiet = False
                    at, name = (year, i, treaty), model.threats[i].name
                    found.append(_dispute(odds, at, dice, (first_year + year, name)))
            since[first] = min(since[first] + 1, STATES - 1) if quiet else -1
        for first in pairs:
            since[first] = max(since[first], 0)
            rivalry[first] |= int(dice.random() < ends[first][1])
        if dice.random() < float(odds.treaty_end) and not treaty:
            treaty, ended = 1, first_year + year
    return found, ended


def _dispute(
    odds: _Odds, at: tuple[int, int, int], dice: np.random.Generator, told: tuple[int, str]
) -> Happening:
    """What a dispute leads to. War needs an answer by force, and is bloody; only a target that
    does not answer concedes."""
    resists, threat = float(odds.resists[at]), at[1]
    answer, helps, worst, land, yields = dice.random(5)
    answered = answer < resists
    war = answered and worst < float(odds.war[at]) / resists
    bloody = odds.fatal_answered if answered else odds.fatal_unanswered
    concedes = float(odds.concession[at]) / max(1.0 - resists, 1e-12)
    return Happening(
        *told,
        answered=bool(answered),
        helped=bool(answered and helps < odds.helped[at]),
        fatal=bool(war or worst < bloody[threat]),
        war=bool(war),
        grab=bool(land < odds.grab[at]),
        concession=bool(not answered and yields < concedes),
    )
