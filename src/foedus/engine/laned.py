"""How a step of one world is taken for many, whose axis is the last.

Steps here are those of JAX. The parameters of some name axes of one world; the axis of worlds is
added behind them.
"""

import math
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, NamedTuple

import jax.numpy as jnp
from jax import lax
from jaxtyping import Array

from foedus.engine.logarithm import log, log1p

_ELEMENTWISE = """
abs add add_any and ceil clamp convert_element_type copy cos div eq erf erf_inv erfc exp exp2 expm1
floor ge gt integer_pow is_finite le logistic lt max min mul ne neg not or pow rem round
rsqrt select_n sign sin sqrt square stop_gradient sub tan tanh xor
"""
_ALONG_ITS_AXES = """
argmax argmin cummax cummin cumprod cumsum reduce_and reduce_max reduce_min reduce_or reduce_prod
reduce_sum rev squeeze
"""
FEW = 16  # places of an array: so many are added one by one
ELEMENTWISE = frozenset(_ELEMENTWISE.split())
ALONG_ITS_AXES = frozenset(_ALONG_ITS_AXES.split())  # their parameters say which: never the last


class Laned(NamedTuple):
    """An array of one world, or of all."""

    array: Array
    many: bool  # whether worlds differ in it: they are its last axis

    @property
    def rank(self) -> int:
        """The number of axes that one world has."""
        return self.array.ndim - self.many


def spread(x: Laned, shape: Sequence[int], count: int) -> Array:
    """An array as all worlds have it; a number alone is what each place of `shape` has."""
    if x.many and x.rank == len(shape):
        return x.array
    axes = [len(shape)] if x.many else range(x.rank)
    return lax.broadcast_in_dim(x.array, (*shape, count), axes)


def whole(x: Laned, count: int) -> Array:
    """An array as all worlds have it."""
    return spread(x, x.array.shape[: x.rank], count)


def _placed(p: Any, given: list[Laned], count: int) -> Array:
    return lax.broadcast_in_dim(
        given[0].array, (*p["shape"], count), (*p["broadcast_dimensions"], len(p["shape"]))
    )


def _turned(p: Any, given: list[Laned], count: int) -> Array:
    return lax.transpose(given[0].array, (*p["permutation"], len(p["permutation"])))


def _shaped(p: Any, given: list[Laned], count: int) -> Array | None:
    return None if p["dimensions"] else given[0].array.reshape(*p["new_sizes"], count)


def _part(p: Any, given: list[Laned], count: int) -> Array:
    steps = None if p["strides"] is None else (*p["strides"], 1)
    return lax.slice(given[0].array, (*p["start_indices"], 0), (*p["limit_indices"], count), steps)


def _joined(p: Any, given: list[Laned], count: int) -> Array:
    return lax.concatenate([whole(x, count) for x in given], p["dimension"])


def _stacked(p: Any, given: list[Laned], count: int) -> Array:
    return jnp.stack([whole(x, count) for x in given], p["axis"])


def _part_at(p: Any, given: list[Laned], count: int) -> Array | None:
    x, *at = given
    if any(each.many for each in at):
        return None
    return lax.dynamic_slice(x.array, [*(i.array for i in at), 0], (*p["slice_sizes"], count))


def _part_set(p: Any, given: list[Laned], count: int) -> Array | None:
    x, part, *at = given
    if any(each.many for each in at):
        return None
    return lax.dynamic_update_slice(
        whole(x, count), whole(part, count), [*(i.array for i in at), 0]
    )


def _picked(p: Any, given: list[Laned], count: int) -> Array | None:
    x, at = given
    if at.many:
        return None
    how = p["dimension_numbers"]
    return lax.gather(
        x.array,
        at.array,
        how._replace(offset_dims=(*how.offset_dims, at.array.ndim - 1 + len(how.offset_dims))),
        (*p["slice_sizes"], count),
        indices_are_sorted=p["indices_are_sorted"],
        unique_indices=p["unique_indices"],
        mode=p["mode"],
        fill_value=p["fill_value"],
    )


def _summed(p: Any, given: list[Laned], count: int) -> Array | None:
    """Sums over axes of a few places: additions, since sums are slow to start."""
    x, axes = given[0].array, p["axes"]
    if math.prod(x.shape[axis] for axis in axes) > FEW:
        return None
    for axis in sorted(axes, reverse=True):
        x = reduce(
            jnp.add, [lax.index_in_dim(x, i, axis, keepdims=False) for i in range(x.shape[axis])]
        )
    return x


def _dotted(p: Any, given: list[Laned], count: int) -> Array | None:
    """Sums of products: additions, since a product of matrices would be made for each world."""
    if p["dimension_numbers"] != (((0,), (0,)), ((), ())):
        return None
    one, other = (whole(x, count) for x in given)
    if one.ndim != 2 or other.ndim != 2:
        return None
    return _summed({"axes": (0,)}, [Laned(one * other, many=True)], count)


def _by(f: Callable[[Array], Array]) -> Callable[[Any, list[Laned], int], Array]:
    return lambda _, given, __: f(given[0].array)


RULES: dict[str, Callable[[Any, list[Laned], int], Array | None]] = {
    "broadcast_in_dim": _placed,
    "concatenate": _joined,
    "dot_general": _dotted,
    "dynamic_slice": _part_at,
    "dynamic_update_slice": _part_set,
    "gather": _picked,
    "log": _by(log),
    "log1p": _by(log1p),
    "reduce_sum": _summed,
    "reshape": _shaped,
    "slice": _part,
    "stack": _stacked,
    "transpose": _turned,
}
