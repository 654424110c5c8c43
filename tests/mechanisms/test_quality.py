"""What programmes and diplomacy do, by hand and over the legal box."""

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from legal_box import legal, number

from foedus.mechanisms import aid, crisis, quality, relations


def test_half_a_programme_gains_what_is_counted_by_hand():
    p = quality.Saturates(jnp.asarray(0.3), jnp.asarray(0.2))
    worth = quality.saturates(p, jnp.asarray(0.5 * 5.0))
    assert float(worth) == pytest.approx(1 + 0.3 * (1 - np.exp(-0.5)), abs=1e-15)


@given(legal(quality.Saturates), number(0, 60), number(0, 60))
def test_a_programme_never_harms_and_what_is_not_done_changes_nothing(p, done, more):
    worth = float(quality.saturates(p, done))
    assert 1.0 <= worth <= 1.0 + float(p.most) + 1e-12
    assert float(quality.saturates(p, done + more)) >= worth
    assert float(quality.saturates(p, jnp.zeros(()))) == 1.0
    assert float(quality.none(quality.Nothing(), done)) == 1.0


@given(legal(relations.Eases), legal(relations.Emboldens), number(0, 1))
def test_diplomacy_eases_or_emboldens_in_proportion_to_the_effort(down, up, effort):
    assert float(relations.eases(down, effort)) == float(down.effect * effort) <= 0
    assert float(relations.emboldens(up, effort)) == float(up.effect * effort) >= 0
    assert float(relations.none(relations.Nothing(), effort)) == 0


@given(legal(relations.Relations), number(0, 1))
def test_diplomacy_leaves_ties_on_their_scale_and_moves_them_its_own_way(r, ties):
    warmed = float(relations.warmed(r, ties))
    assert -1e-12 <= warmed <= 1 + 1e-12
    moved = (warmed - float(ties)) * float(r.warms)
    assert moved >= -1e-12
    still = relations.Relations(effort=jnp.zeros(()), cost=r.cost, warms=r.warms)
    assert float(relations.warmed(still, ties)) == float(ties)


def test_half_an_effort_goes_half_of_the_way_by_hand():
    half, up, down, there = map(jnp.asarray, (0.5, 0.4, -0.4, 0.25))
    for warms, known in ((up, 0.25 + 0.5 * 0.4 * 0.75), (down, 0.25 - 0.5 * 0.4 * 0.25)):
        r = relations.Relations(effort=half, cost=jnp.zeros(()), warms=warms)
        assert float(relations.warmed(r, there)) == pytest.approx(known, abs=1e-15)


@given(number(0.001, 0.9), number(0, 0.09), number(0.05, 0.95), number(0.1, 3))
def test_the_worth_of_troops_and_aid_gives_back_the_odds_of_both(troops, aided, share, s):
    offer = aid.short_of_troops(aid.ShortOfTroops(aided, jnp.asarray(0.1), share, jnp.zeros(())))
    none = jnp.zeros(())
    u = crisis.Payoffs(
        *[none] * 6,
        u36=aid.worth_of_troops(crisis.PRIVATE, s, offer, troops),
        u37=jnp.where(aided > 0, aid.worth(crisis.PRIVATE, s, offer, troops), -jnp.inf),
        r=share,
    )
    sent = crisis.helper_choice(crisis.PRIVATE, s, u)
    assert float(sent[0]) == pytest.approx(float(troops), rel=1e-9)
    assert float(sent[1]) == pytest.approx(float(aided), abs=1e-9)
