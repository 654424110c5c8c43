"""Honour: the published counts, and what a treaty does to the odds of help and of a challenge."""

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from legal_box import legal, number, of

from foedus.mechanisms import crisis as cr
from foedus.mechanisms import honour as hn

SOURCE = "Berkemeier & Fuhrmann (2018), Research & Politics 5(2), replication data"
NOISES = [cr.PRIVATE, cr.AGENT_ERROR, cr.LOGIT]
odds_with = jax.jit(hn.odds_with, static_argnums=0)
treaty_value = jax.jit(hn.treaty_value, static_argnums=0)
intervention = jax.jit(cr.intervention_value, static_argnums=0)
ODDS = number(1e-6, 1 - 1e-6)

COUNTS = {  # commitments honoured, commitments invoked in war
    "all": (None, None, 73, 146),
    "1816-1944": (None, 1, 61, 92),
    "1945-2003": (None, 0, 12, 54),
    "defence": ("defense", None, 42, 102),
    "defence, 1816-1944": ("defense", 1, 36, 59),
    "defence, 1945-2003": ("defense", 0, 6, 43),
    "offence": ("offense", None, 31, 42),
    "neutrality": ("neutral", None, 35, 45),
    "non-aggression": ("nonagg", None, 18, 49),
}


@pytest.mark.parametrize("kind", COUNTS)
def test_commitments_were_honoured_as_often_as_published(published, research_data, kind):
    """Coded as in the older study and extended; `sample` is 1 to 1944 and 0 from 1945.

    The authors' own recoding (honorBF, violateBF) counts 69 of 139.
    """
    name = "berkemeier_fuhrmann_2018_alliance_reliability.csv"
    data = pl.read_csv(research_data(name), infer_schema_length=None)
    clause, era, honoured, invoked = COUNTS[kind]
    known = data.filter((pl.col("honorLLM") == 1) | (pl.col("violateLLM") == 1))
    if clause is not None:
        known = known.filter(pl.col(clause) == 1)
    if era is not None:
        known = known.filter(pl.col("sample") == era)
    for what, want, ours in (
        ("honoured", honoured, int(known["honorLLM"].sum())),
        ("invoked in war", invoked, known.height),
    ):
        what = f"commitments {what}: {kind}"
        published(what, SOURCE, published=want, ours=ours, tolerance=0)


def test_each_theory_of_honour_hands_on_its_own_odds():
    for theory, params in ((hn.dispute, hn.Dispute), (hn.war, hn.War)):
        pact, none = theory(of(params, pact=0.41, no_pact=0.04))
        assert (float(pact), float(none)) == (0.41, 0.04)


@pytest.mark.parametrize(("word", "known"), [("none", 0), ("consultation", 0.3), ("defence", 1)])
def test_a_treaty_weighs_what_its_words_say(word, known):
    words = hn.Treaty.__dataclass_fields__["obligation"].metadata["words"]
    t = of(hn.Treaty, obligation=words.index(word), consultation_weight=0.3)
    assert float(hn.weight(t)) == known


@pytest.mark.parametrize("noise", NOISES)
@given(pact=ODDS, none=ODDS, treaty=number(0, 1))
def test_the_odds_of_help_lie_between_those_with_and_without_a_pact(noise, pact, none, treaty):
    found = float(odds_with(noise, pact, none, treaty))
    low, high = sorted((float(pact), float(none)))
    assert low - 1e-12 <= found <= high + 1e-12
    for whole, end in ((1.0, pact), (0.0, none)):
        ours = float(odds_with(noise, pact, none, jnp.asarray(whole)))
        assert ours == pytest.approx(float(end), abs=1e-12)


@pytest.mark.parametrize("noise", NOISES)
@given(pact=ODDS, none=ODDS, s=number(0.05, 10))
def test_the_value_of_a_treaty_turns_one_odds_of_help_into_the_other(noise, pact, none, s):
    value = intervention(noise, s, none) + treaty_value(noise, s, pact, none)
    wide = noise.spread(s, jnp.ones_like(s))
    assert float(noise.link(value / wide)) == pytest.approx(float(pact), abs=1e-12)


def test_the_value_of_a_treaty_is_the_difference_of_two_quantiles():
    """a_P = s sqrt2 (PhiInv(.41) - PhiInv(.04)) = 1.5232 s sqrt2."""
    ours = float(hn.treaty_value(cr.PRIVATE, *map(jnp.asarray, (2.0, 0.41, 0.04))))
    assert ours == pytest.approx(2 * np.sqrt(2) * (1.7506861 - 0.2275450), abs=1e-6)


@given(p=legal(hn.Published), treaty=number(0, 1), channels=number(-5, 5))
def test_the_published_effect_of_a_pact_is_the_total_of_all_its_channels(p, treaty, channels):
    total = float(hn.published(p, treaty, channels) + channels)
    assert total == pytest.approx(float(p.effect * treaty), abs=1e-12)


@given(treaty=number(0, 1), channels=st.sampled_from([-3.0, 0.0, 2.0]), p=legal(hn.Spiral))
def test_a_pact_acts_through_help_alone_or_alarms_as_well(treaty, channels, p):
    channels = jnp.asarray(channels)
    assert float(hn.structural(of(hn.Structural), treaty, channels)) == 0
    product = float(p.alarm) * float(treaty)
    smallest = np.finfo(float).tiny  # compiled code takes what is nearer to 0 for 0
    assert float(hn.spiral(p, treaty, channels)) == (product if product >= smallest else 0.0) >= 0
