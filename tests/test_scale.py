"""Blocks on Dask: the same run, whatever becomes of the workers."""

import hashlib
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("distributed", reason="needs foedus[scale]")

from distributed import Client, LocalCluster

from foedus import disk, scale
from foedus.case.read import read_text
from foedus.engine import run as engine
from foedus.engine.run import Job, carry_out, in_threads, planned
from foedus.errors import RunError
from foedus.table import Record, Run

# Dask warns of itself: of ports in use, of files it has not closed yet.
pytestmark = pytest.mark.filterwarnings("default")

CASE = read_text((Path(__file__).parent / "engine" / "break-even.yaml").read_text(), "made.yaml")
BLOCKS = 9


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BLOCK", 16)


def job(folder: Path) -> Job:
    return planned(CASE, 16 * BLOCKS, 0, folder)


def files(run: Run) -> dict[str, str]:
    return {
        str(path.relative_to(run.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(run.folder.rglob("*"))
        if path.is_file() and path.name != disk.LOCK
    }


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The same run without Dask."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "BLOCK", 16)
        return files(carry_out(job(tmp_path_factory.mktemp("here") / "run"), in_threads))


@pytest.fixture
def threads() -> Iterator[Client]:
    """Two workers in this process, so that a test can get at what they do."""
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def test_two_workers_make_the_same_files_though_one_is_killed(
    tmp_path: Path, here: dict[str, str]
) -> None:
    killed: list[int] = []
    with scale.cluster(2) as client:
        pids = client.run(os.getpid)

        def kill_one(done: int, total: int) -> None:
            if not killed:
                busy = [worker for worker, keys in client.processing().items() if keys]
                killed.append(pids[(busy or list(pids))[0]])
                os.kill(killed[0], signal.SIGKILL)

        run = scale.simulate_on(client, job(tmp_path / "run"), kill_one)
    assert killed
    assert run.complete
    assert files(run) == here


def flaky(monkeypatch: pytest.MonkeyPatch, fail: Any) -> None:
    real = engine.make_block

    def make(job: Job, block: int) -> Record:
        fail(block)
        return real(job, block)

    monkeypatch.setattr(scale, "make_block", make)


def test_a_block_that_fails_is_made_again(
    threads: Client, tmp_path: Path, here: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    failed: list[int] = []

    def fail(block: int) -> None:
        if failed.count(block) < 2:
            failed.append(block)
            raise ConnectionError("the network is down")

    flaky(monkeypatch, fail)
    run = scale.simulate_on(threads, job(tmp_path / "run"))
    assert len(failed) == 2 * BLOCKS
    assert files(run) == here


def test_a_block_that_always_fails_ends_the_run_and_what_is_finished_is_kept(
    threads: Client, tmp_path: Path, here: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(block: int) -> None:
        if block == BLOCKS - 1:
            raise RunError("cannot be made")

    flaky(monkeypatch, fail)
    with pytest.raises(RunError, match="cannot be made"):
        scale.simulate_on(threads, job(tmp_path / "run"))
    there = Run(tmp_path / "run")
    assert 0 < len(there.blocks) < BLOCKS
    monkeypatch.undo()
    monkeypatch.setattr(engine, "BLOCK", 16)
    assert files(carry_out(job(tmp_path / "run"), in_threads)) == here


def test_a_straggler_is_overtaken(
    threads: Client, tmp_path: Path, here: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first making of block 0 goes on until the run is done without it."""
    over, first, waited_out = threading.Event(), threading.Lock(), list[int]()

    def stall(block: int) -> None:
        if block == 0 and first.acquire(blocking=False) and not over.wait(60):
            waited_out.append(block)

    flaky(monkeypatch, stall)
    try:
        run = scale.simulate_on(threads, job(tmp_path / "run"))
        assert first.locked()
        assert not waited_out  # the run did not wait for the first making
        assert files(run) == here
    finally:
        over.set()


def test_a_worker_with_other_versions_is_refused_before_it_reads_the_job() -> None:
    with pytest.raises(RunError, match=r"jax .* instead of 0\.0\.1"):
        scale.make_block_there(b"no job that could be read", 0, {"jax": "0.0.1"})


def test_workers_that_do_not_share_the_disk_are_told_of(
    threads: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scale, "PATIENCE", 0.3)

    def elsewhere(job: Job, block: int) -> Record:
        return {"block": block, "refused": 0, "parts": {"worlds": "", "outcomes": ""}}

    monkeypatch.setattr(scale, "make_block", elsewhere)
    with pytest.raises(RunError, match="must be on a disk that all share"):
        scale.simulate_on(threads, job(tmp_path / "run"))
    assert not Run(tmp_path / "run").blocks


def test_nobody_at_the_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scale, "ANSWER", 0.5)
    with (
        pytest.raises(RunError, match="no Dask scheduler answers"),
        scale.cluster("tcp://127.0.0.1:9"),
    ):
        pass
