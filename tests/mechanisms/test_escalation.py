"""What a challenge leads to: the record is reproduced, and odds stay odds."""

import jax
import jax.numpy as jnp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from legal_box import finite, legal, number, of

from foedus.mechanisms import escalation as es
from foedus.mechanisms.contest import Fight
from foedus.mechanisms.crisis import Crisis

BENNETT_STAM = "read off Bennett & Stam (2000), 83 wars in 1,999 disputes, .482 answered"
FEARON = "Fearon (1995); Powell (1999): risk-return trade-off"
SHARE = number(0, 1)


def crisis(resists: float, alone: float, helped: float, aided: float = 0.0) -> Crisis:
    odds = map(jnp.asarray, (resists, alone, helped, aided))
    return Crisis(*odds, expects=jnp.asarray(0.0), spread=jnp.asarray(1.0))


def wins(alone: float, helped: float) -> Fight:
    return Fight(jnp.asarray(alone), jnp.asarray(helped), jnp.asarray(alone))


@st.composite
def crises(draw: st.DrawFn) -> Crisis:
    helped, resists = float(draw(SHARE)), float(draw(SHARE))
    return crisis(resists, 1 - helped, helped)


# Published numbers


@pytest.mark.parametrize(("cost", "highest", "known"), [(0.1, 0.3, 1 / 3), (0.27, 0.3, 0.05)])
def test_a_demand_under_private_costs_meets_war_as_often_as_published(
    published, cost, highest, known
):
    ours = float(es.bargaining_war(jnp.asarray(cost), jnp.asarray(highest)))
    what = f"odds of war, cost {cost} of at most {highest}"
    published(what, FEARON, published=known, ours=ours, tolerance=1e-15)


@pytest.mark.parametrize(("ratio", "known"), [(0.68, 0.16), (0.88, 0.06)])
def test_the_ratio_of_costs_read_off_the_record_gives_the_record_back(published, ratio, known):
    ours = float(es.bargaining_war(jnp.asarray(ratio), jnp.asarray(1.0)))
    what = f"odds of war once answered, cost ratio {ratio}"
    published(what, BENNETT_STAM, published=known, ours=ours, tolerance=1e-15)


def test_a_cost_above_the_highest_leads_to_no_war():
    assert float(es.bargaining_war(jnp.asarray(0.5), jnp.asarray(0.3))) == 0


# The scales that reproduce the record, by hand


def test_timely_help_that_cuts_the_odds_of_war_to_three_tenths_has_its_worked_weight():
    """p5 + p6 (1 - A (1 - S)) = .59 + .41 (1 - .5 x .7) = .8565."""
    ours = float(es.war_weight(crisis(0.48, 0.59, 0.41), jnp.asarray(0.5), jnp.asarray(0.3)))
    assert ours == pytest.approx(0.8565, abs=1e-15)


def test_land_is_lost_where_nobody_answers_or_the_fight_is_lost():
    """p3 + p4 (p5 P15 + p6 P16) = .52 + .48 (.59 x .5 + .41 x .25) = .7108."""
    ours = float(es.grab_weight(crisis(0.48, 0.59, 0.41), wins(0.5, 0.25)))
    assert ours == pytest.approx(0.7108, abs=1e-15)


def test_with_the_solved_scales_the_reference_reproduces_the_record():
    """omega = .042 / (.48 x .8975) = .0974930; gamma = .05 / .7108 = .0703433."""
    rates = {"war": 0.042, "grab": 0.05, "fatal_unanswered": 0.05, "fatal_answered": 0.46}
    r = of(es.Rates, **rates, yields=0.03)
    weights = (jnp.asarray(0.8975), jnp.asarray(0.7108))
    scale = (jnp.asarray(0.0974930362), jnp.asarray(0.0703432752))
    found = es.escalation(r, crisis(0.48, 0.59, 0.41), weights, scale)
    ours = [float(each) for each in (found.war, found.grab, found.fatal, found.concession)]
    assert ours == pytest.approx([0.042, 0.05, 0.52 * 0.05 + 0.48 * 0.46, 0.52 * 0.03], abs=1e-10)


# Properties


@given(c=crises(), in_time=SHARE, surge=SHARE, sooner=SHARE)
def test_timely_help_never_raises_the_odds_of_war(c, in_time, surge, sooner):
    weight = float(es.war_weight(c, in_time, surge))
    assert -1e-15 <= weight <= 1 + 1e-15
    earlier = es.war_weight(c, jnp.maximum(in_time, sooner), surge)
    assert float(earlier) <= weight + 1e-15
    assert float(es.war_weight(c, in_time, jnp.asarray(1.0))) == pytest.approx(1, abs=1e-15)


@given(c=crises(), chances=st.tuples(SHARE, SHARE), better=SHARE)
def test_a_better_defence_never_loses_more_land(c, chances, better):
    weight = float(es.grab_weight(c, wins(*chances)))
    assert 0 <= weight <= 1 + 1e-15
    worse_for_challenger = wins(*(jnp.minimum(chance, better) for chance in chances))
    assert float(es.grab_weight(c, worse_for_challenger)) <= weight + 1e-15


@given(r=legal(es.Rates), c=crises(), weights=st.tuples(SHARE, SHARE), scale=number(0, 1))
def test_what_follows_a_challenge_has_odds_between_none_and_certain(r, c, weights, scale):
    found = ESCALATION(r, c, weights, (scale, scale))
    assert all(0 <= float(each) <= 1 + 1e-15 for each in found)
    assert finite(SLOPES(r, c, weights, (scale, scale)))


ESCALATION = jax.jit(es.escalation)
SLOPES = jax.jit(jax.grad(lambda *given_: sum(es.escalation(*given_))))


@given(highest=number(0.01, 2), cost=number(0, 2), dearer=number(0, 1))
def test_a_dearer_war_is_never_likelier(highest, cost, dearer):
    odds = float(es.bargaining_war(cost, highest))
    assert 0 <= odds <= 0.5
    assert float(es.bargaining_war(cost + dearer, highest)) <= odds
