"""A function of one world as a function of many: what `jax.vmap` gives, with worlds last."""

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from foedus.engine.lanes import of_many
from foedus.mechanisms import normal

WORLDS = 5
TABLE = np.arange(12.0).reshape(4, 3) / 7.0


def counted(x: Any) -> Any:
    """A loop of known length, that counts along and carries a number of each world."""
    return jax.lax.fori_loop(0, 3, lambda i, y: y + x[i] * jnp.asarray(TABLE)[i, 0], x[0])


def along(x: Any) -> Any:
    """A loop along an array, whose results are kept; what it carries differs from the second on."""
    step = lambda last, each: (last + each, last * each)  # noqa: E731
    return jax.lax.scan(step, jnp.zeros(()), x)


def until(x: Any) -> Any:
    """A loop that ends world by world."""
    halved = lambda now: (now[0] / 2.0, now[1] + 1)  # noqa: E731
    return jax.lax.while_loop(lambda now: now[0] > 0.3, halved, (x.sum() ** 2, jnp.asarray(0)))


def until_both(x: Any) -> Any:
    """Two such loops side by side."""
    return jax.vmap(lambda each: until(each * jnp.ones(2)))(x)


def set_in_place(x: Any) -> Any:
    found = jnp.zeros((4, 2)).at[1].set(x[:2])
    return found.at[jnp.asarray(2), 1].set(x[2])


def where_each_is(x: Any) -> Any:
    """Places that hang on the world."""
    return jnp.asarray(TABLE)[jnp.argmax(x), :] + jax.lax.dynamic_slice_in_dim(
        x, jnp.argmin(x[:2]), 1
    )


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "ranks that meet": lambda x: (x[:, None] * jnp.asarray(TABLE)[:3] + x[0]).sum(axis=0),
    "a number of all worlds": lambda x: jnp.where(jnp.asarray([True, False, True]), x, 2.0),
    "a choice by one number": lambda x: jnp.where(x[0] > 0, x, -x),
    "joined and turned": lambda x: jnp.concatenate([jnp.stack([x, 2 * x]).T, jnp.ones((1, 2))]),
    "shapes": lambda x: jnp.tile(x, 2).reshape(2, 3).swapaxes(0, 1)[::-1],
    "products": lambda x: (x @ jnp.asarray(TABLE)[1], jnp.asarray(TABLE) @ x, x @ x),
    "rows by number": lambda x: x[np.asarray([2, 0, 2, 1])],
    "sums of many": lambda x: (jnp.outer(jnp.arange(40.0), x).sum(), x.max(), jnp.cumsum(x)),
    "logarithms": lambda x: (jnp.log(jnp.abs(x)), jnp.log1p(jnp.abs(x))),
    "within others": jax.jit(lambda x: jnp.clip(jnp.roll(x, 1), -0.5, 0.5)),
    "side by side": jax.vmap(lambda each: jnp.exp(each) * jnp.asarray(TABLE)[0]),
    "the same for all": lambda x: (jnp.asarray(TABLE)[2], x[0]),
    "its own slope": lambda x: normal.cdf_or_logistic(x[0] > 0, x),
    "counted": counted,
    "along": along,
    "until": until,
    "until both": until_both,
    "set in place": set_in_place,
    "where each is": where_each_is,
}


@pytest.fixture
def numbers() -> np.ndarray:
    return np.random.default_rng(3).normal(size=(3, WORLDS))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_many_worlds_get_what_each_alone_gets(name: str, numbers: np.ndarray):
    f = FUNCTIONS[name]
    found = of_many(f)(jnp.asarray(numbers))
    alone = [f(jnp.asarray(numbers[:, i])) for i in range(WORLDS)]
    wanted = jax.tree.map(lambda *each: np.stack(each, axis=-1), *alone)
    jax.tree.map(partial(np.testing.assert_allclose, rtol=1e-13, atol=1e-15), found, wanted)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_slopes_are_those_of_each_world(name: str, numbers: np.ndarray):
    f, x, along = FUNCTIONS[name], jnp.asarray(numbers), jnp.asarray(numbers[::-1].copy())
    _, found = jax.jvp(of_many(f), (x,), (along,))
    _, wanted = jax.jvp(jax.vmap(f, in_axes=-1, out_axes=-1), (x,), (along,))
    for one, other in zip(jax.tree.leaves(found), jax.tree.leaves(wanted), strict=True):
        if one.dtype != jax.dtypes.float0:
            np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - {"joined and turned", "shapes"}))
def test_worlds_are_never_moved(name: str, numbers: np.ndarray):
    """A transposition would be worlds on their way to the front, or back."""
    turned = " transpose[" in str(jax.make_jaxpr(of_many(FUNCTIONS[name]))(jnp.asarray(numbers)))
    left_to_vmap = name in {"products", "set in place", "where each is"}
    assert turned <= left_to_vmap


def test_what_is_the_same_for_all_worlds_has_no_axis_of_them(numbers: np.ndarray):
    found = of_many(lambda x, year: x[0] + jnp.asarray(TABLE)[year, 1], shared=(1,))(
        jnp.asarray(numbers), jnp.asarray(2)
    )
    np.testing.assert_allclose(found, numbers[0] + TABLE[2, 1])
