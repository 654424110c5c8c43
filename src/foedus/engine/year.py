"""One year of one threat in one world. Read this page to know the model.

Inside a world nothing is drawn: every event has odds, and the odds are carried forward exactly.
The constants of a world are solved once, on the reference option (`calibrate`), so that its first
year has the record's rates; every other option and year differs from that only by what it
changes. What a year leads to is carried on by `clock`.
"""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from foedus.mechanisms import (
    aid,
    arrival,
    asked,
    crisis,
    escalation,
    front,
    honour,
    presence,
    readiness,
)
from foedus.mechanisms.base import Each, Scalar
from foedus.mechanisms.contest import Fight
from foedus.mechanisms.crisis import Crisis, Noise
from foedus.worlds.model import Model
from foedus.worlds.world import Common, Local, ask, knowledge

Lasting = Float[Array, "treaty"]  # [0] while the treaty lasts, [1] after its end


class Alliance(NamedTuple):
    """What the alliance has built up in a year."""

    troops: Scalar  # at the base [persons]
    brigades: Scalar  # what they add to a defence [brigades]
    ready: Scalar  # the host's force, as a share of a fully trained one
    together: Scalar  # the helper's force beside the host's, likewise
    treaty: Scalar  # as a share of a defence pact, while it lasts
    exercises: Scalar  # a year


class Anchor(NamedTuple):
    """The constants of one threat in one world, solved on the reference option."""

    helper: Scalar  # k_P: what intervening is worth beside what options change [stakes]
    aid: Scalar  # the same of aid short of troops [stakes]
    help_odds: Scalar  # pi_i
    help_worth: Scalar  # what intervening is worth at those odds [stakes]
    resist: Scalar  # k_H: the target's price of not answering [stakes]
    expects: Scalar  # what a challenge promised under the reference [stakes]
    spread: Scalar  # ... and its spread
    shift: Scalar  # shifts of log-odds already in the record
    war: Scalar  # omega
    grab: Scalar  # gamma
    rate: Scalar  # the challenge rate drawn, as a score
    rates: Float[Array, "years_since rivalry"]  # the same by years since the last dispute


class Standing(NamedTuple):
    """What an option fixes for one threat, until a route or a base opens (`arriving`)."""

    promised: Scalar  # the helper's force for this front, before interoperability [brigades]
    shares: Float[Array, " nodes"]  # of it that have arrived on each deciding day
    in_time: Scalar  # A: odds that help arrives before the fight is decided
    arrived: Scalar  # share of the promised help on the deciding day
    half: Scalar  # day on which half of it is there
    most: Scalar  # ... nine tenths
    late: Scalar  # mean days by which half of it comes after the deciding day
    pact: Scalar  # a_P: what a full pact adds to the value of intervening [stakes]


class Effects(NamedTuple):
    """What the game alone makes of base and treaty [log-odds of a challenge]."""

    base: Lasting
    treaty: Scalar


class Threatened(NamedTuple):
    """One threat in one year: while the treaty lasts, and after its end."""

    score: Lasting  # odds of a challenge are link(score + slope x rate), moved by `shift`
    slope: Lasting
    shift: Lasting
    resists: Lasting
    helped: Lasting
    aided: Lasting
    leads_to: escalation.Escalation  # odds given a challenge
    fight: Fight


def while_it_lasts(value: Scalar) -> Lasting:
    """`value` while the treaty lasts, 0 after its end."""
    return value * jnp.asarray([1.0, 0.0])


def alliance(common: Common, year: Scalar, skill: Scalar) -> Alliance:
    """What the alliance has built up in `year`: base, readiness, treaty."""
    troops = presence.troops_in(common.base, common.plan, year)
    return Alliance(
        troops=troops,
        brigades=presence.brigades(common.base, troops),
        ready=readiness.readiness(common.training, skill),
        together=readiness.interoperability(common.training, skill),
        treaty=honour.weight(common.treaty),
        exercises=common.training.exercises,
    )


def standing(model: Model, common: Common, here: Local, come: arrival.Help) -> Standing:
    """How much help is there when the fight is decided?"""
    pact, no_pact = ask(model, common, here, "honour")
    far = 1.0 - ask(model, common, here, "distance")
    return Standing(
        promised=here.helper * here.front.helper * (1.0 - come.faded * far),
        shares=come.shares,
        in_time=come.in_time,
        arrived=jnp.sum(jnp.asarray(arrival.WEIGHTS) * come.shares),
        half=come.half,
        most=come.most,
        late=come.late,
        pact=honour.treaty_value(knowledge(model, common), here.stakes.noise, pact, no_pact),
    )


def fight(model: Model, common: Common, here: Local, now: Alliance, stands: Standing) -> Fight:
    """Who would win, with the forces that meet on this front?"""
    on = common.channels
    effort = ask(model, common, common, "effort", on.host * now.troops)
    stationed = now.brigades * here.front.base
    attack = here.challenger * here.front.challenger * _where(here.started, now.ready)
    attack = attack + on.host * here.restraint.aid * stationed * here.started
    own = here.target * here.front.target * _where(here.guarded, now.ready * effort)
    based = on.denial * stationed * here.guarded
    help_by_day = stands.promised * _where(here.guarded, now.together) * stands.shares
    alone = own + here.stakes.base_alone * based
    wins = ask(model, common, here, "contest", attack, own + based + help_by_day)
    wins_alone = ask(model, common, here, "contest", attack, alone)
    offer, wins_aided = ask(model, common, common, "aid"), wins_alone
    if sends_aid(model):
        wins_aided = ask(model, common, here, "contest", attack, alone + own * offer.strength)
    return Fight(
        alone=wins_alone,
        helped=jnp.sum(jnp.asarray(arrival.WEIGHTS) * wins),
        aided=wins_aided,
    )


def sends_aid(model: Model) -> bool:
    """Whether aid short of troops is a choice in any world of the case."""
    return asked(dict(model.theories), "aid")


def _where(role: Scalar, factor: Scalar) -> Scalar:
    """`factor` where the role is played, else 1."""
    return jnp.where(role > 0, factor, 1.0)


def game(
    model: Model, common: Common, here: Local, now: Alliance, stands: Standing, k: Anchor,
    fights: tuple[Fight, Fight | None],
) -> Crisis:  # fmt: skip
    """Does the helper come, does the target resist, what may a challenger expect?

    `fights` holds the fight as it is, and as it would be without the base, if there is one.
    """
    noise = knowledge(model, common)
    known = (k.help_odds, k.help_worth)
    value = k.helper + helper_value(model, common, here, now, stands, known, fights)
    u = payoffs(here, fights[0], value, k.resist)
    if sends_aid(model):
        u = with_aid(model, common, here, u, k.aid, (k.help_odds, fights[0]))
    return crisis.crisis(noise, here.stakes.noise, u)


def with_aid(
    model: Model, common: Common, here: Local, u: crisis.Payoffs, constant: Scalar,
    given: tuple[Scalar, Fight],
) -> crisis.Payoffs:  # fmt: skip
    """The same payoffs, where the helper may send aid short of troops to a state it protects."""
    offer, (odds, f), k = ask(model, common, common, "aid"), given, here.stakes
    worth = aid.worth(knowledge(model, common), k.noise, offer, odds)
    worth = constant + worth + k.helper_stake * (f.alone - f.aided)
    possible = (offer.possible * offer.odds * here.guarded > 0) & (here.helped > 0)
    return u._replace(
        u17=f.aided - k.cost_challenger,
        u27=-f.aided - k.cost_target,
        u37=jnp.where(possible, worth, -jnp.inf),
        r=offer.share,
    )


def helper_value(
    model: Model, common: Common, here: Local, now: Alliance, stands: Standing,
    known: tuple[Scalar, Scalar], fights: tuple[Fight, Fight | None],
) -> Lasting:  # fmt: skip
    """What intervening is worth to the helper, beside the constant of the world [stakes].

    A tripwire's gain in the odds of help counts from those of the reference, `known` with what
    intervening is worth at them. Without a base there is no tripwire.
    """
    odds, at_odds, tripwire = *known, jnp.zeros_like(known[1])
    if fights[1] is not None:
        moved = jnp.abs(fights[1].alone - fights[0].alone)
        gain = ask(model, common, here, "tripwire", now.troops, moved) * common.channels.tripwire
        exposed = jnp.clip(odds + gain * here.front.base, 1e-9, 1 - 1e-9)
        noise = knowledge(model, common)
        tripwire = crisis.intervention_value(noise, here.stakes.noise, exposed) - at_odds
    tied = while_it_lasts(stands.pact * now.treaty) + tripwire
    worth = front.worth_of_help(here.stakes, fights[0].alone, fights[0].helped, stands.in_time)
    return worth + here.guarded * tied


def payoffs(here: Local, f: Fight, helper: Each, resist: Scalar) -> crisis.Payoffs:
    """What each outcome is worth, in stakes."""
    k = here.stakes
    return crisis.Payoffs(
        u13=k.unanswered,
        u15=f.alone - k.cost_challenger,
        u16=f.helped - k.cost_challenger * (1.0 + k.cost_more),
        u23=resist,
        u25=-f.alone - k.cost_target,
        u26=-f.helped - k.cost_target,
        u36=jnp.where(here.helped > 0, helper, -1e6 * k.noise),
    )


def stirred(model: Model, common: Common, here: Local, now: Alliance) -> Scalar:
    """What foreign troops do to the odds of a challenge, as it is published [log-odds]."""
    troops = ask(model, common, here, "troops", now.troops)
    return jnp.asarray(troops * presence.provocation_share(here.rotation, common.base))


def shifts(
    model: Model, common: Common, here: Local, now: Alliance, game_alone: Effects
) -> Lasting:
    """What base, treaty and exercises do to a challenge beyond the game [log-odds]."""
    troops = stirred(model, common, here, now)
    provokes = ask(model, common, common, "reading", troops, game_alone.base)
    pact = while_it_lasts(ask(model, common, here, "pact", now.treaty, game_alone.treaty))
    signal = ask(model, common, here, "signal", now.exercises)
    if (talks := here.relations) is not None:
        signal = signal + ask(model, common, here, "diplomacy", talks.effort)
    bolder, bound = presence.restraint(here.restraint, now.troops, now.treaty)
    own = common.channels.host * bolder + while_it_lasts(bound)
    abroad = common.channels.provocation * provokes + pact + signal
    total: Lasting = here.guarded * abroad + here.started * own
    return total


def threatened(
    model: Model, common: Common, here: Local, now: Alliance, stands: Standing, k: Anchor
) -> Threatened:
    """A year of one threat, given what the alliance has built up."""
    bare = now._replace(troops=jnp.zeros_like(now.troops), brigades=jnp.zeros_like(now.troops))
    f, f_bare = (fight(model, common, here, each, stands) for each in (now, bare))
    after = game(model, common, here, now, stands, k, (f, f_bare))
    without = game(model, common, here, bare, stands, k, (f_bare, None))
    effects = game_effects(knowledge(model, common), k, after, without)
    weights = (
        escalation.war_weight(after, stands.in_time, here.rates.surge),
        escalation.grab_weight(after, f),
    )
    return Threatened(
        score=(after.expects - k.expects) / after.spread,
        slope=k.spread / after.spread,
        shift=shifts(model, common, here, now, effects) - k.shift,
        resists=after.resists,
        helped=after.helped,
        aided=jnp.broadcast_to(after.aided, after.helped.shape),
        leads_to=escalation.escalation(here.rates, after, weights, (k.war, k.grab)),
        fight=f,
    )


def game_effects(noise: Noise, k: Anchor, after: Crisis, without: Crisis) -> Effects:
    """What the game alone makes of base and treaty, at the challenge rate that was drawn."""

    def log_odds(c: Crisis) -> Lasting:
        odds = noise.link((c.expects - k.expects + k.spread * k.rate) / c.spread)
        return crisis.logit(jnp.clip(odds, 1e-15, 1 - 1e-15))

    with_base = log_odds(after)
    return Effects(base=with_base - log_odds(without), treaty=with_base[0] - with_base[1])
