"""Any legal value of a theory's numbers, corners included, as a hypothesis strategy."""

from dataclasses import fields

import jax
import jax.numpy as jnp
import numpy as np
from hypothesis import strategies as st

from foedus.mechanisms.base import Params


def number(low: float, high: float) -> st.SearchStrategy[jax.Array]:
    """A float64 scalar in [low, high]; both ends come up often."""
    inside = st.floats(low, high, allow_subnormal=False)
    return st.one_of(inside, st.sampled_from([float(low), float(high)])).map(jnp.asarray)


def legal(params: type[Params], **given: float) -> st.SearchStrategy[Params]:
    """The parameters of one theory anywhere in their legal ranges, but for those `given`."""
    return st.builds(
        params,
        **{
            each.name: st.just(jnp.asarray(given[each.name], float))
            if each.name in given
            else number(*each.metadata["legal"])
            for each in fields(params)
        },
    )


def of(params: type[Params], **given: float) -> Params:
    """Parameters with these values, and the lowest legal value for the rest."""
    return params(
        **{
            each.name: jnp.asarray(given.get(each.name, each.metadata["legal"][0]), float)
            for each in fields(params)
        }
    )


def finite(tree: object) -> bool:
    """Whether every number of a pytree is finite."""
    return all(np.isfinite(np.asarray(leaf)).all() for leaf in jax.tree.leaves(tree))
