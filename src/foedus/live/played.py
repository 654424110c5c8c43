"""A case -> worlds in memory: the same blocks, rows and rounding as a run folder holds."""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from foedus import table
from foedus.case.schema import Case
from foedus.engine.many import BLOCK
from foedus.engine.run import Job, planned, played

# Of the first pieces, of which a core plays one at a time: few worlds are shared by all cores too.
EDGES = (0, 64, 128, 320, *range(512, BLOCK, 256))
KEPT_WORLDS = 64 * BLOCK  # that are remembered: about 200 MB for nine options
_SHOWN_ONLY = {"claims", "document", "title", "question", "about", "sources", "verdicts"}


class Piece(NamedTuple):
    """Worlds [first, last), at most BLOCK of them: what one core plays at a time."""

    first: int
    last: int


@dataclass(frozen=True, eq=False)
class Block:
    """The worlds of a piece, played."""

    worlds: pl.DataFrame  # their numbers, and whether they could be computed
    outcomes: dict[str, np.ndarray]  # (options, worlds) as 32-bit numbers, like the table's


@dataclass(frozen=True, eq=False)
class Played:
    """Worlds in memory: a `foedus.table.Table`."""

    case: Case
    manifest: dict[str, Any]
    sound: pl.DataFrame
    outcomes: dict[str, np.ndarray]  # (options, sound worlds)
    refused: int
    complete: bool = True

    def kept(self, outcome: str, options: list[str]) -> pl.DataFrame:
        """World by world, in the order of `sound`: `outcome` under each of `options`."""
        place = {name: i for i, name in enumerate(self.manifest["options"])}
        rows = self.outcomes[outcome]
        return pl.DataFrame({"world": self.sound["world"], **{o: rows[place[o]] for o in options}})


class Player:
    """Plays pieces of a case, and remembers the latest: a margin moved plays nothing anew."""

    def __init__(self, seed: int) -> None:
        """`seed`: another seed draws other worlds."""
        self.seed = seed
        self._blocks: OrderedDict[tuple[str, Piece], Block] = OrderedDict()
        self._lock = Lock()

    def job(self, case: Case, worlds: int) -> Job:
        """What is to be played; `worlds` is a multiple of a piece."""
        return planned(case, worlds, self.seed, Path())

    def block(self, job: Job, piece: Piece) -> Block:
        """A piece of a job. May be called from many threads."""
        key = (_numbers_of(job.case), piece)
        with self._lock:
            if key in self._blocks:
                self._blocks.move_to_end(key)
                return self._blocks[key]
        made = _block(played(job, *piece), len(job.plan["options"]))
        with self._lock:
            self._blocks[key] = made
            while sum(last - first for _, (first, last) in self._blocks) > KEPT_WORLDS:
                self._blocks.popitem(last=False)
        return made


def pieces_of(worlds: int) -> list[Piece]:
    """The pieces of so many worlds: small ones first, so that all cores share few worlds too."""
    first = [edge for edge in EDGES if edge < worlds]
    edges = [*first, *range(BLOCK, worlds, BLOCK), worlds]
    return [Piece(first, last) for first, last in pairwise(edges)]


def joined(job: Job, blocks: Sequence[Block]) -> Played:
    """The blocks of a job, in order from the first, as one table."""
    worlds = pl.concat([block.worlds for block in blocks])
    good = worlds["sound"].to_numpy()
    found = {
        name: np.concatenate([block.outcomes[name] for block in blocks], axis=1)[:, good]
        for name in blocks[0].outcomes
    }
    manifest = table.manifest_of(job.case, job.plan)
    if not job.case.text:  # changed on the page: no file says so
        manifest["case_sha256"] = _hash(job.case.model_dump_json())
    sound = worlds.filter(pl.col("sound")).drop("sound")
    return Played(job.case, manifest, sound, found, int((~good).sum()))


def _block(frames: dict[str, pl.DataFrame], options: int) -> Block:
    """Rows of one option after another, as a table of options x worlds."""
    long = frames["outcomes"].drop("world", "option")
    return Block(
        frames["worlds"], {c.name: c.to_numpy().reshape(options, -1) for c in long.iter_columns()}
    )


def _numbers_of(case: Case) -> str:
    """What of a case its numbers hang on."""
    return _hash(case.model_dump_json(exclude=_SHOWN_ONLY))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
