"""Memory: the fitted pattern, and a chain that loses nothing."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from legal_box import number

from foedus.mechanisms import memory as mm
from foedus.mechanisms import normal
from foedus.mechanisms.crisis import logit

RIVALS = "Gibler, Miller & Little 2.2.1; Thompson, Sakuwa & Suhas: contiguous rivals 1946-2010"
OTHERS = "Gibler, Miller & Little 2.2.1: contiguous states without rivalry 1946-2010"
BANDS = {"0": (0, 0), "1": (1, 1), "2": (2, 2), "3-5": (3, 5), "6-10": (6, 10), "11-20": (11, 20)}
SEEN_RIVALS = (0.333, 0.286, 0.226, 0.150, 0.099, 0.077)
SEEN_OTHERS = (0.184, 0.152, 0.124, 0.069, 0.031, 0.020)


@pytest.mark.parametrize(
    ("fit", "seen", "source", "tolerance"),
    [
        (mm.rivals, SEEN_RIVALS, RIVALS, 0.03),
        (mm.others, SEEN_OTHERS, OTHERS, 0.01),
    ],
    ids=["rivals", "others"],
)
def test_the_pattern_of_memory_is_near_the_record_in_all_six_bands(
    published, fit, seen, source, tolerance
):
    for (band, (first, last)), known in zip(BANDS.items(), seen, strict=True):
        ours = float(fit(np.arange(first, last + 1)).mean())
        what = f"disputes a year, {band} years after the last ({fit.__name__})"
        published(what, source, published=known, ours=ours, tolerance=tolerance)


@pytest.mark.parametrize(("odds", "shape"), [(mm.rivals, mm.RIVALS), (mm.others, mm.OTHERS)])
def test_the_patterns_mean_over_the_law_the_chain_settles_in_is_one(odds, shape):
    chance = odds(np.arange(mm.STATES))
    step = np.zeros((mm.STATES, mm.STATES))
    for state, p in enumerate(chance):
        step[state, 0] += p
        step[state, min(state + 1, mm.STATES - 1)] += 1 - p
    values, vectors = np.linalg.eig(step.T)
    law = np.real(vectors[:, np.argmax(np.real(values))])
    law /= law.sum()
    assert law @ step == pytest.approx(law, abs=1e-12)
    assert law @ shape == pytest.approx(1, abs=1e-12)
    assert shape == pytest.approx(chance / (law @ chance), abs=1e-12)


@given(rate=number(1e-5, 0.5))
def test_without_memory_every_year_is_alike_and_with_it_the_pattern_is_whole(rate):
    for shape in map(jnp.asarray, (mm.RIVALS, mm.OTHERS)):
        flat = mm.remembered(rate, shape, jnp.asarray(0.0))
        assert np.asarray(flat) == pytest.approx([float(rate)] * mm.STATES, abs=1e-15)
        full = mm.remembered(rate, shape, jnp.asarray(1.0))
        assert np.asarray(full / rate) == pytest.approx(np.asarray(shape), rel=1e-12)
        assert (np.diff(np.asarray(full)) < 0).all()


by_last_dispute = jax.jit(mm.by_last_dispute, static_argnames="years")


@given(since=number(0, 15), year=st.integers(0, 29))
def test_the_odds_go_by_full_years_since_the_last_dispute_and_fifteen_is_the_last(since, year):
    years, rates = 30, jnp.arange(float(mm.STATES))
    found = np.asarray(by_last_dispute(rates, since, jnp.asarray(float(year)), years))
    assert found.shape == (years + 1,)
    assert found[0] == min(round(float(since)) + year, 15)
    assert found[1 : year + 1].tolist() == [min(year - 1 - s, 15) for s in range(year)]


@pytest.mark.parametrize(("pattern", "since"), [(mm.rivals, 0), (mm.others, 7), (mm.rivals, 15)])
def test_dated_histories_have_the_disputes_of_the_chain_of_years_since_and_lose_no_mass(
    pattern, since
):
    """The chain of 16 states, moved on by hand, against mass by the year of the last dispute."""
    years, odds = 40, pattern(np.arange(mm.STATES))
    chain = np.eye(mm.STATES)[since]
    dated = np.eye(years + 1)[0]
    for year in range(years):
        now = map(jnp.asarray, (odds, float(since), float(year)))
        chance = np.asarray(by_last_dispute(*now, years=years))
        disputes = dated[: year + 1] @ chance[: year + 1]
        assert disputes == pytest.approx(chain @ odds, abs=1e-12)
        dated[: year + 1] *= 1 - chance[: year + 1]
        dated[year + 1] = disputes
        quiet = chain * (1 - odds)
        chain = np.concatenate([[chain @ odds], quiet[:-2], [quiet[-2:].sum()]])
        assert dated.sum() == pytest.approx(1, abs=1e-12)


def test_histories_of_several_columns_are_each_their_own():
    rates = jnp.asarray(np.random.default_rng(0).random((mm.STATES, 2)))
    when = (jnp.asarray(3.0), jnp.asarray(4.0))
    both = by_last_dispute(rates, *when, years=6)
    for column in range(2):
        alone = by_last_dispute(rates[:, column], *when, years=6)
        assert np.asarray(both[:5, column]) == pytest.approx(np.asarray(alone)[:5], abs=1e-15)


def test_a_memory_beyond_certainty_gives_no_odds_rather_than_wrong_ones():
    """Half of the years and the whole pattern would make 2.8: the engine refuses such a world."""
    rates = mm.remembered(jnp.asarray(0.5), jnp.asarray(mm.OTHERS), jnp.asarray(1.0))
    beyond = np.asarray(rates) > 1
    assert beyond[0]
    for unlink in (normal.quantile, logit):
        assert (np.isnan(np.asarray(unlink(rates))) == beyond).all()
