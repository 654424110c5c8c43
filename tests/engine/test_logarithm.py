"""Logarithms in arithmetic, against numbers with eleven more bits."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.engine.logarithm import log, log1p

LEAST = 2.0**-1022  # with all bits


def units(found: np.ndarray, exact: np.ndarray) -> float:
    """The largest error, in units of the last place."""
    return float(np.max(np.abs(found - exact) / np.spacing(np.abs(exact.astype(float)))))


@pytest.mark.parametrize(
    "numbers",
    [
        np.exp(np.random.default_rng(0).uniform(-700, 700, 100_000)),
        np.random.default_rng(1).uniform(0.6, 1.6, 100_000),
        1.0 + np.random.default_rng(2).normal(0.0, 1e-8, 10_000),
        np.asarray(
            [LEAST, np.sqrt(0.5), np.nextafter(np.sqrt(0.5), 0), np.sqrt(2), 1.0, 2.0, 1e308]
        ),
    ],
    ids=["any", "about 1", "beside 1", "where the powers change"],
)
def test_the_logarithm_is_right_to_the_last_places(numbers: np.ndarray):
    assert units(np.asarray(jax.jit(log)(numbers)), np.log(numbers.astype(np.longdouble))) < 8


@pytest.mark.parametrize(
    "numbers",
    [
        np.random.default_rng(0).uniform(-1, 1, 100_000),
        np.random.default_rng(1).normal(0, 1e-9, 100_000),
        np.exp(np.random.default_rng(2).uniform(0, 700, 10_000)),
        -1.0 + np.exp(np.random.default_rng(3).uniform(-36, 0, 10_000)),
    ],
    ids=["odds", "small", "large", "near -1"],
)
def test_beside_1_nothing_is_lost(numbers: np.ndarray):
    assert units(np.asarray(jax.jit(log1p)(numbers)), np.log1p(numbers.astype(np.longdouble))) < 8


@pytest.mark.parametrize(("own", "other"), [(log, jnp.log), (log1p, jnp.log1p)])
def test_ends_are_those_of_the_library(own, other):
    ends = jnp.asarray([0.0, -1.0, -2.0, jnp.inf, -jnp.inf, jnp.nan, 1.0])
    np.testing.assert_array_equal(own(ends), other(ends))


@given(st.floats(1e-300, 1e300))
def test_slopes(x: float):
    assert float(jax.grad(log)(jnp.asarray(x))) == pytest.approx(1.0 / x, rel=1e-15)
    assert float(jax.grad(log1p)(jnp.asarray(x))) == pytest.approx(1.0 / (1.0 + x), rel=1e-15)
