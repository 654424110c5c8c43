"""The constants of one threat in one world, solved on the reference option in its first year.

They make the odds of a challenge, of an answer, of help, of war and of a land grab those that the
world drew. They then hold for every year and option.
"""

import jax.numpy as jnp
from jaxtyping import Array, Float

from foedus.engine.year import (
    Alliance,
    Anchor,
    Standing,
    fight,
    helper_value,
    payoffs,
    sends_aid,
    threatened,
    with_aid,
)
from foedus.mechanisms import aid, crisis, escalation, honour, memory
from foedus.worlds.model import Model
from foedus.worlds.world import Common, Local, ask, knowledge


def calibrate(model: Model, common: Common, here: Local, now: Alliance, stands: Standing) -> Anchor:
    """Solve the constants of one threat."""
    noise, s, rates = knowledge(model, common), here.stakes.noise, here.rates
    pact, no_pact = ask(model, common, here, "honour")
    ours = honour.odds_with(noise, pact, no_pact, now.treaty)
    odds = jnp.where(here.guarded > 0, ours, rates.other_help)
    bare = now._replace(troops=jnp.zeros_like(now.troops), brigades=jnp.zeros_like(now.troops))
    f, f_bare = (fight(model, common, here, each, stands) for each in (now, bare))
    at_odds = worth = crisis.intervention_value(noise, s, odds)
    aided = jnp.zeros_like(odds)
    u = payoffs(here, f, worth, jnp.zeros_like(worth))
    if sends_aid(model):
        offer = ask(model, common, common, "aid")
        worth = jnp.where(here.guarded > 0, aid.worth_of_troops(noise, s, offer, odds), worth)
        aided = -here.stakes.helper_stake * (f.alone - f.aided)
        u = payoffs(here, f, worth, jnp.zeros_like(worth))
        u = with_aid(model, common, here, u, aided, (odds, f))
    resist = crisis.resistance_price(noise, s, u, rates.response)
    c = crisis.crisis(noise, s, u._replace(u23=resist))
    value = helper_value(model, common, here, now, stands, (odds, at_odds), (f, f_bare))
    k = Anchor(
        helper=worth - value[0],
        aid=aided,
        help_odds=odds,
        help_worth=at_odds,
        resist=resist,
        expects=c.expects,
        spread=c.spread,
        shift=jnp.zeros_like(odds),
        war=rates.war / (rates.response * escalation.war_weight(c, stands.in_time, rates.surge)),
        grab=rates.grab / escalation.grab_weight(c, f),
        rate=noise.unlink(rates.challenge),
        rates=noise.unlink(challenge_rates(here)),
    )
    return k._replace(shift=threatened(model, common, here, now, stands, k).shift[0])


def challenge_rates(here: Local) -> Float[Array, "years_since rivalry"]:
    """Odds of a challenge by years since the last dispute: while the rivalry lasts, and after."""
    during = jnp.where(here.rivals > 0, jnp.asarray(memory.RIVALS), jnp.asarray(memory.OTHERS))
    after = jnp.where(here.rivals > 0, here.rates.challenge_after_rivalry, here.rates.challenge)
    share = here.memory.share
    return jnp.stack(
        [
            memory.remembered(here.rates.challenge, during, share),
            memory.remembered(after, jnp.asarray(memory.OTHERS), share),
        ],
        axis=1,
    )
