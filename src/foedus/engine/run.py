"""One world -> many worlds -> a table. The only place with vmap, jit and scan.

A run is a row of blocks of one fixed, padded size; a block is the unit of work, of storage and
of resuming. One compiled shape gives the same bits in any split.
"""

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path as FilePath
from typing import Any, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
from jaxtyping import Array, Float

from foedus import __version__, table
from foedus.case.schema import Case
from foedus.engine import clock, outcomes
from foedus.engine.outcomes import Path
from foedus.engine.year import Alliance, Anchor, Threatened, alliance, calibrate, threatened
from foedus.errors import CaseError, RunError
from foedus.mechanisms import costs, readiness
from foedus.mechanisms.base import Scalar
from foedus.mechanisms.presence import CHANNELS
from foedus.table import Run
from foedus.worlds.model import Model, bind
from foedus.worlds.points import SCRAMBLES, unit_rows, values
from foedus.worlds.world import Common, World, knowledge, world

BLOCK = 2_048  # worlds stored and computed together
TILE = 256  # worlds that share one pass through the caches; BLOCK is a multiple of it

T = TypeVar("T")

Row = Float[Array, " columns"]
Keep = dict[str, Scalar]


def anchors(model: Model, w: World) -> Anchor:
    """The constants of every threat, solved on the reference option `w` in its first year."""
    now = alliance(w.common, jnp.asarray(0.0), readiness.steady_skill(w.common.training))
    return jax.vmap(lambda here: calibrate(model, w.common, here, now))(w.local)


def one_option(model: Model, w: World, k: Anchor, skill: Scalar) -> Keep:
    """World `w` played through, year by year, from the constants `k` and today's `skill`."""
    noise = knowledge(model, w.common)

    def step(
        state: tuple[Scalar, tuple[clock.Pair, ...]], year: Scalar
    ) -> tuple[tuple[Scalar, tuple[clock.Pair, ...]], tuple[Path, Scalar]]:
        skill, pairs = state
        now = alliance(w.common, year, skill)
        threats = jax.vmap(lambda here, kk: threatened(model, w.common, here, now, kk))(w.local, k)
        after, happened = [], {}
        for pair, members in zip(pairs, model.pairs, strict=True):
            ends = (w.common.treaty.end, w.local.memory.rivalry_end[members[0]])
            each = [(_at(threats, i), _at(k, i)) for i in members]
            moved, happens = clock.pair_year(noise, pair, each, ends)
            after.append(moved)
            happened |= dict(zip(members, happens, strict=True))
        every = jax.tree.map(lambda *x: jnp.stack(x), *(happened[i] for i in range(len(happened))))
        path = _path(w.common, year, now, threats, every)
        sound = jnp.all(jnp.stack([_sound(threats), jnp.all(jnp.abs(every.mass - 1) < 1e-9)]))
        return (readiness.next_skill(w.common.training, skill), tuple(after)), (path, sound)

    begin = tuple(
        clock.start(
            w.local.memory.since[members[0]], len(members), model.threats[members[0]].rivals
        )
        for members in model.pairs
    )
    years = jnp.arange(model.years, dtype=jnp.float64)
    _, (path, sound) = jax.lax.scan(step, (skill, begin), years)
    found = outcomes.outcomes(path, model)
    finite = jnp.all(jnp.stack([jnp.isfinite(each) for each in found.values()]))
    return {**found, "sound": jnp.all(sound) & finite}


def _at(tree: T, i: int) -> T:
    """One threat of a tree whose leaves have a leading axis of threats."""
    return jax.tree.map(lambda leaf: leaf[i], tree)


def _sound(threats: Threatened) -> Scalar:
    """Whether every odds of the threats is at most 1, and war no likelier than bloodshed."""
    odds = threats.leads_to
    return jnp.all(
        jnp.stack([jnp.all(each <= 1.0) for each in odds] + [jnp.all(odds.war <= odds.fatal)])
    )


def _path(
    common: Common, year: Scalar, now: Alliance, threats: Threatened, every: clock.Happened
) -> Path:
    base = common.base
    rotating = jnp.where(base.presence < 1.0, 1.0, 0.0)
    before = jnp.clip(year - base.delay, 0.0, 1.0)
    built = base.troops * (jnp.clip(year + 1.0 - base.delay, 0.0, 1.0) - before)
    paid = costs.yearly(common.prices, now.troops, built, rotating, now.exercises)
    rate = common.prices.discount
    return Path(
        disputes=every.disputes,
        concessions=every.concessions,
        resists=every.resists,
        helped=every.helped,
        so_far=every.so_far,
        wins_alone=threats.fight.alone,
        wins_helped=threats.fight.helped,
        in_time=threats.fight.in_time,
        arrived=threats.fight.arrived,
        ready=now.ready,
        together=now.together,
        cost_host=costs.present_value(paid.host, year, rate),
        cost_helper=costs.present_value(paid.helper, year, rate),
    )


def one_world(
    model: Model, rows: Float[Array, "options columns"], channels: Float[Array, "options channels"]
) -> dict[str, Float[Array, " options"]]:
    """Every option in one world. The constants are solved on the reference alone."""
    r = model.reference
    home = world(model, rows[r], channels[r])
    k = anchors(model, home)
    skill = readiness.steady_skill(home.common.training)
    play = lambda row, on: one_option(model, world(model, row, on), k, skill)  # noqa: E731
    return jax.vmap(play)(rows, channels)


@partial(jax.jit, static_argnames=("model",))
def _block(
    model: Model, rows: Float[Array, "tiles options columns tile"], channels: Array
) -> dict[str, Array]:
    """Many worlds: tiles in turn, the worlds of a tile side by side, their axis last."""
    side_by_side = jax.vmap(partial(one_world, model), in_axes=(-1, None), out_axes=-1)
    return jax.lax.map(lambda tile: side_by_side(tile, channels), rows)


def simulate(
    case: Case,
    worlds: int = 65_536,
    *,
    seed: int = 0,
    out: str | os.PathLike[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Run:
    """Play every option of a case out in `worlds` worlds, and keep the numbers on disk.

    Args:
        case: a case, as `foedus.read` gives it.
        worlds: how many worlds, at least 16. A larger run contains the smaller one.
        seed: another seed draws other worlds.
        out: the run folder; by default `runs/<case>-<hash>` below the current folder. A folder
            that holds part of this very run is continued.
        progress: called with (worlds done, worlds in all) after each block.

    Returns:
        The run, complete.

    Raises:
        CaseError: with every problem of the case.
        RunError: if the folder holds something else.
    """
    if worlds < SCRAMBLES:
        raise RunError(f"{worlds} worlds are too few for an interval: ask for {SCRAMBLES} or more")
    model = check(case)
    plan = _plan(case, model, worlds, seed)
    run = table.begin(_folder(case, plan, out), case, _name(case), plan)
    missing = [b for b in range(plan["blocks"]) if str(b) not in run.manifest["parts"]]
    for block, frames, refused in _blocks(case, model, plan, missing):
        run = table.add(run, block, frames, refused)
        if progress is not None:
            progress(min(len(run.manifest["parts"]) * BLOCK, worlds), worlds)
    return run


def check(case: Case) -> Model:
    """The model of a case, once everything it says is found to make sense."""
    model = bind(case)
    problems = list(outcomes.check_claims(case, model))
    if problems:
        raise CaseError(problems)
    return model


def _plan(case: Case, model: Model, worlds: int, seed: int) -> dict[str, Any]:
    return {
        "title": case.title,
        "worlds": worlds,
        "seed": seed,
        "block": BLOCK,
        "blocks": -(-worlds // BLOCK),
        "scrambles": SCRAMBLES,
        "options": list(model.options),
        "reference": case.reference,
        "threats": [threat.name for threat in model.threats],
        "columns": {
            c.name: {"unit": c.unit, "means": c.means, "lever": c.lever, "words": list(c.words)}
            for c in model.columns
        },
        "outcomes": {
            name: {"unit": o.unit, "means": o.means, "better": o.better}
            for name, o in outcomes.columns(model).items()
        },
    }


def _name(case: Case) -> str:
    return case.problem((), "").where.split(":")[0]


def _folder(case: Case, plan: dict[str, Any], out: str | os.PathLike[str] | None) -> FilePath:
    if out is not None:
        return FilePath(out)
    said = f"{case.text}{plan['worlds']}{plan['seed']}{__version__}"
    stem = FilePath(_name(case)).stem or "case"
    return FilePath("runs") / f"{stem}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def _blocks(
    case: Case, model: Model, plan: dict[str, Any], missing: list[int]
) -> Iterator[tuple[int, dict[str, pl.DataFrame], int]]:
    """Blocks as they are done, two at a time: XLA uses one core for a block."""
    with ThreadPoolExecutor(max(1, os.cpu_count() or 1)) as pool:
        jobs = deque[Future[tuple[int, dict[str, pl.DataFrame], int]]]()
        for block in missing:
            jobs.append(pool.submit(_one_block, case, model, plan, block))
            if len(jobs) > 2 * pool._max_workers:
                yield jobs.popleft().result()
        while jobs:
            yield jobs.popleft().result()


def _one_block(
    case: Case, model: Model, plan: dict[str, Any], block: int
) -> tuple[int, dict[str, pl.DataFrame], int]:
    first, last = block * BLOCK, min((block + 1) * BLOCK, plan["worlds"])
    unit = unit_rows(len(model.columns), first, last, plan["seed"])
    numbers = values(case, model, unit)
    found = play(case, model, numbers)
    frames = {
        "worlds": _worlds_frame(model, numbers[model.reference], found["sound"], first),
        "outcomes": _outcomes_frame(model, found, first),
    }
    return block, frames, int((~frames["worlds"]["sound"]).sum())


def play(case: Case, model: Model, numbers: np.ndarray) -> dict[str, np.ndarray]:
    """The outcomes of at most BLOCK worlds, each of shape (options, worlds).

    Args:
        case: says which channels of a base each option leaves out.
        model: the shape of the case.
        numbers: shape (options, worlds, columns), as `values` gives them.
    """
    count = numbers.shape[1]
    padded = numbers[:, np.minimum(np.arange(BLOCK), count - 1)]
    tiles = padded.reshape(len(model.options), BLOCK // TILE, TILE, -1).transpose(1, 0, 3, 2)
    on = [[float(c not in case.options[o].without) for c in CHANNELS] for o in model.options]
    with jax.enable_x64(True):
        found = _block(model, jnp.asarray(tiles), jnp.asarray(on))
        arrays = {name: np.asarray(value) for name, value in found.items()}
    return {
        name: value.transpose(1, 0, 2).reshape(len(model.options), BLOCK)[:, :count]
        for name, value in arrays.items()
    }


def _worlds_frame(model: Model, numbers: np.ndarray, sound: np.ndarray, first: int) -> pl.DataFrame:
    worlds = np.arange(first, first + len(numbers), dtype=np.int64)
    named: dict[str, Any] = {}
    for i, column in enumerate(model.columns):
        if column.words:
            words = pl.Series(column.words, dtype=pl.String)
            named[column.name] = words.gather(numbers[:, i].astype(np.int64)).cast(
                pl.Enum(column.words)
            )
        else:
            named[column.name] = numbers[:, i]
    return pl.DataFrame(
        {"world": worlds, "scramble": (worlds % SCRAMBLES).astype(np.int8), **named,
         "sound": sound.all(axis=0)}
    )  # fmt: skip


def _outcomes_frame(model: Model, found: dict[str, np.ndarray], first: int) -> pl.DataFrame:
    """One row a world and option; outcomes as 32-bit numbers, seven digits are plenty to keep."""
    options, count = found["sound"].shape
    worlds = np.arange(first, first + count, dtype=np.int64)
    return pl.DataFrame(
        {
            "world": np.tile(worlds, options),
            "option": pl.Series(np.repeat(np.arange(options), count), dtype=pl.UInt32)
            .replace_strict(list(range(options)), list(model.options), return_dtype=pl.String)
            .cast(pl.Enum(model.options)),
            **{
                name: value.ravel().astype(np.float32)
                for name, value in found.items()
                if name != "sound"
            },
        }
    )
