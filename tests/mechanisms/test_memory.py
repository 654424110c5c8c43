"""Memory: the fitted pattern, and a chain that loses nothing."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
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


MASS = hnp.arrays(float, mm.STATES, elements=st.floats(0, 1, allow_subnormal=False))
next_year = jax.jit(mm.next_year, static_argnames="axis")


@given(mass=MASS, odds=MASS)
def test_no_mass_is_lost_and_a_quiet_year_moves_it_on_by_one(mass, odds):
    later = np.asarray(next_year(*map(jnp.asarray, (mass, 1 - odds, odds))))
    quiet = mass * (1 - odds)
    assert later.sum() == pytest.approx(mass.sum(), abs=1e-12)
    assert later[0] == pytest.approx(mass @ odds, abs=1e-12)
    assert later[1:-1] == pytest.approx(quiet[:-2], abs=1e-15)
    assert later[-1] == pytest.approx(quiet[-2] + quiet[-1], abs=1e-15)


@given(mass=MASS, odds=MASS, counts=MASS)
def test_a_dispute_that_ends_the_count_takes_its_mass_away(mass, odds, counts):
    later = next_year(*map(jnp.asarray, (mass, 1 - odds, odds * counts)))
    assert float(later.sum()) == pytest.approx(mass.sum() - mass @ (odds * (1 - counts)), abs=1e-12)


def test_forty_years_of_disputes_and_peace_lose_no_mass():
    odds = jnp.asarray(mm.rivals(np.arange(mm.STATES)))
    mass = mm.start(jnp.asarray(7.0))
    for _ in range(40):
        mass = next_year(mass, 1.0 - odds, odds)
    assert float(mass.sum()) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_several_chains_pass_a_year_side_by_side_as_each_would_alone(axis):
    rng = np.random.default_rng(0)
    mass, odds = rng.random((2, mm.STATES, 6))
    alone = [
        next_year(*map(jnp.asarray, (m, 1 - p, p))) for m, p in zip(mass.T, odds.T, strict=True)
    ]

    def beside(x: np.ndarray) -> jax.Array:
        return jnp.asarray(np.moveaxis(x.reshape(mm.STATES, 3, 2), 0, axis))

    together = next_year(beside(mass), beside(1 - odds), beside(odds), axis=axis)
    found = np.moveaxis(np.asarray(together), axis, 0).reshape(mm.STATES, 6)
    assert found == pytest.approx(np.stack(alone, axis=1), abs=1e-15)


@given(st.floats(0, 15))
def test_the_clock_starts_on_one_state(since):
    mass = np.asarray(mm.start(jnp.asarray(since)))
    assert mass.sum() == 1
    assert abs(mass.argmax() - since) <= 0.5


def test_the_clocks_of_several_pairs_start_each_on_its_own_state():
    mass = np.asarray(mm.start(jnp.asarray([3.0, 15.0])))
    assert mass.shape == (mm.STATES, 2)
    assert mass.argmax(axis=0).tolist() == [3, 15]


def test_a_memory_beyond_certainty_gives_no_odds_rather_than_wrong_ones():
    """Half of the years and the whole pattern would make 2.8: the engine refuses such a world."""
    rates = mm.remembered(jnp.asarray(0.5), jnp.asarray(mm.OTHERS), jnp.asarray(1.0))
    beyond = np.asarray(rates) > 1
    assert beyond[0]
    for unlink in (normal.quantile, logit):
        assert (np.isnan(np.asarray(unlink(rates))) == beyond).all()
