"""Case -> run folder: blocks of worlds, played and written one by one.

A run is a row of blocks; a block is the unit of work, of storage and of resuming.
"""

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from foedus import __version__, table
from foedus.case.schema import Case
from foedus.engine import outcomes
from foedus.engine.many import BLOCK, play
from foedus.engine.reading import bound
from foedus.errors import RunError
from foedus.table import Run
from foedus.worlds.model import Model
from foedus.worlds.points import SCRAMBLES, unit_rows, values

Block = tuple[int, dict[str, pl.DataFrame], int]  # its number, its frames, worlds refused


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
    model = bound(case)
    plan = _plan(case, model, worlds, seed)
    run = table.begin(_folder(case, plan, out), case, plan)
    missing = [b for b in range(plan["blocks"]) if str(b) not in run.manifest["parts"]]
    for block, frames, refused in _blocks(case, model, plan, missing):
        run = table.add(run, block, frames, refused)
        if progress is not None:
            progress(min(len(run.manifest["parts"]) * BLOCK, worlds), worlds)
    return run


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


def _folder(case: Case, plan: dict[str, Any], out: str | os.PathLike[str] | None) -> Path:
    if out is not None:
        return Path(out)
    said = f"{case.text}{plan['worlds']}{plan['seed']}{__version__}"
    return Path("runs") / f"{Path(case.file).stem}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def _blocks(case: Case, model: Model, plan: dict[str, Any], missing: list[int]) -> Iterator[Block]:
    """Blocks in order, one a core at a time: XLA uses one core for a block."""
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as pool:
        jobs = deque[Future[Block]]()
        for block in missing:
            jobs.append(pool.submit(_one_block, case, model, plan, block))
            if len(jobs) > 2 * cores:
                yield jobs.popleft().result()
        while jobs:
            yield jobs.popleft().result()


def _one_block(case: Case, model: Model, plan: dict[str, Any], block: int) -> Block:
    first, last = block * BLOCK, min((block + 1) * BLOCK, plan["worlds"])
    unit = unit_rows(len(model.columns), first, last, plan["seed"])
    numbers = values(case, model, unit)
    found = play(case, model, numbers)
    frames = {
        "worlds": _worlds_frame(model, numbers[model.reference], found["sound"], first),
        "outcomes": _outcomes_frame(model, found, first),
    }
    return block, frames, int((~frames["worlds"]["sound"]).sum())


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
