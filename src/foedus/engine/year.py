"""One year. Read this page to know the model.

Inside a world nothing is drawn: every event has odds, and the odds are carried forward exactly.
The constants of a world are solved once, on the reference option, so that its first year has
the record's rates; every other option and year differs from that only by what it changes.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from foedus.mechanisms import (
    arrival,
    crisis,
    escalation,
    front,
    honour,
    memory,
    presence,
    readiness,
)
from foedus.mechanisms.base import Scalar
from foedus.mechanisms.crisis import Crisis, Noise
from foedus.worlds.model import Model
from foedus.worlds.world import Common, Local, ask, knowledge

Lasting = Float[Array, "treaty"]  # [0] while the treaty lasts, [1] after its end
Clock = Float[Array, "treaty rivalry years_since"]


class Alliance(NamedTuple):
    """What the alliance has built up this year."""

    troops: Scalar  # at the base [persons]
    brigades: Scalar  # what they add to a defence [brigades]
    ready: Scalar  # the host's force, as a share of a fully trained one
    together: Scalar  # the helper's force beside the host's, likewise
    treaty: Scalar  # as a share of a defence pact, while it lasts
    exercises: Scalar  # a year


class Anchor(NamedTuple):
    """The constants of one threat in one world, solved on the reference option."""

    helper: Scalar  # k_P: what intervening is worth beside what options change [stakes]
    help_odds: Scalar  # pi_i
    resist: Scalar  # k_H: the target's price of not answering [stakes]
    expects: Scalar  # what a challenge promised under the reference [stakes]
    spread: Scalar  # ... and its spread
    shift: Scalar  # shifts of log-odds already in the record
    war: Scalar  # omega
    grab: Scalar  # gamma
    rate: Scalar  # the challenge rate drawn, as a score
    rates: Float[Array, "rivalry years_since"]  # the same by years since the last dispute


class Fight(NamedTuple):
    """Who would win, and whether help is there: step 7."""

    alone: Scalar  # P15: the challenger's chance against the target alone
    helped: Scalar  # P16: against target and helper
    in_time: Scalar  # A: odds that help arrives before the fight is decided
    arrived: Scalar  # share of the promised help on the deciding day


class Fights(NamedTuple):
    """The fight with the base, and as it would be without."""

    with_base: Fight
    without: Fight

    def bare(self) -> "Fights":
        """As if there were no base."""
        return Fights(self.without, self.without)


class Effects(NamedTuple):
    """What the game alone makes of base and treaty [log-odds of a challenge]."""

    base: Lasting
    treaty: Scalar


class Threatened(NamedTuple):
    """One threat in one year: while the treaty lasts, and after its end."""

    score: Lasting  # odds of a challenge are link(score + slope x rate), shifted by `shift`
    slope: Lasting
    shift: Lasting
    resists: Lasting
    helped: Lasting
    leads_to: escalation.Escalation  # odds given a challenge
    fight: Fight


def lasting(value: Scalar) -> Lasting:
    """`value` while the treaty lasts, 0 after its end."""
    return jnp.stack([value, jnp.zeros_like(value)])


def alliance(common: Common, year: Scalar, skill: Scalar) -> Alliance:
    """What the alliance has built up in `year`: base, readiness, treaty."""
    troops = presence.troops_in(common.base, year)
    return Alliance(
        troops=troops,
        brigades=presence.brigades(common.base, troops),
        ready=readiness.readiness(common.training, skill),
        together=readiness.interoperability(common.training, skill),
        treaty=honour.weight(common.treaty),
        exercises=common.training.exercises,
    )


def fights(model: Model, common: Common, here: Local, now: Alliance) -> Fights:
    """Step 7: the fight with the base and without it."""
    return Fights(*(fight(model, common, here, now, base) for base in (1.0, 0.0)))


def fight(model: Model, common: Common, here: Local, now: Alliance, base: float) -> Fight:
    """The forces that meet on this front, over the days on which the fight may be decided."""
    effort = ask(model, common, common, "effort", base * common.channels.host * now.troops)
    host = now.ready * (1.0 + (effort - 1.0) * here.guarded)
    stationed = base * now.brigades * here.front.base
    attack = here.challenger * here.front.challenger * jnp.where(here.started > 0, host, 1.0)
    lends = common.channels.host * here.restraint.aid * stationed * here.started
    own = here.target * here.front.target * jnp.where(here.guarded > 0, host, 1.0)
    based = common.channels.denial * stationed * here.guarded
    joined = jnp.where(here.guarded > 0, now.together, 1.0)
    promised = here.helper * here.front.helper * joined * ask(model, common, here, "distance")
    arrives = arrival.arrival_day(here.timing)
    share = arrival.share_by(here.timing, arrival.deciding_days(here.timing))
    weights = jnp.asarray(arrival.WEIGHTS)
    against = own + based + promised * share
    alone = ask(
        model, common, here, "contest", attack + lends, own + here.stakes.base_alone * based
    )
    return Fight(
        alone=alone,
        helped=jnp.sum(weights * ask(model, common, here, "contest", attack + lends, against)),
        in_time=arrival.in_time(
            here.timing.decided, here.timing.decided_spread, arrives, here.timing.travel_spread
        ),
        arrived=jnp.sum(weights * share),
    )


def helper_value(
    model: Model, common: Common, here: Local, now: Alliance, f: Fights, odds: Scalar
) -> Lasting:
    """Step 8: what intervening is worth to the helper, beside the constant of the world [stakes].

    A gain in the odds of help counts from `odds`, those of the reference.
    """
    noise, s = knowledge(model, common), here.stakes.noise
    pact, no_pact = ask(model, common, here, "honour")
    shift = jnp.abs(f.without.alone - f.with_base.alone)
    gain = ask(model, common, here, "tripwire", now.troops, shift) * common.channels.tripwire
    exposed = jnp.minimum(odds + gain * here.front.base, 1 - 1e-9)
    tripwire = crisis.intervention_value(noise, s, exposed) - crisis.intervention_value(
        noise, s, odds
    )
    promise = honour.treaty_value(noise, s, pact, no_pact) * lasting(now.treaty)
    worth = front.worth_of_help(
        here.stakes, f.with_base.alone, f.with_base.helped, f.with_base.in_time
    )
    return worth + here.guarded * (promise + tripwire)


def payoffs(here: Local, f: Fight, helper: Scalar, resist: Scalar) -> crisis.Payoffs:
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


def crises(
    model: Model, common: Common, here: Local, now: Alliance, k: Anchor, f: Fights
) -> tuple[Crisis, Crisis]:
    """Step 9: the game while the treaty lasts and after its end."""
    noise = knowledge(model, common)
    value = k.helper + helper_value(model, common, here, now, f, k.help_odds)
    alive, ended = (
        crisis.crisis(noise, here.stakes.noise, payoffs(here, f.with_base, value[i], k.resist))
        for i in (0, 1)
    )
    return alive, ended


def shifts(model: Model, common: Common, here: Local, now: Alliance, log_odds: Effects) -> Lasting:
    """What base, treaty and exercises do to a challenge beyond the game [log-odds]."""
    troops = ask(model, common, here, "troops", now.troops)
    troops *= presence.provocation_share(here.rotation, common.base)
    base = ask(model, common, common, "reading", troops, log_odds.base[0])
    after = ask(model, common, common, "reading", troops, log_odds.base[1])
    provokes = common.channels.provocation * jnp.stack([base, after])
    pact = lasting(ask(model, common, here, "pact", now.treaty, log_odds.treaty))
    signal = ask(model, common, here, "signal", now.exercises)
    own_base, own_pact = presence.restraint(here.restraint, now.troops, now.treaty)
    own = common.channels.host * own_base + lasting(own_pact)
    return here.guarded * (provokes + pact + signal) + here.started * own


def threatened(model: Model, common: Common, here: Local, now: Alliance, k: Anchor) -> Threatened:
    """Steps 7 to 10 for one threat, given what the alliance has built up."""
    f = fights(model, common, here, now)
    games = crises(model, common, here, now, k, f)
    bare = crises(model, common, here, now._replace(troops=jnp.zeros_like(now.troops)), k, f.bare())
    noise = knowledge(model, common)
    effects = channel_effects(noise, k, games, bare)
    weights = [
        (escalation.war_weight(c, f.with_base.in_time, here.rates.surge),
         escalation.grab_weight(c, f.with_base.alone, f.with_base.helped))
        for c in games
    ]  # fmt: skip
    after = [
        escalation.escalation(here.rates, c, w, (k.war, k.grab))
        for c, w in zip(games, weights, strict=True)
    ]
    return Threatened(
        score=jnp.stack([(c.expects - k.expects) / c.spread for c in games]),
        slope=jnp.stack([k.spread / c.spread for c in games]),
        shift=shifts(model, common, here, now, effects) - k.shift,
        resists=jnp.stack([c.resists for c in games]),
        helped=jnp.stack([c.helped for c in games]),
        leads_to=jax.tree.map(lambda *each: jnp.stack(each), *after),
        fight=f.with_base,
    )


def channel_effects(
    noise: Noise, k: Anchor, games: tuple[Crisis, Crisis], bare: tuple[Crisis, Crisis]
) -> Effects:
    """What the game alone makes of base and treaty, at the challenge rate that was drawn."""

    def log_odds(c: Crisis) -> Scalar:
        odds = noise.link((c.expects - k.expects + k.spread * k.rate) / c.spread)
        return crisis.logit(jnp.clip(odds, 1e-15, 1 - 1e-15))

    alive, ended = map(log_odds, games)
    base = jnp.stack([alive - log_odds(bare[0]), ended - log_odds(bare[1])])
    return Effects(base=base, treaty=alive - ended)


def calibrate(model: Model, common: Common, here: Local, now: Alliance) -> Anchor:
    """Solve the constants of one threat, on the reference option in the first year.

    They make the odds of a challenge, of an answer, of help, of war and of a land grab those
    that this world drew. They then hold for every year and option.
    """
    noise, s, rates = knowledge(model, common), here.stakes.noise, here.rates
    pact, no_pact = ask(model, common, here, "honour")
    ours = honour.odds_with(noise, pact, no_pact, now.treaty)
    odds = jnp.where(here.guarded > 0, ours, rates.other_help)
    f = fights(model, common, here, now)
    value = crisis.intervention_value(noise, s, odds)
    u = payoffs(here, f.with_base, value, jnp.zeros_like(value))
    resist = crisis.resistance_price(noise, s, u, rates.response)
    c = crisis.crisis(noise, s, u._replace(u23=resist))
    weight = escalation.war_weight(c, f.with_base.in_time, rates.surge)
    k = Anchor(
        helper=value - helper_value(model, common, here, now, f, odds)[0],
        help_odds=odds,
        resist=resist,
        expects=c.expects,
        spread=c.spread,
        shift=jnp.zeros_like(odds),
        war=rates.war / (rates.response * weight),
        grab=rates.grab / escalation.grab_weight(c, f.with_base.alone, f.with_base.helped),
        rate=noise.unlink(rates.challenge),
        rates=noise.unlink(challenge_rates(here)),
    )
    return k._replace(shift=threatened(model, common, here, now, k).shift[0])


def challenge_rates(here: Local) -> Float[Array, "rivalry years_since"]:
    """Odds of a challenge by years since the last dispute: while the rivalry lasts, and after."""
    during = jnp.where(here.rivals > 0, jnp.asarray(memory.RIVALS), jnp.asarray(memory.OTHERS))
    after = jnp.where(here.rivals > 0, here.rates.challenge_after_rivalry, here.rates.challenge)
    share = here.memory.share
    return jnp.stack(
        [
            memory.remembered(here.rates.challenge, during, share),
            memory.remembered(after, jnp.asarray(memory.OTHERS), share),
        ]
    )


def challenges(noise: Noise, t: Threatened, rates: Float[Array, "rivalry years"]) -> Clock:
    """Odds of a challenge in every state of the pair."""
    score = t.score[:, None, None] + t.slope[:, None, None] * rates[None]
    return crisis.shift_log_odds(noise.link(score), t.shift[:, None, None])
