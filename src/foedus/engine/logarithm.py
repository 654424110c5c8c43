"""The natural logarithm in arithmetic, so that a processor takes several numbers at a time.

The compiler has no such logarithm for 64-bit numbers: it calls the library, number by number, which
was a tenth of a run.
"""

from typing import Any

import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Float

_ROOT_HALF = 0x3FE6A09E667F3BCD  # the bits of sqrt(1/2)
_MANTISSA = 52  # bits
_LEAST = 2.0**-1022  # below it numbers have fewer bits
_LIFT = 54  # powers of two that lift them above it
_LN2 = 0.6931471805599453


@jax.custom_jvp
def log(x: Float[Array, "*s"]) -> Float[Array, "*s"]:
    """ln x, elementwise, within two units of the last place.

    Args:
        x: any 64-bit numbers.

    Returns:
        As `jnp.log`: minus infinity at 0, NaN below.
    """
    k, m = _parted(x)
    found = _joined(k, m, m - 1.0)
    positive = jnp.where(x < jnp.inf, found, x)
    return jnp.where(x > 0, positive, jnp.where(x == 0, -jnp.inf, jnp.nan))


@jax.custom_jvp
def log1p(x: Float[Array, "*s"]) -> Float[Array, "*s"]:
    """ln(1 + x), elementwise, within three units of the last place, also where x is small.

    Args:
        x: any 64-bit numbers.

    Returns:
        As `jnp.log1p`: minus infinity at -1, NaN below.
    """
    u = 1.0 + x
    k, m = _parted(u)
    found = _joined(k, m, jnp.where(k == 0.0, x, m - 1.0))  # x has what rounding took from 1 + x
    positive = jnp.where(x < jnp.inf, found, x)
    return jnp.where(u > 0, positive, jnp.where(u == 0, -jnp.inf, jnp.nan))


@log.defjvp
def _slope(primals: tuple[Any], tangents: tuple[Any]) -> tuple[Array, Array]:
    return log(primals[0]), tangents[0] / primals[0]


@log1p.defjvp
def _slope_beside_1(primals: tuple[Any], tangents: tuple[Any]) -> tuple[Array, Array]:
    return log1p(primals[0]), tangents[0] / (1.0 + primals[0])


def _parted(x: Array) -> tuple[Array, Array]:
    """k and m with x = 2^k m and m in [sqrt(1/2), sqrt(2)), for x > 0."""
    few = x < _LEAST
    bits = lax.bitcast_convert_type(jnp.where(few, x * 2.0**_LIFT, x), jnp.int64)
    power = lax.shift_right_arithmetic(bits - _ROOT_HALF, jnp.int64(_MANTISSA))
    m = lax.bitcast_convert_type(bits - (power << _MANTISSA), jnp.float64)
    return power.astype(jnp.float64) - jnp.where(few, float(_LIFT), 0.0), m


def _joined(k: Array, m: Array, over: Array) -> Array:
    """k ln 2 + ln m, where ln m = 2 artanh(s), s = over / (m + 1), and `over` is m - 1.

    The seventh convergent of Gauss's continued fraction, within 2e-17 since |s| < .172; in over and
    m + 1, so that one division is the last step: the compiler repeats cheap steps for whoever
    needs their result, but not those before a division.
    """
    s, one = over * over, (m + 1.0) * (m + 1.0)
    ss, s1, one1 = s * s, s * one, one * one
    top = one1 * (2027025.0 * one - 3108105.0 * s) + ss * (1327095.0 * one - 136431.0 * s)
    bottom = one1 * (2027025.0 * one1 - 3783780.0 * s1 + 2182950.0 * ss) + ss * (
        11025.0 * ss - 396900.0 * s1
    )
    return (k * _LN2 * bottom + 2.0 * over * (m + 1.0) * top) / bottom
