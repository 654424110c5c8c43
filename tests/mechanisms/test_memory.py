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


@given(MASS)
def test_no_mass_is_lost_and_a_year_moves_it_on_by_one(mass):
    later, again = (np.asarray(each(jnp.asarray(mass))) for each in (mm.age, mm.restart))
    assert later.sum() == pytest.approx(mass.sum(), abs=1e-12)
    assert later[0] == 0
    assert later[1:-1] == pytest.approx(mass[:-2], abs=0)
    assert later[-1] == mass[-2] + mass[-1]
    assert again[0] == pytest.approx(mass.sum(), abs=1e-12)
    assert not again[1:].any()


def test_forty_years_of_disputes_and_peace_lose_no_mass():
    odds = jnp.asarray(mm.rivals(np.arange(mm.STATES)))

    @jax.jit
    def year(mass):
        return mm.restart(mass * odds) + mm.age(mass * (1.0 - odds))

    mass = mm.start(jnp.asarray(7.0))
    for _ in range(40):
        mass = year(mass)
    assert float(mass.sum()) == pytest.approx(1, abs=1e-12)


def test_several_chains_age_side_by_side_as_each_would_alone():
    rng = np.random.default_rng(0)
    mass = jnp.asarray(rng.random((3, 2, mm.STATES)))
    for step in (mm.age, mm.restart):
        together = np.asarray(step(mass))
        for i, j in np.ndindex(3, 2):
            assert together[i, j] == pytest.approx(np.asarray(step(mass[i, j])), abs=1e-15)


@given(st.floats(0, 15))
def test_the_clock_starts_on_one_state(since):
    mass = np.asarray(mm.start(jnp.asarray(since)))
    assert mass.sum() == 1
    assert abs(mass.argmax() - since) <= 0.5
