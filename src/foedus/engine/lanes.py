"""A function of one world made one of many, whose axis stays the last on the way.

`jax.vmap` gives the same numbers, but moves the axis of worlds to the front wherever arrays of
different rank meet, and in loops. Neighbours in memory are then the two states of a treaty, and the
processor, which takes eight neighbours at a time, finds two. Here neighbours stay worlds. A step
without a rule, here or in `laned`, is left to `jax.vmap`.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array

from foedus.engine.laned import ALONG_ITS_AXES, ELEMENTWISE, RULES, Laned, spread, whole

T = TypeVar("T")


def of_many(f: Callable[..., T], shared: Collection[int] = ()) -> Callable[..., T]:
    """`f` of one world as a function of many, the last axis of every argument and result.

    Args:
        f: takes and gives trees of arrays; no array of many worlds may be written into it.
        shared: places of the arguments that are the same for all worlds, without that axis.
    """

    def mapped(*given: Any) -> T:
        leaves, tree = jax.tree.flatten(given)
        many = [i not in shared for i, each in enumerate(given) for _ in jax.tree.leaves(each)]
        laned = [Laned(jnp.asarray(x), each) for x, each in zip(leaves, many, strict=True)]
        count = next(each.array.shape[-1] for each in laned if each.many)
        one = [jnp.zeros(x.array.shape[: x.rank], x.array.dtype) for x in laned]
        closed, shape = jax.make_jaxpr(f, return_shape=True)(*jax.tree.unflatten(tree, one))
        found = [whole(each, count) for each in _run(closed, laned, count)]
        results: T = jax.tree.unflatten(jax.tree.structure(shape), found)
        return results

    return mapped


def _run(closed: Any, given: Sequence[Laned], count: int) -> list[Laned]:
    """Every step of a function of one world, taken for `count` of them."""
    known = dict(zip(closed.jaxpr.invars, given, strict=True))
    for var, const in zip(closed.jaxpr.constvars, closed.consts, strict=True):
        known[var] = Laned(jnp.asarray(const), many=False)

    def value(atom: Any) -> Laned:
        if hasattr(atom, "val"):  # a number written into the function
            return Laned(jnp.asarray(atom.val, atom.aval.dtype), many=False)
        found: Laned = known[atom]
        return found

    for step in closed.jaxpr.eqns:
        found = _step(step, [value(atom) for atom in step.invars], count)
        known.update(zip(step.outvars, found, strict=True))
    return [value(atom) for atom in closed.jaxpr.outvars]


def _step(step: Any, given: list[Laned], count: int) -> list[Laned]:
    name = step.primitive.name
    if name in WITHIN:
        return WITHIN[name](step, given, count)
    if not any(each.many for each in given):
        return [Laned(array, many=False) for array in _bound(step, *(x.array for x in given))]
    if name in ELEMENTWISE:
        shape = step.outvars[0].aval.shape
        given = [Laned(spread(x, shape, count), many=True) for x in given]
        return [Laned(array, many=True) for array in _bound(step, *(x.array for x in given))]
    found = RULES[name](step.params, given, count) if name in RULES else None
    if found is not None:
        return [Laned(found, many=True)]
    if name in ALONG_ITS_AXES:
        return [Laned(array, many=True) for array in _bound(step, *(x.array for x in given))]
    return _mapped(step, given)


def _bound(step: Any, *arrays: Array) -> list[Array]:
    """A step as it is, for arrays of its own shape or such as `jax.vmap` traces."""
    asked = step.primitive.get_bind_params(step.params)
    functions, params = asked if isinstance(asked, tuple) else ((), asked)  # by version of JAX
    found = step.primitive.bind(*functions, *arrays, **params)
    return list(found) if step.primitive.multiple_results else [found]


def _mapped(step: Any, given: Sequence[Laned]) -> list[Laned]:
    """A step as `jax.vmap` takes it."""
    axes = [-1 if each.many else None for each in given]
    found = jax.vmap(partial(_bound, step), in_axes=axes, out_axes=-1)(*(x.array for x in given))
    return [Laned(array, many=True) for array in found]


# Steps that hold a function of one world.


def _inside(step: Any, given: list[Laned], count: int) -> list[Laned]:
    return _run(step.params["jaxpr"], given, count)


def _with_own_slope(step: Any, given: list[Laned], count: int) -> list[Laned]:
    """A function that brings its own derivative: that is taken as `jax.vmap` takes it."""
    many = [each.many for each in given]
    if not any(many):
        return [Laned(array, many=False) for array in _bound(step, *(x.array for x in given))]

    def laned(arrays: Sequence[Array]) -> list[Laned]:
        return [Laned(array, each) for array, each in zip(arrays, many, strict=True)]

    @jax.custom_jvp
    def found(*arrays: Array) -> list[Array]:
        return [whole(x, count) for x in _run(step.params["call_jaxpr"], laned(arrays), count)]

    @found.defjvp
    def _slope(primals: Any, tangents: Any) -> Any:
        return jax.jvp(
            lambda *arrays: [x.array for x in _mapped(step, laned(arrays))], primals, tangents
        )

    return [Laned(array, many=True) for array in found(*(each.array for each in given))]


def _scan(step: Any, given: list[Laned], count: int) -> list[Laned]:
    """A loop of known length: what it carries, and one element each of what it goes along."""
    p, body, sizes = step.params, step.params["jaxpr"], _sizes(step.params)
    if sizes is None:
        return _mapped(step, given)
    consts, start, along = _split(given, *sizes)
    carried = _differ(body, consts, start, [x.many for x in along])
    made: list[bool] = []

    def turn(now: list[Array], each: list[Array]) -> tuple[list[Array], list[Array]]:
        arrays = [*_laned(now, carried), *_laned(each, [x.many for x in along])]
        after, out = _split(_run(body, [*consts, *arrays], count), len(carried))
        made[:] = [x.many for x in out]
        return _as_carried(after, carried, count), [x.array for x in out]

    last, out = lax.scan(
        turn,
        _as_carried(start, carried, count),
        [x.array for x in along],
        length=p["length"],
        reverse=p["reverse"],
        unroll=p["unroll"],
    )
    return [*_laned(last, carried), *_laned(out, made)]


def _sizes(p: Any) -> tuple[int, int] | None:
    """How many constants a loop has, and how many numbers it carries; versions of JAX differ."""
    if "num_consts" in p:
        return p["num_consts"], p["num_carry"]
    parts = getattr(p.get("ft_in"), "elts", None)
    return None if parts is None else (len(parts[0]), len(parts[1]))


def _while(step: Any, given: list[Laned], count: int) -> list[Laned]:
    """A loop that ends world by world: it goes on while any world does, and the others wait."""
    p = step.params
    asked, consts, start = _split(given, p["cond_nconsts"], p["body_nconsts"])
    carried = _differ(p["body_jaxpr"], consts, start, [])
    if _reaches(p["cond_jaxpr"], [*(x.many for x in asked), *carried])[0]:
        carried = [True] * len(carried)

    def goes_on(now: list[Array]) -> Laned:
        found: Laned = _run(p["cond_jaxpr"], [*asked, *_laned(now, carried)], count)[0]
        return found

    def turn(now: list[Array]) -> list[Array]:
        still = goes_on(now)
        found = _run(p["body_jaxpr"], [*consts, *_laned(now, carried)], count)
        after = _as_carried(found, carried, count)
        return [_where(still, new, old) for new, old in zip(after, now, strict=True)]

    begin = _as_carried(start, carried, count)
    found = lax.while_loop(lambda now: jnp.any(goes_on(now).array), turn, begin)
    return _laned(found, carried)


def _where(still: Laned, new: Array, old: Array) -> Array:
    """What goes on is new; a condition has the first axes of what it is about, and the worlds."""
    if still.array.ndim == 0:  # the loop itself ends with it
        return new
    own = still.array.shape[: still.rank]
    between = [1] * (new.ndim - still.array.ndim)
    return jnp.where(
        still.array.reshape(*own, *between, *still.array.shape[still.rank :]), new, old
    )


def _laned(arrays: Sequence[Array], many: Sequence[bool]) -> list[Laned]:
    return [Laned(array, each) for array, each in zip(arrays, many, strict=True)]


def _as_carried(found: Sequence[Laned], carried: Sequence[bool], count: int) -> list[Array]:
    return [whole(x, count) if many else x.array for x, many in zip(found, carried, strict=True)]


def _split(given: Sequence[Laned], *sizes: int) -> Iterator[list[Laned]]:
    at = 0
    for size in sizes:
        yield list(given[at : at + size])
        at += size
    yield list(given[at:])


def _differ(
    body: Any, consts: Sequence[Laned], start: Sequence[Laned], along: Sequence[bool]
) -> list[bool]:
    """Whether worlds differ in each number that a loop carries, from some turn on."""
    carried = [x.many for x in start]
    while True:
        after = _reaches(body, [*(x.many for x in consts), *carried, *along])
        grown = [a or b for a, b in zip(carried, after[: len(carried)], strict=True)]
        if grown == carried:
            return carried
        carried = grown


def _reaches(closed: Any, many: Sequence[bool]) -> list[bool]:
    """Which results of a function hang on arguments in which worlds differ."""
    known = {var for var, each in zip(closed.jaxpr.invars, many, strict=True) if each}
    for step in closed.jaxpr.eqns:
        if any(atom in known for atom in step.invars if not hasattr(atom, "val")):
            known.update(step.outvars)
    return [not hasattr(atom, "val") and atom in known for atom in closed.jaxpr.outvars]


WITHIN: dict[str, Callable[[Any, list[Laned], int], list[Laned]]] = {
    "jit": _inside,
    "pjit": _inside,  # its name in earlier versions
    "custom_jvp_call": _with_own_slope,
    "scan": _scan,
    "while": _while,
}
