"""Why a world could not be computed: which mechanism, under which option.

The engine only marks such worlds, and leaves them out. They are few, so they are played once
more here, with an eye on each mechanism in turn; the worlds that can be computed pay nothing.
"""

from collections.abc import Callable
from functools import partial, reduce

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
from jaxtyping import Array, Bool, Float, Int

from foedus.case.schema import Case
from foedus.engine import arriving
from foedus.engine.course import Grown, Year, begin, begins, home_world, in_force, one_year, under
from foedus.mechanisms.base import Scalar
from foedus.mechanisms.presence import CHANNELS
from foedus.worlds.model import Model

LANES = 32  # worlds looked at together: one compiled shape, few of them filled in vain
SCHEMA = {"world": pl.Int64, "option": pl.String, "mechanism": pl.String, "what": pl.String}

Broken = Callable[[Year], Bool[Array, ""]]


def _no_number(tree: object) -> Bool[Array, ""]:
    leaves = [~jnp.isfinite(leaf).all() for leaf in jax.tree.leaves(tree)]
    return reduce(jnp.logical_or, leaves)


def _above_one(year: Year) -> Bool[Array, ""]:
    return reduce(jnp.logical_or, [(each > 1.0).any() for each in year.threats.leads_to])


def _war_without_blood(year: Year) -> Bool[Array, ""]:
    odds = year.threats.leads_to
    return (odds.war > odds.fatal).any()


_IN_NO_YEAR = ("outcomes", "an outcome is no number that can be kept, or odds do not add up to 1")

# In the order of the year: what comes first is the reason, for all that follows suffers from it.
CHECKS: tuple[tuple[str, str, Broken], ...] = (
    ("spending", "the race has no end: `defence` is not below `fatigue`",
     lambda year: _no_number(year.leaves.gaps)),
    ("readiness", "the alliance's strength is no finite number",
     lambda year: _no_number((year.now.ready, year.now.together, year.now.brigades))),
    ("industry", "what is supplied is no finite number", lambda year: _no_number(year.supplies)),
    ("arrival", "when help comes is no finite number", lambda year: _no_number(year.help)),
    ("contest", "who would win is no finite number", lambda year: _no_number(year.threats.fight)),
    ("crisis", "the odds of a challenge are no finite number",
     lambda year: _no_number(year.threats.score) | _no_number(year.threats.slope)),
    ("honour", "the odds that help comes are no finite number",
     lambda year: _no_number(year.threats.helped)),
    ("presence", "the shift by troops is no finite number",
     lambda year: _no_number(year.threats.shift)),
    ("escalation", "what a challenge leads to is no finite number",
     lambda year: _no_number(year.threats.leads_to)),
    ("escalation", "what a challenge leads to has odds above 1", _above_one),
    ("escalation", "a challenge is likelier to become a war than to cost a life",
     _war_without_blood),
    ("costs", "what it costs is no finite number", lambda year: _no_number(year.cost)),
)  # fmt: skip


def reasons(
    case: Case, model: Model, numbers: np.ndarray, sound: np.ndarray, first: int
) -> pl.DataFrame:
    """One row for each world and option that could not be computed: the mechanism, and what.

    Args:
        case: says which channels of a base each option leaves out.
        model: the shape of the case.
        numbers: shape (options, worlds, columns).
        sound: which of them could be computed; shape (options, worlds).
        first: the number of the first world.
    """
    options, worlds = np.nonzero(~sound)
    if not len(worlds):
        return pl.DataFrame(schema=SCHEMA)
    on = np.array(
        [[float(c not in case.options[o].without) for c in CHANNELS] for o in case.options]
    )
    found = [
        _why(model, numbers[model.reference, w], numbers[o, w], on[model.reference], on[o], o)
        for o, w in _padded(options, worlds)
    ]
    codes = np.concatenate(found)[: len(worlds)]
    told = [(*CHECKS[c][:2],) if c < len(CHECKS) else _IN_NO_YEAR for c in codes]
    rows = [
        (first + int(w), model.options[o], *why)
        for o, w, why in zip(options, worlds, told, strict=True)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").sort("world", maintain_order=True)


def _padded(options: np.ndarray, worlds: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """In portions of LANES; the last world is repeated to fill the last of them."""
    count = -(-len(worlds) // LANES) * LANES
    at = np.minimum(np.arange(count), len(worlds) - 1).reshape(-1, LANES)
    return [(options[each], worlds[each]) for each in at]


def _why(
    model: Model, homes: np.ndarray, rows: np.ndarray, home: np.ndarray, on: np.ndarray,
    places: np.ndarray,
) -> np.ndarray:  # fmt: skip
    with jax.enable_x64(True), jax.numpy_rank_promotion("allow"):
        return np.asarray(_first_broken(model, *map(jnp.asarray, (homes, rows, home, on, places))))


@partial(jax.jit, static_argnames=("model",))
def _first_broken(
    model: Model,
    homes: Float[Array, "lanes columns"],
    rows: Float[Array, "lanes columns"],
    home: Float[Array, " channels"],
    on: Float[Array, "lanes channels"],
    places: Int[Array, " lanes"],
) -> Array:
    """Of each world, the first check that fails in any year; one past the last if none does."""

    def lane(reference: Array, row: Array, acts: Array, place: Array) -> Array:
        began, then = begin(model, reference, home), home_world(model, reference, home)
        since = begins(model, then, began)[place]
        w = under(model, row, acts, then, since)
        phases = arriving.standings(model, w.first)

        def step(last: Grown, year: Scalar) -> tuple[Grown, Array]:
            now = in_force(model, then, w, since, year)
            y = one_year(model, now, phases, began, last, year)
            return y.leaves, jnp.stack([broken(y) for _, _, broken in CHECKS])

        _, broken = jax.lax.scan(step, began.first, jnp.arange(model.years, dtype=row.dtype))
        failed = broken.any(axis=0)
        return jnp.where(failed.any(), jnp.argmax(failed), len(CHECKS))

    return jax.vmap(lane)(homes, rows, on, places)
