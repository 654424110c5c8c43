"""Case -> run folder: blocks of worlds, played and written one by one.

A run is a row of blocks; a block is the unit of work, of storage and of resuming.
"""

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from foedus import __version__, table
from foedus.case.schema import Case
from foedus.engine import outcomes
from foedus.engine.designs import Design, play_options
from foedus.engine.many import BLOCK, play
from foedus.engine.reading import bound
from foedus.errors import RunError
from foedus.table import DESIGNS, Run
from foedus.worlds.model import Column, Model
from foedus.worlds.points import SCRAMBLES, unit_rows, values

Block = tuple[int, dict[str, pl.DataFrame], int]  # its number, its frames, worlds refused


def simulate(
    case: Case,
    worlds: int = 65_536,
    *,
    seed: int = 0,
    out: str | os.PathLike[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
    design: Design | None = None,
) -> Run:
    """Play every option of a case out in `worlds` worlds, and keep the numbers on disk.

    Args:
        case: a case, as `foedus.read` gives it.
        worlds: how many worlds, at least 16. A larger run contains the smaller one.
        seed: another seed draws other worlds.
        out: the run folder; by default `runs/<case>-<hash>` below the current folder. A folder
            that holds part of this very run is continued.
        progress: called with (worlds done, worlds in all) after each block.
        design: worlds beside those of a run, for an explanation; they are kept in its folder,
            which `out` names, and `seed` is that of the run.

    Returns:
        The run, complete; of a design, the design's.

    Raises:
        CaseError: with every problem of the case.
        RunError: if the folder holds something else.
    """
    if worlds < SCRAMBLES:
        raise RunError(f"{worlds} worlds are too few for an interval: ask for {SCRAMBLES} or more")
    model, folder = bound(case), None if out is None else Path(out)
    plan = _plan(case, model, worlds, seed)
    if design is not None:
        folder = (folder or _folder(case, plan)) / DESIGNS / design.name
        plan |= _planned(design, plan)
    run = table.begin(folder or _folder(case, plan), case, plan)
    missing = [b for b in range(plan["blocks"]) if str(b) not in run.manifest["parts"]]
    one_block = partial(_one_block, case, model, plan, design or Design(""))
    for block, frames, refused in _blocks(one_block, missing):
        run = table.add(run, block, frames, refused)
        if progress is not None:
            progress(min(len(run.manifest["parts"]) * BLOCK, plan["worlds"]), plan["worlds"])
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


def _planned(design: Design, plan: dict[str, Any]) -> dict[str, Any]:
    """What a design says otherwise than the run it belongs to."""
    worlds = plan["worlds"] if design.unit is None else len(design.unit)
    return {
        "design": design.says,
        "worlds": worlds,
        "blocks": -(-worlds // BLOCK),
        "seed": plan["seed"] + design.seed,
        "options": list(design.options or plan["options"]),
    }


def _folder(case: Case, plan: dict[str, Any]) -> Path:
    said = f"{case.text}{plan['worlds']}{plan['seed']}{__version__}"
    return Path("runs") / f"{Path(case.file).stem}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def _blocks(one_block: Callable[[int], Block], missing: list[int]) -> Iterator[Block]:
    """Blocks in order, one a core at a time: XLA uses one core for a block."""
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as pool:
        jobs = deque[Future[Block]]()
        for block in missing:
            jobs.append(pool.submit(one_block, block))
            if len(jobs) > 2 * cores:
                yield jobs.popleft().result()
        while jobs:
            yield jobs.popleft().result()


def _one_block(case: Case, model: Model, plan: dict[str, Any], design: Design, block: int) -> Block:
    first, last = block * BLOCK, min((block + 1) * BLOCK, plan["worlds"])
    if design.unit is None:
        unit = unit_rows(len(model.columns), first, last, plan["seed"])
    else:
        unit = design.unit[first:last]
    numbers = values(case, model, unit)
    if design.options is None:
        found = play(case, model, numbers)
    else:
        found = play_options(case, design.options, unit)
    worlds = _worlds_frame(case, model, numbers, found["sound"], first)
    if design.labels is not None:
        worlds = worlds.hstack(design.labels.slice(first, last - first))
    frames = {"worlds": worlds, "outcomes": _outcomes_frame(plan["options"], found, first)}
    return block, frames, int((~worlds["sound"]).sum())


def _worlds_frame(
    case: Case, model: Model, numbers: np.ndarray, sound: np.ndarray, first: int
) -> pl.DataFrame:
    """One row a world: its numbers under the reference, and those that an option draws itself.

    The latter are named `<lever>@<option>`.
    """
    worlds = np.arange(first, first + numbers.shape[1], dtype=np.int64)
    named = {
        column.name: _column(column, numbers[model.reference, :, i])
        for i, column in enumerate(model.columns)
    }
    for o, option in enumerate(model.options):
        for lever, given in case.options[option].sets.items():
            if len(set(given.values())) > 1:
                i = model.at(lever)
                named[f"{lever}@{option}"] = _column(model.columns[i], numbers[o, :, i])
    return pl.DataFrame(
        {"world": worlds, "scramble": (worlds % SCRAMBLES).astype(np.int8), **named,
         "sound": sound.all(axis=0)}
    )  # fmt: skip


def _column(column: Column, numbers: np.ndarray) -> np.ndarray | pl.Series:
    """Numbers as they are, coded words as words."""
    if not column.words:
        return numbers
    words = pl.Series(column.words, dtype=pl.String)
    return words.gather(numbers.astype(np.int64)).cast(pl.Enum(column.words))


def _outcomes_frame(names: list[str], found: dict[str, np.ndarray], first: int) -> pl.DataFrame:
    """One row a world and option; outcomes as 32-bit numbers, seven digits are plenty to keep."""
    options, count = found["sound"].shape
    worlds = np.arange(first, first + count, dtype=np.int64)
    return pl.DataFrame(
        {
            "world": np.tile(worlds, options),
            "option": pl.Series(np.repeat(np.arange(options), count), dtype=pl.UInt32)
            .replace_strict(list(range(options)), names, return_dtype=pl.String)
            .cast(pl.Enum(names)),
            **{
                name: value.ravel().astype(np.float32)
                for name, value in found.items()
                if name != "sound"
            },
        }
    )
