"""Case -> run folder, of any length: every row is kept, or counts and the rows of a sample.

Of a run too long to keep, `judge` still gives every verdict, its interval and its shares by theory
exactly: they are counted as the worlds are played. What needs rows, such as the conditions under
which a claim breaks, is read from the sample. What was not asked before the run, such as a claim
that the case did not make, can be read from the sample alone.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl

from foedus import table
from foedus.case.schema import Case
from foedus.engine import run as engine
from foedus.engine.run import Job, Progress, carry_out, in_threads
from foedus.errors import RunError
from foedus.judge import tallies
from foedus.table import Run
from foedus.worlds.sample import highest_kept, tickets

Keep = Literal["all", "summary"] | int
SAMPLE = 16_384  # worlds whose rows a summary keeps
PARTS = 128  # of a run that keeps counts: enough to share out, and few enough to add up quickly


def simulate(
    case: Case,
    worlds: int = 65_536,
    *,
    seed: int = 0,
    out: str | os.PathLike[str] | None = None,
    keep: Keep = "all",
    progress: Progress | None = None,
) -> Run:
    """Play every option of a case out in `worlds` worlds, and keep the numbers on disk.

    Args:
        case: a case, as `foedus.read` gives it.
        worlds: how many worlds, at least 16. A larger run contains the smaller one.
        seed: another seed draws other worlds.
        out: the run folder; by default `runs/<case>-<hash>` below the current folder. A folder
            that holds part of this very run is continued.
        keep: `all` rows; or counts of all worlds and the rows of so many, at least 16, drawn at
            random; `summary` for counts and a sample of a usual size. Counts take the same room
            and memory however many worlds there are.
        progress: called with (worlds done, worlds in all) after each block.

    Returns:
        The run, complete.

    Raises:
        CaseError: with every problem of the case.
        RunError: if the folder holds something else, another process is writing to it, or the
            disk is full.
    """
    return carry_out(planned(case, worlds, seed, out, keep), in_threads, progress)


def planned(
    case: Case, worlds: int, seed: int, out: str | os.PathLike[str] | None, keep: Keep
) -> Job:
    """What a run is to be and to keep, once its case is found to make sense.

    Raises:
        CaseError: with every problem of the case.
        RunError: if the worlds, or the rows to keep, are too few.
    """
    job = engine.planned(case, worlds, seed, out)
    if keep == "all":
        return job
    rows = SAMPLE if keep == "summary" else int(keep)
    if rows < job.plan["scrambles"]:
        raise RunError(f"keep the rows of {job.plan['scrambles']} worlds or more, not {rows}")
    size = job.plan["block"] * -(-job.plan["blocks"] // PARTS)
    plan = {
        **job.plan,
        "block": size,
        "blocks": -(-worlds // size),
        "kinds": [*job.plan["kinds"], *tallies.KINDS],
        "rows": min(rows, worlds),
        "highest_ticket": highest_kept(rows, worlds, seed),
    }
    folder = Path("runs") / table.name_of(case, plan) if out is None else job.folder
    return replace(job, plan=plan, folder=folder, keeper=Summary)


class Summary:
    """Keeps counts of all worlds of a block, and the rows of those in the sample."""

    def __init__(self, job: Job) -> None:
        """`job`: whose plan says which worlds are in the sample."""
        self._job, self._tallies = job, tallies.Tallies()
        self._rows = engine.Everything(job)

    def add(self, frames: dict[str, pl.DataFrame]) -> None:
        """Take the rows of some more worlds, of `worlds` and of `outcomes`."""
        plan, worlds = self._job.plan, frames["worlds"]
        self._tallies.add(Portion.of(self._job, frames))
        first = int(worlds["world"][0])
        drawn = tickets(first, first + len(worlds), plan["seed"]) <= plan["highest_ticket"]
        every = np.tile(drawn, len(frames["outcomes"]) // len(worlds))
        sample = {"worlds": worlds.filter(drawn), "outcomes": frames["outcomes"].filter(every)}
        self._rows.add({**frames, **sample})

    def frames(self) -> dict[str, pl.DataFrame]:
        """What is to be written, one table a kind."""
        return {**self._rows.frames(), **self._tallies.frames()}


@dataclass(frozen=True)
class Portion:
    """Some worlds in memory: a `foedus.table.Table`."""

    case: Case
    manifest: dict[str, Any]
    sound: pl.DataFrame
    outcomes: pl.DataFrame  # options one after the other, each with every world
    right: np.ndarray  # which of the worlds could be computed
    complete: bool = True

    @classmethod
    def of(cls, job: Job, frames: dict[str, pl.DataFrame]) -> "Portion":
        """The worlds whose rows these are."""
        right = frames["worlds"]["sound"].to_numpy()
        sound = frames["worlds"].filter(right).drop("sound")
        return cls(job.case, job.plan, sound, frames["outcomes"], right)

    @property
    def refused(self) -> int:
        """How many worlds could not be computed and are left out."""
        return int((~self.right).sum())

    def kept(self, outcome: str, options: list[str]) -> pl.DataFrame:
        """World by world, in the order of `sound`: `outcome` under each of `options`."""
        rows = self.outcomes[outcome].to_numpy().reshape(-1, len(self.right))[:, self.right]
        place = {name: i for i, name in enumerate(self.manifest["options"])}
        return pl.DataFrame({"world": self.sound["world"], **{o: rows[place[o]] for o in options}})
