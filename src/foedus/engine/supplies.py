"""Arms made at home and bought abroad: what they cost, and whether they come in a crisis."""

from typing import NamedTuple

import jax.numpy as jnp

from foedus.mechanisms import industry
from foedus.mechanisms.base import Scalar
from foedus.worlds.model import Model
from foedus.worlds.world import Common, ask

UNKNOWN = -1.0  # experience before the first year: that of a steady output


class Supplies(NamedTuple):
    """A year of supply to the host."""

    known: Scalar  # experience of the host's industry [first lots]
    premium: Scalar  # what making at home costs beyond buying abroad [M USD]
    imports: Scalar  # share that comes from abroad
    concentration: Scalar  # Herfindahl index of what suppliers could stop
    denied: Scalar  # share expected to be refused in a crisis


def supplies(model: Model, common: Common, known: Scalar) -> Supplies:
    """A year under an option, given last year's experience."""
    p = common.purchases
    assert p is not None
    source, sellers = industry.sources(p)
    made = ask(model, common, common, "industry", source.domestic / p.lot, known)
    return Supplies(
        known=made.known,
        premium=made.premium * source.domestic,
        imports=industry.share_of(source.imports.sum(), source.domestic),
        concentration=industry.concentration(source.tied, sellers),
        denied=industry.expected_denial(p),
    )


def strength(common: Common, denied: tuple[Scalar, Scalar]) -> Scalar:
    """What the host's force is worth, as far as it is supplied in a crisis.

    Args:
        common: what all threats share.
        denied: share of supply refused under this option and under the reference, whose
            forces are those of the record.
    """
    assert common.purchases is not None
    bite = common.purchases.bite
    return (1.0 - bite * denied[0]) / jnp.maximum(1.0 - bite * denied[1], 1e-9)
