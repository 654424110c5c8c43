"""A run that is stopped at any moment ends, once it is run again, with the very same files."""

import hashlib
import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from foedus import disk, table, versions
from foedus.case.read import read_text
from foedus.case.schema import Case
from foedus.errors import RunError
from foedus.table import Run

CASE = read_text((Path(__file__).parent / "engine" / "break-even.yaml").read_text(), "made.yaml")
BLOCKS = 4
PLAN = {"worlds": 16 * BLOCKS, "seed": 0, "block": 16, "blocks": BLOCKS, "outcomes": {}}


def frames(block: int) -> dict[str, pl.DataFrame]:
    """What stands in for the engine: quick, and known by the number of the block alone."""
    dice = np.random.default_rng(block)
    world = np.arange(16 * block, 16 * (block + 1))
    return {
        "worlds": pl.DataFrame({"world": world, "sound": True, "x": dice.random(16)}),
        "outcomes": pl.DataFrame({"world": world, "m": dice.random(16)}),
    }


def go(folder: Path, case: Case = CASE, plan: dict[str, Any] = PLAN) -> None:
    with table.writing(folder, case, plan) as run:
        for block in run.missing:
            table.enter(run, table.write(folder, block, frames(block), 0))


def files(folder: Path) -> dict[str, str]:
    """Every file of a run, by its hash."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != disk.LOCK
    }


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("whole") / "run"
    go(folder)
    return files(folder)


class Stopped(BaseException):
    """The machine has stopped: nothing after this reaches the disk."""


class Machine:
    """A disk that stops at its nth act, and forgets, or keeps, what was not yet forced to it.

    An act is a write, a forcing of a file or of a folder, or a renaming. What a power cut leaves
    of the acts since the last forcing is the disk's choice; the four choices here are all
    kept, nothing kept, names without contents, and contents cut in half.
    """

    LEAVES = ("everything", "nothing", "names alone", "halves")

    def __init__(self, patch: pytest.MonkeyPatch, stop_at: int, leaves: str) -> None:
        self.acts, self.stop_at, self.leaves = 0, stop_at, leaves
        self.unforced: dict[Path, bytes | None] = {}  # file -> what is surely on the disk
        self.renamed: list[tuple[Path, Path, bytes | None]] = []  # old, new, what new held before
        self.replace_, self.fsync_, self.open_ = os.replace, os.fsync, Path.open
        patch.setattr(os, "replace", self.replace)
        patch.setattr(os, "fsync", self.fsync)
        patch.setattr(Path, "open", lambda path, *rest, **named: self.open(path, *rest, **named))

    def act(self) -> None:
        self.acts += 1
        if self.acts >= self.stop_at:
            raise Stopped

    def open(self, path: Path, mode: str = "r", *rest: Any, **named: Any) -> Any:
        if mode in ("wb", "ab"):
            self.unforced.setdefault(path, path.read_bytes() if path.exists() else None)
            self.act()
        return self.open_(path, mode, *rest, **named)

    def fsync(self, handle: int) -> None:
        self.act()
        self.fsync_(handle)
        forced = Path(os.readlink(f"/proc/self/fd/{handle}"))
        self.unforced.pop(forced, None)
        self.renamed = [each for each in self.renamed if each[1].parent != forced]

    def replace(self, old: Path, new: Path) -> None:
        self.act()
        self.renamed.append((old, new, new.read_bytes() if new.exists() else None))
        if old in self.unforced:
            self.unforced[new] = self.unforced.pop(old)
        self.replace_(old, new)

    def cut_power(self) -> None:
        """Leave on the disk what a power cut may leave."""
        if self.leaves == "nothing":
            for old, new, before in reversed(self.renamed):
                if new.exists():
                    self.replace_(new, old)
                _put(new, before)
        for path, sure in self.unforced.items():
            if path.exists() and self.leaves != "everything":
                now = path.read_bytes()
                kept = {"nothing": sure or b"", "names alone": sure or b""}.get(
                    self.leaves, now[: (len(sure or b"") + len(now)) // 2]
                )
                path.write_bytes(kept)


def _put(path: Path, content: bytes | None) -> None:
    if content is not None:
        path.write_bytes(content)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc to see what is forced")
@pytest.mark.parametrize("leaves", Machine.LEAVES)
def test_stopped_at_any_act_of_the_disk_it_ends_with_the_same_files(
    leaves: str, tmp_path: Path, whole: dict[str, str]
) -> None:
    for stop_at in range(1, 1000):
        folder = tmp_path / str(stop_at)
        with pytest.MonkeyPatch.context() as patch:
            machine = Machine(patch, stop_at, leaves)
            try:
                go(folder)
                break
            except Stopped:
                pass
        machine.cut_power()
        go(folder)
        assert files(folder) == whole, stop_at
    assert stop_at > 10 * BLOCKS  # every act was tried: the last run was not stopped


def test_stopped_twice_it_ends_with_the_same_files(tmp_path: Path, whole: dict[str, str]) -> None:
    for stop_at in range(1, 50, 3):
        folder = tmp_path / str(stop_at)
        for again in (stop_at, 1 + stop_at // 2):
            with pytest.MonkeyPatch.context() as patch:
                machine = Machine(patch, again, "halves")
                with suppress(Stopped):
                    go(folder)
            machine.cut_power()
        go(folder)
        assert files(folder) == whole, stop_at


def slowly(folder: Path) -> None:
    with table.writing(folder, CASE, PLAN) as run:
        for block in run.missing:
            time.sleep(0.002)
            table.enter(run, table.write(folder, block, frames(block), 0))


def killed(act: Callable[[Path], None], folder: Path, after: float) -> int:
    """Run `act` in a process of its own and kill it, as no program can prevent."""
    process = multiprocessing.get_context("forkserver").Process(target=act, args=(folder,))
    process.start()
    started = time.monotonic()
    while not folder.exists() and process.is_alive() and time.monotonic() - started < 60:
        time.sleep(0.0005)
    process.join(after)
    if process.is_alive():
        process.kill()  # SIGKILL; nothing, if it has just ended by itself
    process.join()
    return process.exitcode or 0


def test_killed_at_fifty_random_moments_it_ends_with_the_same_files(
    tmp_path: Path, whole: dict[str, str]
) -> None:
    multiprocessing.get_context("forkserver").set_forkserver_preload(["foedus.table"])
    dice = np.random.default_rng(50)
    killed(slowly, tmp_path / "warm", 60)
    begun = time.monotonic()
    go(tmp_path / "timed")
    usual = time.monotonic() - begun + 0.002 * BLOCKS
    ends = []
    for k in range(50):
        folder = tmp_path / str(k)
        ends.append(killed(slowly, folder, dice.uniform(0, usual)))
        go(folder)
        assert files(folder) == whole, k
    assert ends.count(-signal.SIGKILL) > 25  # most were killed before they were done


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    go(tmp_path / "run")
    return tmp_path / "run"


def damaged(finished: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(finished.rglob("*")):
        if path.is_file() and path.name != disk.LOCK:
            yield str(path.relative_to(finished)), path


@pytest.mark.parametrize("harm", ["a bit flipped", "cut short", "removed", "emptied"])
def test_any_damage_to_any_file_is_found_and_mended(
    harm: str, finished: Path, whole: dict[str, str]
) -> None:
    """Of a damaged manifest too: the log says by its hash which run this is."""
    for name, path in damaged(finished):
        content = bytearray(path.read_bytes())
        if harm == "a bit flipped":
            content[len(content) // 2] ^= 1
        path.write_bytes(content[: len(content) // 2] if harm == "cut short" else content)
        if harm == "removed":
            path.unlink()
        if harm == "emptied":
            path.write_bytes(b"")
        if name.endswith(".parquet"):
            with pytest.raises(RunError, match="missing or damaged"):
                Run(finished).frame("worlds")
        go(finished)
        assert files(finished) == whole, name


def test_a_changed_manifest_is_not_read_and_another_run_is_not_mixed_in(finished: Path) -> None:
    path = finished / "manifest.json"
    path.write_text(path.read_text().replace('"seed": 0', '"seed": 1'))
    with pytest.raises(RunError, match="was changed"):
        Run(finished).manifest  # noqa: B018
    with pytest.raises(RunError):
        go(finished, plan={**PLAN, "seed": 1})


def test_another_case_seed_or_version_is_refused_by_name(
    finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(finished)
    other = read_text(CASE.text.replace("title: The", "title: A"), "made.yaml")
    with pytest.raises(RunError, match="case_sha256"):
        go(finished, case=other)
    with pytest.raises(RunError, match="seed"):
        go(finished, plan={**PLAN, "seed": 1})
    monkeypatch.setattr(table, "versions", lambda: {"jax": "another"})
    with pytest.raises(RunError, match="versions"):
        go(finished)
    assert files(finished) == before


def test_a_folder_is_not_continued_once_a_contributing_package_is_another(
    finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(finished)
    go(finished)
    theirs = {"package theirs": "1.0 0123456789abcdef"}
    monkeypatch.setattr(versions, "contributors", lambda: theirs)
    versions.versions.cache_clear()
    try:
        with pytest.raises(RunError, match="versions"):
            go(finished)
    finally:
        versions.versions.cache_clear()
    assert files(finished) == before


def holding(folder: Path, told: Any) -> None:
    with table.writing(folder, CASE, PLAN):
        told.set()
        time.sleep(60)


def test_a_second_writer_is_refused_and_a_killed_one_leaves_no_lock(
    tmp_path: Path, whole: dict[str, str]
) -> None:
    folder = tmp_path / "run"
    spawn = multiprocessing.get_context("forkserver")
    told = spawn.Event()
    first = spawn.Process(target=holding, args=(folder, told))
    first.start()
    try:
        assert told.wait(60)
        with pytest.raises(RunError, match="another process is writing"):
            go(folder)
    finally:
        first.kill()
        first.join()
    go(folder)
    assert files(folder) == whole


@pytest.fixture
def small_disk() -> Iterator[Callable[[int], None]]:
    """Files may grow to so many bytes: the nearest to a full disk that needs no root."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, old)


def test_a_full_disk_is_told_and_what_is_finished_is_kept(
    tmp_path: Path, whole: dict[str, str], small_disk: Callable[[int], None]
) -> None:
    folder = tmp_path / "run"
    for size in (100, 300, 600, 800):
        small_disk(size)
        with pytest.raises(RunError, match="no room left"):
            go(folder)
    small_disk(10**9)
    go(folder)
    assert files(folder) == whole


@pytest.mark.parametrize("where", [0, 1, 7, 20])
def test_no_room_in_the_middle_of_a_run(
    where: int, tmp_path: Path, whole: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """ENOSPC from the forcing of a file, where some file systems first say so."""
    left, real = [where], os.fsync

    def fsync(handle: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(RunError, match="no room left"):
        go(tmp_path / "run")
    monkeypatch.setattr(os, "fsync", real)
    go(tmp_path / "run")
    assert files(tmp_path / "run") == whole


def test_two_processes_may_write_the_same_file_at_once(tmp_path: Path) -> None:
    """As a worker thought lost and the one that took its block over may."""
    from concurrent.futures import ThreadPoolExecutor

    path = tmp_path / "part"
    contents = [bytes([k]) * 100_000 for k in range(16)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda content: disk.replace(path, content), contents))
    assert path.read_bytes() in contents
    assert [each.name for each in tmp_path.iterdir()] == ["part"]


def test_a_log_forgets_torn_and_damaged_lines_alone(tmp_path: Path) -> None:
    path = tmp_path / "log"
    for k in range(3):
        disk.append(path, {"k": k})
    content = path.read_bytes()
    for cut in range(len(content)):
        path.write_bytes(content[:cut])
        whole = [{"k": k} for k in range(3)][: content[: cut + 1].count(b"\n")]
        assert disk.records(path) == whole
    for at in range(len(content)):
        hurt = bytearray(content)
        hurt[at] ^= 4
        path.write_bytes(hurt)
        assert len(disk.records(path)) >= 1
        assert all(each in [{"k": k} for k in range(3)] for each in disk.records(path))
