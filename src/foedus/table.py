"""TABLE: a run on disk. One folder: what was run, the case as it was read, and Parquet parts.

    manifest.json                 what was run: case and its hash, seed, versions, how many blocks
    case.yaml                     the case file, byte for byte
    blocks.log                    one line a finished block: the checksums of its parts
    worlds/part-00000.parquet     one row a world: the numbers it drew
    outcomes/part-00000.parquet   one row a world and option: what came of it
    refused/part-00000.parquet    one row a world and option that could not be computed, and why
    counts/, tallies/             in place of most rows, if the run is too long to keep them all
    verdicts.json                 what the worlds say of each claim, once judged
    weighed/<claim>.parquet       one row a weighting of a value claim, once judged
    explained/<claim>.json        when a claim breaks and what decides it, once explained
    designs/<name>/               worlds that an explanation reads, in a folder of the same layout

A part is whole or it is not there, and the log names it only after that. So a run that was
stopped at any moment goes on from the blocks whose parts are what the log says, and ends with
the same files as a run that was never stopped.
"""

import hashlib
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl

from foedus import __version__, disk
from foedus.case.read import read_text
from foedus.case.schema import Case
from foedus.errors import RunError
from foedus.versions import versions

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

KINDS = ("worlds", "outcomes", "refused", "counts", "tallies")
DESIGNS = "designs"
_MANIFEST, _CASE, _LOG = "manifest.json", "case.yaml", "blocks.log"

# What a reader of a run leans on; a folder of an older layout may lack some of it.
_LAYOUT = (
    "case_name", "case_sha256", "title", "worlds", "seed", "block", "blocks", "scrambles",
    "options", "reference", "years", "threats", "columns", "outcomes", "versions",
)  # fmt: skip

Record = dict[str, Any]  # of a finished block: "block", "refused", and "parts": their checksums


class Table(Protocol):
    """What is judged and shown: worlds that were played, on disk or in memory."""

    @property
    def case(self) -> Case:
        """The case that was played."""

    @property
    def manifest(self) -> dict[str, Any]:
        """What was played: options, columns and outcomes with their meaning, seed, versions."""

    @property
    def complete(self) -> bool:
        """Whether every world that was asked for is there."""

    @property
    def refused(self) -> int:
        """How many worlds could not be computed and are left out."""

    @property
    def sound(self) -> pl.DataFrame:
        """The numbers of the worlds that could be computed, in order."""

    def kept(self, outcome: str, options: list[str]) -> pl.DataFrame:
        """World by world, in the order of `sound`: `outcome` under each of `options`."""


@dataclass(frozen=True)
class Run:
    """A run folder, open for reading."""

    folder: Path

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What was run."""
        try:
            found: dict[str, Any] = json.loads((self.folder / _MANIFEST).read_text("utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            raise RunError(f"{self.folder} is no run folder: it has no {_MANIFEST}") from None
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise RunError(f"{self.folder}/{_MANIFEST} is damaged: {error}") from None
        if not isinstance(found, dict):
            raise RunError(f"{self.folder}/{_MANIFEST} is damaged: it holds no keys")
        if _logged_identity(self.folder) not in ("", _identity(found)):
            raise RunError(f"{self.folder}/{_MANIFEST} was changed; run the case again")
        return found

    @cached_property
    def blocks(self) -> dict[int, Record]:
        """The finished blocks, by number, as the log has them."""
        found = disk.records(self.folder / _LOG)
        return {each["block"]: each for each in found if "block" in each}

    @cached_property
    def case(self) -> Case:
        """The case that was run, from the copy in the folder."""
        text = (self.folder / _CASE).read_bytes()
        if hashlib.sha256(text).hexdigest() != self.manifest["case_sha256"]:
            raise RunError(f"{self.folder}/{_CASE} was changed after the run; run the case again")
        name, figures = self.manifest["case_name"], self.manifest.get("figures", {})
        return _case_of(text, name, json.dumps(figures))

    @property
    def complete(self) -> bool:
        """Whether every block is there."""
        return not self.missing

    @property
    def missing(self) -> list[int]:
        """The numbers of the blocks that are still to be made."""
        return [b for b in range(self.manifest["blocks"]) if b not in self.blocks]

    @property
    def refused(self) -> int:
        """How many worlds could not be computed and are left out."""
        return sum(int(each["refused"]) for each in self.blocks.values())

    @property
    def tallied(self) -> bool:
        """Whether counts of all worlds are kept, and the rows of a sample of them alone."""
        return "tallies" in self.manifest.get("kinds", ())

    @property
    def computed(self) -> int:
        """How many worlds of the finished blocks could be computed, kept as rows or not."""
        size, worlds = int(self.manifest["block"]), int(self.manifest["worlds"])
        played = sum(min((b + 1) * size, worlds) - b * size for b in self.blocks)
        return played - self.refused

    def why_refused(self) -> list[tuple[str, str, int]]:
        """Why worlds could not be computed: the mechanism, what of it, and how many worlds.

        A world counts under the first reason of each of its options, so it may count twice.
        """
        if not self.refused or "refused" not in self.manifest.get("kinds", ()):
            return []
        worlds = pl.col("world").n_unique()
        found = self.frame("refused").group_by("mechanism", "what").agg(worlds).collect()
        return sorted(found.rows(), key=lambda row: -row[2])

    def frame(self, kind: str) -> pl.LazyFrame:
        """The rows of a kind, lazily, in the order of the worlds.

        Raises:
            RunError: if there are none yet, or a part is not what was written.
        """
        self._refuse_damaged()
        return pl.scan_parquet([_part(self.folder, kind, block) for block in sorted(self.blocks)])

    def part(self, kind: str, block: int) -> pl.DataFrame:
        """The rows of a kind of one finished block.

        Raises:
            RunError: if a part is not what was written.
        """
        self._refuse_damaged()
        return pl.read_parquet(_part(self.folder, kind, block))

    def _refuse_damaged(self) -> None:
        if not self.blocks:
            raise RunError(f"{self.folder} holds no finished block yet; run the case again")
        if self._damaged:
            raise RunError(
                f"{self._damaged[0]} is missing or damaged: it is not what was written. "
                "Run the case again: only what is damaged is made anew"
            )

    def design(self, name: str) -> "Run | None":
        """The worlds of a design of this run; None if they were not all played.

        What was read of a design is kept, until it is played anew.
        """
        folder = self.folder / DESIGNS / name
        files = [folder / each for each in (_MANIFEST, _LOG)]
        if not all(each.exists() for each in files):
            return None
        written = tuple(each.stat().st_mtime_ns for each in files)
        known = self._designs.get(name)
        if known is None or known[1] != written:
            known = self._designs[name] = Run(folder), written
        return known[0] if known[0].complete else None

    def to_ema(self) -> "tuple[pd.DataFrame, dict[str, np.ndarray]]":
        """Experiments and outcomes as ema_workbench gives them; see `foedus.ecosystem.to_ema`."""
        from foedus.ecosystem import to_ema

        return to_ema(self)

    def problem(self) -> dict[str, Any]:
        """Names and bounds as SALib wants them; see `foedus.ecosystem.problem`."""
        from foedus.ecosystem import problem

        return problem(self)

    def inputs(self) -> "np.ndarray":
        """The numbers of the worlds in the order of `problem`, words numbered from 0."""
        from foedus.ecosystem import inputs

        return inputs(self)

    @cached_property
    def _designs(self) -> "dict[str, tuple[Run, tuple[int, ...]]]":
        """Designs that were opened, each with the times at which its files were written."""
        return {}

    @cached_property
    def memo(self) -> dict[str, Any]:
        """What readers found out of this run and need again, for as long as it is open."""
        return {}

    @cached_property
    def _damaged(self) -> list[Path]:
        """The parts whose checksum is not the one in the log."""
        return [
            path
            for block, record in self.blocks.items()
            for kind, written in record["parts"].items()
            if disk.checksum(path := _part(self.folder, kind, block)) != written
        ]

    def kept(self, outcome: str, options: list[str]) -> pl.DataFrame:
        """World by world, in the order of `sound`: `outcome` under each of `options`.

        Worlds that could not be computed are left out; `refused` counts them.
        """
        rows = self.frame("outcomes").filter(pl.col("option").is_in(options))
        if len(set(options)) == 1:
            wide = rows.select("world", pl.col(outcome).alias(options[0])).collect()
        else:
            wide = rows.select("world", "option", outcome).collect()
            wide = wide.pivot(on="option", index="world", values=outcome)
        worlds = self.sound.select("world")
        return worlds.join(wide, on="world", how="left", maintain_order="left")

    @cached_property
    def sound(self) -> pl.DataFrame:
        """The numbers of the worlds that could be computed, in order."""
        return self.frame("worlds").filter(pl.col("sound")).drop("sound").collect()


@lru_cache(maxsize=8)  # a run and its designs hold one text, which takes a second to read
def _case_of(text: bytes, name: str, figures: str) -> Case:
    return read_text(text.decode("utf-8"), name, json.loads(figures))


@contextmanager
def writing(folder: Path, case: Case, plan: dict[str, Any]) -> Iterator[Run]:
    """A run folder, new or to be continued, and nobody else writing to it.

    When all is done the log is written anew in the order of the blocks, whatever the order in
    which they were finished.

    Raises:
        RunError: as `begin`; or if another process is writing to the folder, or the disk is full.
    """
    _refuse_changed(case)
    _refuse_foreign(folder)
    with disk.full_disk_told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with disk.only_writer(folder):
            run = _opened(folder, case, plan)
            yield run
            _write_log(run, Run(folder).blocks)


def begin(folder: Path, case: Case, plan: dict[str, Any]) -> Run:
    """Open a folder for a run, new or to be continued from the blocks that are whole.

    Raises:
        RunError: if the folder holds another run, or files that are no run, or the case is not
            the one its text says: the folder keeps the text, and is known by it.
    """
    _refuse_changed(case)
    _refuse_foreign(folder)
    return _opened(folder, case, plan)


def _opened(folder: Path, case: Case, plan: dict[str, Any]) -> Run:
    manifest = manifest_of(case, plan)
    _refuse_another(folder, manifest)
    for kind in manifest.get("kinds", KINDS[:2]):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    disk.sweep(folder, *KINDS)
    text = case.text.encode("utf-8")
    if disk.checksum(folder / _CASE) != manifest["case_sha256"]:
        disk.replace(folder / _CASE, text)
    wanted = json.dumps(manifest, indent=1).encode("utf-8")
    if disk.checksum(folder / _MANIFEST) != hashlib.sha256(wanted).hexdigest():
        disk.replace(folder / _MANIFEST, wanted)
    run = Run(folder)
    bad = set(run._damaged)
    whole = {
        block: record
        for block, record in run.blocks.items()
        if not any(_part(folder, kind, block) in bad for kind in record["parts"])
    }
    _write_log(run, whole)
    return Run(folder)


def manifest_of(case: Case, plan: dict[str, Any]) -> dict[str, Any]:
    """What was run: all that its numbers hang on, and how a reader is to understand them."""
    return {
        "foedus": __version__,
        "case_name": case.file,
        "case_sha256": hashlib.sha256(case.text.encode("utf-8")).hexdigest(),
        **({"figures": case.figures} if case.figures else {}),  # the files it uses, whole
        **plan,
        "versions": versions(),
    }


def name_of(case: Case, plan: dict[str, Any]) -> str:
    """A name for the folder of a run: another run has another name."""
    return f"{Path(case.file).stem}-{_identity(manifest_of(case, plan))[:8]}"


def _refuse_changed(case: Case) -> None:
    if not case.text or read_text(case.text, case.file, case.figures) != case:
        raise RunError(
            "this case was made or changed in Python, so a run folder could not say what was run; "
            "write the change to the case file and read it again"
        )


def _refuse_foreign(folder: Path) -> None:
    """A folder that holds anything but a run, or the beginning of one, is left alone."""
    if (folder / _MANIFEST).exists() or not folder.exists():
        return
    begun = {disk.LOCK, _CASE, _LOG, *KINDS}
    for path in folder.iterdir():
        if path.name not in begun and path.suffix != disk.HALF:
            raise RunError(f"{folder} is not empty and is no run folder; choose another with --out")


def _refuse_another(folder: Path, wanted: dict[str, Any]) -> None:
    """Another case, seed, size or version must not be mixed in."""
    logged = _logged_identity(folder)
    if logged == _identity(wanted) or (not logged and not (folder / _MANIFEST).exists()):
        return
    there = Run(folder).manifest
    if _identity(there) != _identity(wanted):
        differs = [
            key
            for key in {**there, **wanted}
            if key != "case_name" and there.get(key) != wanted.get(key)
        ]
        raise RunError(
            f"{folder} holds another run: it differs in {', '.join(differs)}. "
            "Choose another folder with --out, or remove this one."
        )


def write(folder: Path, block: int, frames: dict[str, pl.DataFrame], refused: int) -> Record:
    """Write the parts of one block, and say what the log is to say of it.

    The checksum is of the bytes that were meant to be written, not of what the disk made of them.
    """
    parts: dict[str, str] = {}
    for kind, frame in frames.items():
        held = io.BytesIO()
        frame.write_parquet(held, compression="zstd", statistics=False)
        content = held.getvalue()
        disk.replace(_part(folder, kind, block), content)
        parts[kind] = hashlib.sha256(content).hexdigest()
    return {"block": block, "refused": refused, "parts": parts}


def is_there(folder: Path, record: Record) -> bool:
    """Whether the parts of a block are seen, whatever is in them."""
    return all(_part(folder, kind, record["block"]).exists() for kind in record["parts"])


def enter(run: Run, record: Record) -> None:
    """Enter a finished block in the log: from now on it counts."""
    disk.append(run.folder / _LOG, record)


def add(run: Run, block: int, frames: dict[str, pl.DataFrame], refused: int) -> Run:
    """Write one block and enter it in the log."""
    enter(run, write(run.folder, block, frames, refused))
    return Run(run.folder)


def _write_log(run: Run, blocks: dict[int, Record]) -> None:
    """The log, in the order of the blocks; its first line says of which run."""
    head = {"run": _identity(run.manifest)}
    disk.rewrite(run.folder / _LOG, [head, *(blocks[block] for block in sorted(blocks))])


def _logged_identity(folder: Path) -> str:
    found = disk.records(folder / _LOG)
    return str(found[0].get("run", "")) if found else ""


def _identity(manifest: dict[str, Any]) -> str:
    """A hash of all that makes a run this run; the path of its case file does not."""
    said = {key: value for key, value in manifest.items() if key != "case_name"}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode("utf-8")).hexdigest()


def _part(folder: Path, kind: str, block: int) -> Path:
    return folder / kind / f"part-{block:05d}.parquet"


def open_run(path: str | Path) -> Run:
    """Open a run folder.

    Raises:
        RunError: if it is none, or its manifest is damaged.
    """
    run = Run(Path(path))
    lacking = [key for key in _LAYOUT if key not in run.manifest]
    if lacking:
        by = run.manifest.get("foedus", "an unknown version")
        raise RunError(
            f"{run.folder} was made by another foedus ({by}), and this one cannot read it: its "
            f"{_MANIFEST} says nothing of {', '.join(lacking)}. Run the case again in a new folder"
        )
    return run
