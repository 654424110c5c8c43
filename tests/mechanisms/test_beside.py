"""Quarrels beside the host: two years by hand, and what holds over the legal box."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from legal_box import legal, number
from scipy.optimize import brentq
from scipy.special import expit

from foedus.mechanisms import beside
from foedus.mechanisms.beside import Beside
from foedus.mechanisms.memory import OTHERS, STATES


@jax.jit
def disputes(p: Beside, shift: jax.Array) -> jax.Array:
    return beside.disputes(beside.calibrated(p), p.since, shift)


def of(**numbers: float) -> Beside:
    return Beside(**{name: jnp.asarray(value) for name, value in numbers.items()})


def in_the_long_run(odds: np.ndarray) -> float:
    """The share of years with a dispute: the chain as a matrix, and the law it settles in."""
    chain = np.zeros((STATES, STATES))
    for age, each in enumerate(odds):
        chain[age, 0] += each
        chain[age, min(age + 1, STATES - 1)] += 1 - each
    values, vectors = np.linalg.eig(chain.T)
    law = np.real(vectors[:, np.argmin(abs(values - 1))])
    return float(law @ odds / law.sum())


def test_two_years_by_hand():
    """All memory, three years since: m(3) in the first year, m(0) after a dispute, else m(4)."""
    level = brentq(lambda z: in_the_long_run(expit(z + np.log(OTHERS))) - 0.1, -9, 0, xtol=1e-14)
    odds = expit(level + np.log(OTHERS))
    found = disputes(of(rate=0.1, memory=1.0, since=3.0, spill=0.0), jnp.zeros(2))
    second = odds[3] * odds[0] + (1 - odds[3]) * odds[4]
    np.testing.assert_allclose(found, [odds[3], second], rtol=1e-10)


def test_a_shift_of_the_log_odds_doubles_the_odds_at_ln_2():
    still = of(rate=0.2, memory=0.0, since=15.0, spill=0.0)
    found = disputes(still, jnp.asarray([0.0, np.log(2.0), 0.0]))
    np.testing.assert_allclose(found, [0.2, 0.5 / 1.5, 0.2], rtol=1e-12)


@given(legal(Beside), number(0, 3), number(0, 3))
def test_more_provocation_never_calms_and_odds_stay_odds(p, shift, more):
    one, another, none = (
        disputes(p, jnp.full(4, each)) for each in (shift, shift + more, jnp.zeros(()))
    )
    assert bool((one >= none - 1e-12).all())
    assert bool((another >= one - 1e-12).all())
    assert bool(((none >= 0) & (another <= 1)).all())


@given(legal(Beside))
def test_in_the_long_run_there_is_a_dispute_as_often_as_the_rate_says(p):
    """Whatever the memory, and whatever the first year."""
    assert float(disputes(p, jnp.zeros(6_000))[-1]) == pytest.approx(float(p.rate), rel=1e-6)


@pytest.mark.parametrize("rate", [0.001, 0.2, 0.9])
def test_the_level_follows_the_rate_smoothly(rate):
    """Its slope is that of the numbers beside it: Newton's last step is differentiated too."""

    def of_rate(value: jax.Array) -> jax.Array:
        return disputes(Beside(value, jnp.asarray(0.7), jnp.asarray(2.0), jnp.asarray(0.0)),
                        jnp.zeros(5)).sum()  # fmt: skip

    at, step = jnp.asarray(rate), 1e-6 * rate
    _, slope = jax.jvp(of_rate, (at,), (jnp.ones_like(at),))
    about = (of_rate(at + step) - of_rate(at - step)) / (2 * step)
    assert float(slope) == pytest.approx(float(about), rel=1e-6)
