"""How a theory is written: named parameters, and a pure function of one world."""

from typing import Any

import equinox as eqx
from jaxtyping import Array, Float

Scalar = Float[Array, ""]
Each = Float[Array, "*each"]  # one number, or one for each of several cases at once
Bound = float | int  # the run-time checker does not take 1 for a float


class Params(eqx.Module):
    """The numbers one theory needs, for one world. Values come from the case file."""


def assume(
    *,
    unit: str,
    legal: tuple[Bound, Bound],
    means: str,
    lever: bool = False,
    words: tuple[str, ...] = (),
) -> Any:
    """A parameter that the case file must give: no value of its own, only a meaning.

    Args:
        unit: what it is measured in; the case file must say the same.
        legal: the closed interval in which the theory makes sense.
        means: one phrase, for the report and for error messages.
        lever: whether an option may set it.
        words: for a parameter that is a word: the words, coded 0, 1, 2, ...
    """
    return eqx.field(
        metadata={
            "unit": unit,
            "legal": tuple(map(float, legal)),
            "means": means,
            "lever": lever,
            "words": words,
        }
    )
