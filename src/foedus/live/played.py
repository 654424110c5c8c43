"""A case -> worlds in memory: the same blocks, rows and rounding as a run folder holds."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np
import polars as pl

from foedus import __version__
from foedus.case.schema import Case
from foedus.engine.many import BLOCK, play
from foedus.engine.run import _plan, _worlds_frame
from foedus.worlds.model import Model, bind
from foedus.worlds.points import unit_rows, values

KEPT_BLOCKS = 64  # played blocks that are remembered: about 200 MB for nine options
_SHOWN_ONLY = {"claims", "document", "title", "question", "about", "sources", "verdicts"}


@dataclass(frozen=True, eq=False)
class Block:
    """At most BLOCK worlds, played."""

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
    """Plays blocks of a case, and remembers the latest: a margin moved plays nothing anew."""

    def __init__(self, seed: int) -> None:
        """`seed`: another seed draws other worlds."""
        self.seed = seed
        self._blocks: OrderedDict[tuple[str, int], Block] = OrderedDict()
        self._lock = Lock()

    def block(self, case: Case, number: int) -> Block:
        """Worlds number * BLOCK and on, BLOCK of them. May be called from many threads."""
        key = (_numbers_of(case), number)
        with self._lock:
            if key in self._blocks:
                self._blocks.move_to_end(key)
                return self._blocks[key]
        made = _made(case, bind(case), number, self.seed)
        with self._lock:
            self._blocks[key] = made
            while len(self._blocks) > KEPT_BLOCKS:
                self._blocks.popitem(last=False)
        return made


def joined(case: Case, blocks: Iterable[Block], seed: int) -> Played:
    """Blocks, in order from the first, as one table."""
    blocks = list(blocks)
    worlds = pl.concat([block.worlds for block in blocks])
    good = worlds["sound"].to_numpy()
    sound = worlds.filter(pl.col("sound")).drop("sound")
    found = {
        name: np.concatenate([block.outcomes[name] for block in blocks], axis=1)[:, good]
        for name in blocks[0].outcomes
    }
    plan = _plan(case, bind(case), len(worlds), seed)
    said = hashlib.sha256(case.model_dump_json().encode("utf-8")).hexdigest()
    manifest = {
        "foedus": __version__,
        "versions": {},
        **plan,
        "case_name": case.file,
        "case_sha256": said,
    }
    return Played(case, manifest, sound, found, int((~good).sum()))


def _made(case: Case, model: Model, number: int, seed: int) -> Block:
    numbers = values(case, model, _unit(len(model.columns), number, seed))
    found = play(case, model, numbers)
    worlds = _worlds_frame(case, model, numbers, found["sound"], number * BLOCK)
    kept = {n: each.astype(np.float32) for n, each in found.items() if n != "sound"}
    return Block(worlds, kept)


@lru_cache(maxsize=32)
def _unit(columns: int, number: int, seed: int) -> np.ndarray:
    """Where worlds stand in their ranges: the same, whatever the ranges."""
    return unit_rows(columns, number * BLOCK, (number + 1) * BLOCK, seed)


def _numbers_of(case: Case) -> str:
    """What of a case its numbers hang on."""
    said = case.model_dump_json(exclude=_SHOWN_ONLY)
    return hashlib.sha256(said.encode("utf-8")).hexdigest()
