"""Contest success: the textbook values, and that more force never hurts its owner."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from legal_box import finite, legal, number, of

from foedus.mechanisms import contest as ct

HIRSHLEIFER = "after Hirshleifer (1989), Public Choice 63"
THEORIES = [(ct.ratio, ct.Ratio), (ct.logistic, ct.Logistic)]
FORCE = number(0, 1000)


@pytest.mark.parametrize(("m", "known"), [(0.33, 0.5897), (1, 0.75), (2, 0.9)])
def test_three_against_one_wins_as_often_as_the_ratio_form_says(published, m, known):
    ours = float(ct.ratio(of(ct.Ratio, decisiveness=m), jnp.asarray(3.0), jnp.asarray(1.0)))
    what = f"three against one wins, decisiveness {m}"
    published(what, HIRSHLEIFER, published=known, ours=ours, tolerance=5e-5)


def test_two_brigades_more_win_as_often_as_the_difference_form_says():
    p = of(ct.Logistic, per_brigade=np.log(3) / 2)
    assert float(ct.logistic(p, jnp.asarray(7.0), jnp.asarray(5.0))) == pytest.approx(0.75)


@pytest.mark.parametrize(("theory", "params"), THEORIES)
def test_the_chance_to_win_is_a_chance_and_rises_with_own_force_alone(theory, params):
    wins, slope = jax.jit(theory), jax.jit(jax.grad(theory, argnums=(0, 1, 2)))

    @given(p=legal(params), forces=st.tuples(FORCE, FORCE), more=number(0, 100))
    def check(p, forces, more):
        attack, defence = forces
        chance = wins(p, attack, defence)
        assert 0 <= float(chance) <= 1
        assert wins(p, attack + more, defence) >= chance - 1e-15
        assert wins(p, attack, defence + more) <= chance + 1e-15
        assert float(wins(p, defence, attack)) == pytest.approx(1 - float(chance), abs=1e-12)
        assert finite(slope(p, attack, defence))

    check()


@pytest.mark.parametrize(("theory", "params"), THEORIES)
def test_nothing_against_nothing_is_even(theory, params):
    nothing = jnp.asarray(0.0)
    assert float(theory(of(params), nothing, nothing)) == 0.5


@given(p=legal(ct.Ratio), forces=st.tuples(*[number(0.01, 100)] * 2), scale=number(0.1, 10))
def test_in_the_ratio_form_only_the_ratio_counts(p, forces, scale):
    attack, defence = forces
    one = float(ct.ratio(p, attack, defence))
    assert float(ct.ratio(p, attack * scale, defence * scale)) == pytest.approx(one, abs=1e-12)


def test_one_attack_against_several_defences_is_each_of_them_alone():
    p = of(ct.Ratio, decisiveness=1.5)
    defences = jnp.asarray([0.0, 1.0, 4.0])
    together = ct.ratio(p, jnp.asarray(2.0), defences)
    alone = [float(ct.ratio(p, jnp.asarray(2.0), each)) for each in defences]
    assert np.asarray(together) == pytest.approx(alone, abs=1e-15)
