"""Memory: the fitted pattern, and a chain that loses nothing."""

import itertools

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


dated = jax.jit(mm.dated, static_argnames="years")


@given(since=number(0, 15), year=st.integers(0, 29))
def test_the_odds_go_by_full_years_since_the_last_dispute_and_fifteen_is_the_last(since, year):
    years, rates = 30, jnp.arange(float(mm.STATES))
    found = np.asarray(dated(rates, since, years))
    assert found.shape == (years + mm.STATES,)
    assert found[year] == min(round(float(since)) + year, 15)
    assert found[years:].tolist() == np.arange(mm.STATES).tolist()


def test_histories_of_several_columns_and_worlds_are_each_their_own():
    rates = jnp.asarray(np.random.default_rng(0).random((mm.STATES, 2, 3)))
    since = jnp.asarray([3.0, 0.0, 14.0])
    with jax.numpy_rank_promotion("allow"):  # worlds are the last axis, as in the engine
        both = np.asarray(dated(rates, since, 6))
    for column, each in itertools.product(range(2), range(3)):
        alone = np.asarray(dated(rates[:, column, each], since[each], 6))
        assert both[:, column, each].tolist() == alone.tolist()


def test_a_memory_beyond_certainty_gives_no_odds_rather_than_wrong_ones():
    """Half of the years and the whole pattern would make 2.8: the engine refuses such a world."""
    rates = mm.remembered(jnp.asarray(0.5), jnp.asarray(mm.OTHERS), jnp.asarray(1.0))
    beyond = np.asarray(rates) > 1
    assert beyond[0]
    for unlink in (normal.quantile, logit):
        assert (np.isnan(np.asarray(unlink(rates))) == beyond).all()
