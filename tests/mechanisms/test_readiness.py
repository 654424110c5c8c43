"""Readiness: the decay that the literature reports, and the law between exercises."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from legal_box import finite, legal, number, of

from foedus.mechanisms import readiness as rd

TATEL = "Tatel & Ackerman, Psychological Bulletin: half the gain lost after so many months"
LAW = "the closed form of decay and gain, worked by hand"
next_skill, steady_skill = jax.jit(rd.next_skill), jax.jit(rd.steady_skill)
slopes = jax.jit(jax.grad(rd.next_skill, argnums=(0, 1)))

SIGNALS = [(rd.deters, rd.Deters), (rd.silent, rd.Silent), (rd.provokes, rd.Provokes)]


@pytest.mark.parametrize(
    ("months", "kept"), [(6.5, 0.278), (11, 0.469), (13, 0.527)], ids=["6.5", "11", "13"]
)
def test_a_year_without_exercises_keeps_what_the_half_life_says(published, months, kept):
    t = of(rd.Training, decay=np.log(2) * 12 / months)
    what = f"skill kept after a year, half-life {months} months"
    ours = float(rd.next_skill(t, jnp.asarray(1.0)))
    published(what, TATEL, published=kept, ours=ours, tolerance=5e-4)


@pytest.mark.parametrize(
    ("period", "known"), [(1.0, (0.8829, 0.6195, 0.4146)), (0.5, (0.9270, 0.7720, 0.6352))]
)
def test_the_sawtooth_of_regular_exercises_has_the_worked_values(published, period, known):
    found = rd.sawtooth(*map(jnp.asarray, (0.8, 0.756, period)))
    for name, want, ours in zip(("peak", "mean", "trough"), known, found, strict=True):
        what = f"readiness, exercise every {period} years: {name}"
        published(what, LAW, published=want, ours=float(ours), tolerance=5e-5)


def test_the_sawtooth_is_what_repeated_decay_and_gain_settle_in():
    kept = np.exp(-0.9 * 0.3)
    skill = 0.0
    for _ in range(200):
        skill = skill * kept
        skill += 0.55 * (1 - skill)
    peak, mean, trough = map(float, rd.sawtooth(*map(jnp.asarray, (0.55, 0.9, 0.3))))
    assert peak == pytest.approx(skill, abs=1e-12)
    assert trough == pytest.approx(skill * kept, abs=1e-12)
    days = (np.arange(100_000) + 0.5) / 100_000 * 0.3
    assert mean == pytest.approx((skill * np.exp(-0.9 * days)).mean(), abs=1e-9)


@pytest.mark.parametrize(("coverage", "known"), [(1, 0.92), (0.1, 0.43), (0.03, 0.18)])
def test_eleven_exercises_hold_a_skill_that_depends_on_whom_they_train(published, coverage, known):
    t = of(rd.Training, exercises=11, coverage=coverage, gain=0.6, decay=0.76, turnover=0.14)
    what = f"lasting skill with 11 exercises that train {coverage:.0%} of the force"
    published(what, LAW, published=known, ours=float(rd.steady_skill(t)), tolerance=0.005)


def test_many_small_exercises_approach_the_smooth_law():
    """One exercise a year that trains all is the sawtooth; the smooth law is near its mean."""
    t = of(rd.Training, exercises=50, coverage=1, gain=0.02, decay=0.5, turnover=0.2)
    _, mean, _ = rd.sawtooth(*map(jnp.asarray, (0.02, 0.7, 1 / 50)))
    assert float(rd.steady_skill(t)) == pytest.approx(float(mean), abs=2e-3)


@given(t=legal(rd.Training), skill=number(0, 1))
def test_skill_stays_between_none_and_full_and_settles_in_the_steady_state(t, skill):
    goal = float(steady_skill(t))
    after = float(next_skill(t, skill))
    assert 0 <= goal <= 1
    assert min(goal, float(skill)) - 1e-12 <= after <= max(goal, float(skill)) + 1e-12
    assert float(next_skill(t, jnp.asarray(goal))) == pytest.approx(goal, abs=1e-12)
    for worth, low in ((rd.readiness, t.floor), (rd.interoperability, t.together)):
        assert float(low) - 1e-12 <= float(worth(t, skill)) <= 1 + 1e-12
    assert finite(slopes(t, skill))


@given(t=legal(rd.Training), more=number(0, 100), skill=number(0, 1))
def test_more_exercises_never_lower_skill(t, more, skill):
    busier = rd.Training(**{**vars(t), "exercises": t.exercises + more})
    assert steady_skill(busier) >= steady_skill(t) - 1e-12
    assert next_skill(busier, skill) >= next_skill(t, skill) - 1e-12


def test_without_exercises_and_without_decay_nothing_changes():
    assert float(rd.next_skill(of(rd.Training), jnp.asarray(0.3))) == 0.3


@pytest.mark.parametrize(("theory", "params"), SIGNALS)
def test_no_exercises_signal_nothing_and_eleven_the_effect_itself(theory, params):
    p = of(params, effect=-0.1 if theory is rd.deters else 0.2)
    effect = float(getattr(p, "effect", 0.0))
    assert float(theory(p, jnp.asarray(0.0))) == 0
    assert float(theory(p, jnp.asarray(11.0))) == pytest.approx(effect, abs=1e-15)


@pytest.mark.parametrize(("theory", "params"), SIGNALS)
def test_a_signal_is_finite_and_has_the_sign_its_theory_claims(theory, params):
    signal, slope = jax.jit(theory), jax.jit(jax.grad(theory, argnums=(0, 1)))

    @given(p=legal(params), n=number(0, 100))
    def check(p, n):
        shift = float(signal(p, n))
        assert np.isfinite(shift)
        sign = {rd.deters: -1, rd.silent: 0, rd.provokes: 1}[theory]
        assert np.sign(shift) in (0, sign)
        assert finite(slope(p, n))

    check()
