"""TABLE: a run on disk. One folder: manifest.json, the case as it was read, and Parquet parts.

    manifest.json                 what was run: case and its hash, seed, versions, blocks done
    case.yaml                     the case file, byte for byte
    worlds/part-00000.parquet     one row a world: the numbers it drew
    outcomes/part-00000.parquet   one row a world and option: what came of it
    verdicts.json                 what the worlds say of each claim, once judged
    explained/<claim>.json        when a claim breaks and what decides it, once explained
    designs/<name>/               worlds that an explanation reads, in a folder of the same layout

A part is written under another name and then renamed, so it is whole or it is not there; the
manifest lists it, with its hash, only after that.
"""

import hashlib
import json
import os
import platform
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from foedus import __version__
from foedus.case.read import read_text
from foedus.case.schema import Case
from foedus.errors import RunError

KINDS = ("worlds", "outcomes")
DESIGNS = "designs"
_LIBRARIES = ("jax", "jaxlib", "numpy", "scipy", "polars")


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
        """What was run, and how far it is."""
        try:
            found: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text("utf-8"))
        except FileNotFoundError:
            raise RunError(f"{self.folder} is no run folder: it has no manifest.json") from None
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise RunError(f"{self.folder}/manifest.json is damaged: {error}") from None
        return found

    @cached_property
    def case(self) -> Case:
        """The case that was run, from the copy in the folder."""
        text = (self.folder / "case.yaml").read_bytes()
        if hashlib.sha256(text).hexdigest() != self.manifest["case_sha256"]:
            raise RunError(f"{self.folder}/case.yaml was changed after the run; run the case again")
        return read_text(text.decode("utf-8"), self.manifest["case_name"])

    @property
    def complete(self) -> bool:
        """Whether every block is there."""
        return len(self.manifest["parts"]) == self.manifest["blocks"]

    @property
    def refused(self) -> int:
        """How many worlds could not be computed and are left out."""
        return sum(int(part["refused"]) for part in self.manifest["parts"].values())

    def frame(self, kind: str) -> pl.LazyFrame:
        """The rows of `worlds` or `outcomes`, lazily, in the order of the worlds."""
        if not self.manifest["parts"]:
            raise RunError(f"{self.folder} holds no finished block yet; run the case again")
        blocks = sorted(map(int, self.manifest["parts"]))
        return pl.scan_parquet([_part(self.folder, kind, block) for block in blocks])

    def design(self, name: str) -> "Run | None":
        """The worlds of a design of this run; None if they were not all played."""
        found = Run(self.folder / DESIGNS / name)
        if not (found.folder / "manifest.json").exists() or not found.complete:
            return None
        return found

    def kept(self, outcome: str, options: list[str]) -> pl.DataFrame:
        """World by world, in the order of `sound`: `outcome` under each of `options`.

        Worlds that could not be computed are left out; `refused` counts them.
        """
        wide = (
            self.frame("outcomes")
            .filter(pl.col("option").is_in(options))
            .select("world", "option", outcome)
            .collect()
            .pivot(on="option", index="world", values=outcome)
        )
        worlds = self.sound.select("world")
        return worlds.join(wide, on="world", how="left", maintain_order="left")

    @cached_property
    def sound(self) -> pl.DataFrame:
        """The numbers of the worlds that could be computed, in order."""
        return self.frame("worlds").filter(pl.col("sound")).drop("sound").collect()


def begin(folder: Path, case: Case, plan: dict[str, Any]) -> Run:
    """Open a folder for a run, new or to be continued.

    Raises:
        RunError: if the folder holds another run, or files that are no run, or the case is not
            the one its text says: the folder keeps the text, and is known by it.
    """
    if not case.text or read_text(case.text, case.file) != case:
        raise RunError(
            "this case was made or changed in Python, so a run folder could not say what was run; "
            "write the change to the case file and read it again"
        )
    text = case.text.encode("utf-8")
    manifest = {
        "foedus": __version__,
        "case_name": case.file,
        "case_sha256": hashlib.sha256(text).hexdigest(),
        **plan,
        "versions": _versions(),
        "parts": {},
    }
    if (folder / "manifest.json").exists():
        return _continued(Run(folder), manifest)
    if folder.exists() and any(folder.iterdir()):
        raise RunError(f"{folder} is not empty and is no run folder; choose another with --out")
    for kind in KINDS:
        (folder / kind).mkdir(parents=True, exist_ok=True)
    replace(folder / "case.yaml", text)
    _write_manifest(folder, manifest)
    return Run(folder)


def _continued(run: Run, wanted: dict[str, Any]) -> Run:
    """The same run, with the parts that are whole; anything else must not be mixed in."""
    there = run.manifest
    same = [key for key in wanted if key not in ("parts", "case_name")]
    differs = [key for key in same if there.get(key) != wanted[key]]
    if differs:
        raise RunError(
            f"{run.folder} holds another run: it differs in {', '.join(differs)}. "
            "Choose another folder with --out, or remove this one."
        )
    whole = {
        block: hashes
        for block, hashes in there["parts"].items()
        if all(_hash(_part(run.folder, kind, int(block))) == hashes[kind] for kind in KINDS)
    }
    _write_manifest(run.folder, {**there, "parts": whole})
    return Run(run.folder)


def add(run: Run, block: int, frames: dict[str, pl.DataFrame], refused: int) -> Run:
    """Write one block: first its parts, then the manifest that says they are there."""
    hashes: dict[str, Any] = {"refused": refused}
    for kind in KINDS:
        path = _part(run.folder, kind, block)
        temporary = path.with_suffix(".tmp")
        frames[kind].write_parquet(temporary, compression="zstd", statistics=False)
        _sync_and_rename(temporary, path)
        hashes[kind] = _hash(path)
    manifest = {**run.manifest, "parts": {**run.manifest["parts"], str(block): hashes}}
    _write_manifest(run.folder, manifest)
    return Run(run.folder)


def _part(folder: Path, kind: str, block: int) -> Path:
    return folder / kind / f"part-{block:05d}.parquet"


def _hash(path: Path) -> str:
    if not path.exists():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    replace(folder / "manifest.json", json.dumps(manifest, indent=1).encode("utf-8"))


def replace(path: Path, content: bytes) -> None:
    """Write a file so that it is either as it was, or whole and new."""
    temporary = path.with_suffix(path.suffix + ".tmp")
    temporary.write_bytes(content)
    _sync_and_rename(temporary, path)


def _sync_and_rename(temporary: Path, path: Path) -> None:
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    temporary.replace(path)


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for library in _LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "none"
    return found


def open_run(path: str | Path) -> Run:
    """Open a run folder.

    Raises:
        RunError: if it is none, or its manifest is damaged.
    """
    run = Run(Path(path))
    run.manifest  # noqa: B018  read now, so that a wrong path is said now
    return run
