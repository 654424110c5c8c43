"""Blocks on Dask, where one machine is not enough. Nothing else in foedus knows of Dask.

The workers make the blocks and write their parts to the run folder, which must be on a disk that
they and this process share. The scheduler holds only which blocks are being made, a few for each
worker at a time; this process alone keeps the log. A block is the same wherever it is made, so it
does no harm if two workers make it.
"""

import pickle
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from statistics import median
from uuid import uuid4

from foedus import table
from foedus.engine.run import Job, Progress, carry_out, make_block
from foedus.errors import RunError
from foedus.table import Record, Run
from foedus.versions import versions

try:
    from distributed import Client, Future, KilledWorker, LocalCluster, wait
except ModuleNotFoundError as error:
    if error.name not in ("distributed", "dask"):
        raise
    raise RunError("runs on several workers need Dask: pip install 'foedus[scale]'") from None

RETRIES = 3  # of a block whose making failed, on any worker
QUEUED = 2  # blocks a thread of a worker has ahead of it
ANSWER = 20.0  # seconds within which a scheduler must answer
LATE = 4.0  # times the usual: a block that takes longer is given to another worker as well
ONE_CORE = {"NPROC": "1"}  # threads of the compiler's own, beside that which makes a block
PATIENCE = 30.0  # seconds until a file that another machine wrote is seen here


@contextmanager
def cluster(at: int | str) -> Iterator[Client]:
    """A Dask cluster: so many workers on this machine, or the one that listens at an address.

    Args:
        at: how many worker processes to start here, each for one core; or an address such as
            `tcp://10.0.0.1:8786`, or the path of a scheduler file.

    Raises:
        RunError: if nobody answers at the address.
    """
    if isinstance(at, int):
        with (
            LocalCluster(
                n_workers=at, threads_per_worker=1, dashboard_address=None, env=ONE_CORE
            ) as here,
            Client(here) as client,
        ):
            yield client
        return
    try:
        known = {"scheduler_file": at} if Path(at).is_file() else {"address": at}
        client = Client(**known, timeout=ANSWER)
    except (OSError, TimeoutError, ValueError) as error:
        raise RunError(f"no Dask scheduler answers at {at}: {error}") from None
    with client:
        yield client


def simulate_on(client: Client, job: Job, progress: Progress | None = None) -> Run:
    """The same run as `foedus.simulate` makes, to the last bit, made by the workers of a cluster.

    Args:
        client: as `cluster` gives it, or any client of Dask.
        job: as `foedus.engine.run.planned` gives it.
        progress: called with (worlds done, worlds in all) after each block.

    Raises:
        RunError: if a worker has other versions of foedus or its libraries, does not share the
            disk, or dies of the same block again and again.
    """
    there = replace(job, folder=job.folder.absolute())
    return carry_out(there, lambda job, missing: _Queue(client, job, missing).records(), progress)


def make_block_there(job: bytes, block: int, wanted: dict[str, str]) -> Record:
    """Make one block on a worker, if it would be the same as one made by whoever asks.

    Args:
        job: pickled by whoever asks, so that the scheduler passes it on unread and a worker reads
            it once, not once a block; and so that nothing of it is read by other versions.
        block: the number of the block.
        wanted: the versions of whoever asks.

    Raises:
        RunError: if the versions of this worker are others.
    """
    mine = versions()
    other = [f"{k} {mine.get(k)} instead of {v}" for k, v in wanted.items() if mine.get(k) != v]
    if other:
        raise RunError(
            f"a worker runs other versions, so its numbers could differ: {', '.join(other)}"
        )
    return make_block(_read(job), block)


@lru_cache(maxsize=2)
def _read(job: bytes) -> Job:
    found: Job = pickle.loads(job)
    return found


@dataclass
class _Queue:
    """The blocks of a job on their way through a cluster."""

    client: Client
    job: Job
    missing: list[int]
    packed: bytes = field(init=False)
    started: dict[Future, tuple[int, float]] = field(default_factory=dict)
    took: deque[float] = field(default_factory=lambda: deque(maxlen=100))

    def __post_init__(self) -> None:
        self.packed = pickle.dumps(self.job)

    def records(self) -> Iterator[Record]:
        """Each block once, as it is finished."""
        waiting, done = deque(self.missing), set[int]()
        try:
            while len(done) < len(self.missing):
                room = self._room() if waiting else 0  # asked of the scheduler, once a round
                while waiting and len(self.started) < room:
                    self._submit(waiting.popleft())
                for record in self._finished():
                    if record["block"] not in done:
                        done.add(record["block"])
                        yield record
                self._drop(done)
                if not waiting:
                    self._hurry()
        finally:
            self.client.cancel(list(self.started))

    def _room(self) -> int:
        threads: int = sum(self.client.nthreads().values())
        return max(1, QUEUED * threads)

    def _submit(self, block: int, avoiding: frozenset[str] = frozenset()) -> None:
        others = [w for w in self.client.nthreads() if w not in avoiding] if avoiding else []
        future = self.client.submit(
            make_block_there, self.packed, block, versions(), retries=RETRIES, pure=False,
            key=f"foedus-block-{block}-{uuid4().hex[:8]}",
            **({"workers": others, "allow_other_workers": True} if others else {}),
        )  # fmt: skip
        self.started[future] = (block, time.monotonic())

    def _finished(self) -> Iterator[Record]:
        """What has been finished by now, or within a second."""
        try:
            wait(list(self.started), timeout=1.0, return_when="FIRST_COMPLETED")
        except TimeoutError:
            return
        for future in [each for each in self.started if each.done()]:
            block, began = self.started.pop(future)
            if future.cancelled():  # its worker and its scheduler have lost sight of it
                self._submit(block)
                continue
            try:
                record: Record = future.result()
            except KilledWorker as error:
                raise RunError(
                    f"block {block} has ended several workers in turn, the last {error}; "
                    "give each more memory, or fewer threads"
                ) from None
            self._seen(record)
            self.took.append(time.monotonic() - began)
            yield record

    def _seen(self, record: Record) -> None:
        """Wait until what a worker wrote is seen here."""
        until = time.monotonic() + PATIENCE
        while not table.is_there(self.job.folder, record):
            if time.monotonic() > until:
                raise RunError(
                    f"a worker wrote block {record['block']} where this process cannot see it: "
                    f"{self.job.folder} must be on a disk that all share"
                )
            time.sleep(0.2)

    def _drop(self, done: set[int]) -> None:
        """Nobody waits for the second making of a block."""
        late = [future for future, (block, _) in self.started.items() if block in done]
        if late:
            self.client.cancel(late)
        for future in late:
            del self.started[future]

    def _hurry(self) -> None:
        """Give what takes far longer than usual to another worker as well."""
        if not self.took:
            return
        blocks = [block for block, _ in self.started.values()]
        bound = LATE * median(self.took)
        for future, (block, began) in list(self.started.items()):
            if blocks.count(block) == 1 and time.monotonic() - began > max(bound, 1.0):
                on = self.client.processing()
                self._submit(block, frozenset(w for w, keys in on.items() if future.key in keys))


__all__ = ["cluster", "make_block_there", "simulate_on"]
