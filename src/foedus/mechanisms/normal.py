"""The standard normal distribution function, with one exponential a call."""

from typing import Any

import jax
import jax.numpy as jnp
from jax.scipy.special import ndtri
from jaxtyping import Array, Bool, Float

_TOP = (0.0352624965998911, 0.700383064443688, 6.37396220353165, 33.912866078383,
        112.079291497871, 221.213596169931, 220.206867912376)  # fmt: skip
_BOTTOM = (0.0883883476483184, 1.75566716318264, 16.064177579207, 86.7807322029461,
           296.564248779674, 637.333633378831, 793.826512519948, 440.413735824752)  # fmt: skip

_ROOT = 2.5066282746310002  # sqrt(2 pi)


def _horner(x: Float[Array, "*s"], coefficients: tuple[float, ...]) -> Float[Array, "*s"]:
    total = jnp.full_like(x, coefficients[0])
    for each in coefficients[1:]:
        total = total * x + each
    return total


@jax.custom_jvp
def cdf(x: Float[Array, "*s"]) -> Float[Array, "*s"]:
    """P(Z <= x) for a standard normal Z, elementwise.

    Hart's rational approximation: absolute error below 1e-15; relative error below 1e-8 up to
    |x| = 8, and below 4e-6 down to the smallest odds. One exponential and one division: this
    function is most of the work of a run.

    Args:
        x: any real numbers, any shape.

    Returns:
        Odds in [0, 1], same shape.

    Source:
        Hart et al. (1968), Computer Approximations; West (2005), Wilmott Magazine.
    """
    size = jnp.minimum(jnp.abs(x), 37.0)  # beyond, the odds are below the smallest float
    over, under = _tail(size)
    tail = jnp.exp(-0.5 * size * size) * over / under
    return jnp.where(x > 0, 1.0 - tail, tail)


def _tail(size: Float[Array, "*s"]) -> tuple[Float[Array, "*s"], Float[Array, "*s"]]:
    """Numerator and denominator of P(Z > size) / exp(-size^2 / 2), for size in [0, 37]."""
    return _horner(size, _TOP), _horner(size, _BOTTOM)


@cdf.defjvp
def _density(
    primals: tuple[Float[Array, "*s"]], tangents: tuple[Float[Array, "*s"]]
) -> tuple[Float[Array, "*s"], Float[Array, "*s"]]:
    """The density as the slope: the approximation runs in |x|, whose slope at 0 would be 0."""
    (x,), (dx,) = primals, tangents
    return cdf(x), dx * jnp.exp(-0.5 * x * x) / _ROOT


@jax.custom_jvp
def cdf_or_logistic(logistic: Bool[Array, "..."], x: Float[Array, "*s"]) -> Float[Array, "*s"]:
    """The logistic distribution function where `logistic`, elsewhere the normal one.

    Args:
        logistic: which of the two.
        x: any real numbers.

    Returns:
        Odds in [0, 1]: those of `cdf`, or 1 / (1 + exp(-x)).
    """
    yes, no = sides(logistic, x)
    return yes / (yes + no)


def sides(
    logistic: Bool[Array, "..."], x: Float[Array, "*s"]
) -> tuple[Float[Array, "*s"], Float[Array, "*s"]]:
    """Two positive numbers in the proportion of the odds at x to the odds against.

    Both tails are an exponential times a weight, so that worlds which believe in one and worlds
    which believe in the other share the exponential; whoever needs odds divides once.

    Args:
        logistic: as in `cdf_or_logistic`.
        x: any real numbers.

    Returns:
        (yes, no), with `cdf_or_logistic` = yes / (yes + no).
    """
    size = jnp.abs(x)
    cut = jnp.minimum(size, 37.0)
    bell = jnp.exp(jnp.where(logistic, -size, -0.5 * cut * cut))
    over, under = _tail(cut)
    tail = bell * jnp.where(logistic, 1.0, over)
    rest = jnp.where(logistic, 1.0, under - tail)
    return jnp.where(x > 0, rest, tail), jnp.where(x > 0, tail, rest)


@cdf_or_logistic.defjvp
def _slope(primals: tuple[Array, Array], tangents: tuple[Any, Array]) -> tuple[Array, Array]:
    (logistic, x), (_, dx) = primals, tangents
    p = cdf_or_logistic(logistic, x)
    return p, dx * jnp.where(logistic, p * (1.0 - p), jnp.exp(-0.5 * x * x) / _ROOT)


def quantile(p: Float[Array, "*s"]) -> Float[Array, "*s"]:
    """The inverse of `cdf`, elementwise; p in (0, 1)."""
    return ndtri(p)
