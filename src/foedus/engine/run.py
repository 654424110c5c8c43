"""Case -> run folder: blocks of worlds, played and written one by one.

A run is a row of blocks; a block is the unit of work, of storage and of resuming.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import polars as pl

from foedus import table
from foedus.case.schema import Case
from foedus.engine import compiler, many, outcomes
from foedus.engine.designs import Design, play_options
from foedus.engine.many import BLOCK, play
from foedus.engine.reading import bound
from foedus.engine.refused import reasons
from foedus.engine.slopes import slopes
from foedus.errors import RunError
from foedus.table import DESIGNS, Record, Run
from foedus.worlds.model import Column, Model, bind
from foedus.worlds.points import MOST_WORLDS, SCRAMBLES, in_the_end, unit_rows, values

Progress = Callable[[int, int], None]
NO_DESIGN = Design("")
Makers = Callable[["Job", list[int]], Iterator[Record]]


def simulate(
    case: Case,
    worlds: int = 65_536,
    *,
    seed: int = 0,
    out: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
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
        RunError: if the folder holds something else, another process is writing to it, or the
            disk is full.
    """
    return carry_out(planned(case, worlds, seed, out, design), in_threads, progress)


class Keeper(Protocol):
    """What is kept of the worlds of a block, which come in portions, in order."""

    def add(self, frames: dict[str, pl.DataFrame]) -> None:
        """Take the rows of some more worlds, of `worlds` and of `outcomes`."""

    def frames(self) -> dict[str, pl.DataFrame]:
        """What is to be written, one table a kind."""


class Everything:
    """Keeps every row."""

    def __init__(self, job: "Job") -> None:
        """`job`: whatever is played."""
        self._portions: list[dict[str, pl.DataFrame]] = []

    def add(self, frames: dict[str, pl.DataFrame]) -> None:
        """Take the rows of some more worlds, of `worlds` and of `outcomes`."""
        self._portions.append(frames)

    def frames(self) -> dict[str, pl.DataFrame]:
        """All rows."""
        kinds = self._portions[0]
        return {kind: pl.concat([each[kind] for each in self._portions]) for kind in kinds}


@dataclass(frozen=True)
class Job:
    """What is to be run, and where: all that a worker needs to make any block of it."""

    case: Case
    plan: dict[str, Any]
    folder: Path
    design: Design = NO_DESIGN
    keeper: Callable[["Job"], Keeper] = Everything


def planned(
    case: Case,
    worlds: int,
    seed: int,
    out: str | os.PathLike[str] | None,
    design: Design | None = None,
) -> Job:
    """What a run is to be, once its case is found to make sense.

    Raises:
        CaseError: with every problem of the case.
        RunError: if the worlds are too few or too many, or the seed is below 0.
    """
    if worlds < SCRAMBLES:
        many = "1 world is" if worlds == 1 else f"{worlds} worlds are"
        raise RunError(f"{many} too few for an interval: ask for {SCRAMBLES} or more")
    if worlds > MOST_WORLDS:
        raise RunError(f"{worlds} worlds are too many: a design has at most {MOST_WORLDS:,}")
    if seed < 0:
        raise RunError(f"there is no seed {seed}: they are counted from 0")
    plan = _plan(case, bound(case), worlds, seed)
    folder = Path("runs") / table.name_of(case, plan) if out is None else Path(out)
    if design is None:
        return Job(case, plan, folder)
    return Job(case, plan | _planned(design, plan), folder / DESIGNS / design.name, design)


def carry_out(job: Job, make: Makers, progress: Progress | None = None) -> Run:
    """Have every block made that is not there yet, and enter each in the log of the run.

    Args:
        job: what to run.
        make: makes blocks in any order, here or elsewhere; this process alone keeps the log.
        progress: called with (worlds done, worlds in all) after each block.
    """
    worlds, block = job.plan["worlds"], job.plan["block"]
    compiler.tidy()
    with table.writing(job.folder, job.case, job.plan) as run:
        missing = run.missing
        for done, record in enumerate(make(job, missing), 1 + len(run.blocks)):
            table.enter(run, record)
            if record["block"] == missing[0]:  # the compiler is done
                compiler.tidy()
            if progress is not None:
                progress(min(done * block, worlds), worlds)
    return Run(job.folder)


def in_threads(job: Job, missing: list[int]) -> Iterator[Record]:
    """Blocks in order, one a core at a time: XLA uses one core for a block."""
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as pool:
        waiting = deque[Future[Record]]()
        try:
            for block in missing:
                waiting.append(pool.submit(make_block, job, block))
                if len(waiting) > 2 * cores:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def make_block(job: Job, block: int) -> Record:
    """Play one block of a job and write what is kept of it."""
    size, kept, refused = job.plan["block"], job.keeper(job), 0
    end = min((block + 1) * size, job.plan["worlds"])
    for first in range(block * size, end, BLOCK):
        frames = played(job, first, min(first + BLOCK, end))
        refused += int((~frames["worlds"]["sound"]).sum())
        kept.add(frames)
    return table.write(job.folder, block, kept.frames(), refused)


def _plan(case: Case, model: Model, worlds: int, seed: int) -> dict[str, Any]:
    return {
        "title": case.title,
        "worlds": worlds,
        "seed": seed,
        "block": BLOCK,
        "blocks": -(-worlds // BLOCK),
        "scrambles": SCRAMBLES,
        "kinds": ["worlds", "outcomes", "refused"],
        "options": list(model.options),
        "reference": case.reference,
        "years": list(case.years),
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
    block = many.block(design.yearly)
    return {
        "design": design.says,
        "worlds": worlds,
        "block": block,
        "blocks": -(-worlds // block),
        "seed": plan["seed"] + design.seed,
        "options": list(design.options or plan["options"]),
        "outcomes": plan["outcomes"] | _by_year(design, plan),
        "unit_sha256": "" if design.unit is None else sha256(design.unit.tobytes()).hexdigest(),
    }


def _by_year(design: Design, plan: dict[str, Any]) -> dict[str, Any]:
    """What the outcomes of each year mean."""
    return {
        f"{name}@{year}": plan["outcomes"][name]
        for name in design.yearly
        for year in range(plan["years"][0], plan["years"][1] + 1)
    }


def played(job: Job, first: int, last: int) -> dict[str, pl.DataFrame]:
    """The rows of worlds [first, last), one table a kind; at most a block of them."""
    case, plan, design, model = job.case, job.plan, job.design, bind(job.case)
    if design.unit is None:
        unit = unit_rows(len(model.columns), first, last, plan["seed"])
    else:
        unit = design.unit[first:last]
    numbers = values(case, model, unit)
    if design.along is not None:
        found = slopes(case, model, unit, design.along[first:last])
    elif design.options is None:
        found = play(case, model, numbers, design.yearly)
    else:
        found = play_options(case, design.options, unit)
    found = {_in_calendar(name, case.years[0]): value for name, value in found.items()}
    worlds = _worlds_frame(case, model, numbers, found["sound"], first)
    if design.labels is not None:
        worlds = worlds.hstack(design.labels.slice(first, last - first))
    frames = {"worlds": worlds, "outcomes": _outcomes_frame(plan["options"], found, first)}
    if design.options is None:
        frames["refused"] = reasons(case, model, numbers, found["sound"], first)
    return frames


def _in_calendar(name: str, first: int) -> str:
    """`war@3`, counted from the first year, as `war@2030`."""
    outcome, at, year = name.partition("@")
    return f"{outcome}@{first + int(year)}" if at else name


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
            if given.varies:
                i = model.at(lever)
                named[f"{lever}@{option}"] = _column(
                    model.columns[i], in_the_end(model, numbers[o], i)
                )
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
