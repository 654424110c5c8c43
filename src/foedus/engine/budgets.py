"""Economies and budgets: what a year's forces do to the next year's spending.

Every number is a gap in logs against the path under the reference option, so the reference itself
stays at 0, to the last bit. In the first year all gaps are 0: options act from then on.
"""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Bool, Float

from foedus.mechanisms import spending
from foedus.mechanisms.base import Scalar
from foedus.worlds.model import Model
from foedus.worlds.world import Common, Local, ask, believes

PerThreat = Float[Array, " threats"]


class Gaps(NamedTuple):
    """Where spending and the economy stand, against the reference path [logs]."""

    rivals: PerThreat  # spending of the other state of each threat
    host: Scalar
    economy: Scalar  # the host's GDP
    faced: PerThreat  # what the rivals reckoned with a year before
    host_faced: Scalar


def even(model: Model) -> Gaps:
    """The first year: nothing has moved yet."""
    zero, zeros = jnp.zeros(()), jnp.zeros(len(model.threats))
    return Gaps(zeros, zero, zero, zeros, zero)


def armed(local: Local, gaps: Gaps) -> Local:
    """The forces of a year: as much more or less as is spent on them."""
    return local.times(jnp.exp(gaps.host), jnp.exp(gaps.rivals))


def next_year(
    model: Model,
    common: Common,
    local: Local,
    gaps: Gaps,
    troops: tuple[Scalar, Scalar],
    paid: tuple[Scalar, Scalar],
) -> Gaps:
    """How all of them spend, a year on.

    Args:
        model: the shape of the case.
        common: what all threats share.
        local: the threats.
        gaps: this year's.
        troops: of the helper in the host, under this option and under the reference [persons].
        paid: by the host for base and exercises, under both [M USD].
    """
    b, rivalry = common.budgets, local.rivalry
    assert b is not None
    assert rivalry is not None
    guarded = jnp.asarray([float(threat.guarded) for threat in model.threats])
    here = spending.faced(b, gaps.host, troops[0], rivalry.attention)
    home = spending.faced(b, jnp.zeros_like(gaps.host), troops[1], rivalry.attention)
    faced = here - home
    feared = guarded * rivalry.feared
    host_faced = jnp.log1p(jnp.sum(feared * jnp.expm1(gaps.rivals)))
    seen = spending.Seen(
        gap=jnp.append(gaps.rivals, gaps.host),
        faced=jnp.append(faced, host_faced),
        before=jnp.append(gaps.faced, gaps.host_faced),
        income=jnp.append(jnp.zeros_like(gaps.rivals), gaps.economy),
        size=jnp.append(
            b.host * jnp.exp(home) / (rivalry.spending * jnp.maximum(rivalry.attention, 1e-6)),
            jnp.sum(feared * rivalry.spending) / b.host,
        ),
    )
    spent = jnp.where(_ends(model, common), ask(model, common, common, "race", seen), jnp.nan)
    burden = (spending.extra_spending(gaps.host, b.host) + paid[0] - paid[1]) / b.gdp
    grown = spending.growth(b.crowding, jnp.zeros_like(burden), burden, jnp.zeros_like(burden))
    return Gaps(spent[:-1], spent[-1], gaps.economy + grown, faced, host_faced)


def rivals_extra(model: Model, local: Local, gaps: Gaps) -> Scalar:
    """What the host's rivals spend beyond the reference [M USD a year], each counted once."""
    assert local.rivalry is not None
    extra = spending.extra_spending(gaps.rivals, local.rivalry.spending)
    others: dict[int, int] = {}
    for i, threat in enumerate(model.threats):
        if threat.guarded or threat.started:
            others.setdefault(threat.challenger if threat.guarded else threat.target, i)
    return jnp.sum(extra[jnp.asarray(list(others.values()))])


def _ends(model: Model, common: Common) -> Bool[Array, ""]:
    """Whether the race comes to rest: one of Richardson's whose defence outweighs its fatigue does
    not, and such a world is refused."""
    names, held = dict(model.theories)["race"], common.theories["race"]
    if "richardson" not in names:
        return jnp.ones((), bool)
    p = held["richardson"]
    assert isinstance(p, spending.Richardson)
    return (p.fatigue > p.defence) | ~believes(model, common, "race", "richardson")
