"""What two Dask workers make beside one: time, processor time, and where the rest goes.

    python benchmarks/workers.py [--case FILE] [--blocks 64] [--pairs 5]

Two clusters stand side by side, compiled and idle: one of one worker, one of two. They take turns
at the same run, so that a busy machine is as busy for both, and their files must be the same.
Processor time is that of the workers, and of the process that asks, which holds the scheduler.
"""

import argparse
import hashlib
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import foedus
from foedus.engine.many import BLOCK
from foedus.engine.run import planned
from foedus.scale import cluster, simulate_on

CASE = Path(__file__).parents[1] / "tests" / "engine" / "break-even.yaml"


def turn(client: Any, case: Any, blocks: int, out: Path) -> dict[str, Any]:
    """One run: its time, the processor time of each worker and of who asks, and its log's hash."""
    job = planned(case, blocks * BLOCK, 0, out)
    there, here, began = client.run(time.process_time), time.process_time(), time.perf_counter()
    run = simulate_on(client, job)
    took, here = time.perf_counter() - began, time.process_time() - here
    after = client.run(time.process_time)
    log = hashlib.sha256((run.folder / "blocks.log").read_bytes()).hexdigest()
    return {"took": took, "here": here, "workers": [after[w] - there[w] for w in there],
            "log": log}  # fmt: skip


def told(found: dict[int, list[dict[str, Any]]]) -> None:
    """The table, and what follows from it."""
    work = {n: statistics.median(sum(each["workers"]) for each in found[n]) for n in found}
    longest = {n: statistics.median(max(each["workers"]) for each in found[n]) for n in found}
    here = {n: min(each["here"] for each in found[n]) for n in found}
    print("| workers | processor time of workers, s | of the busiest | of who asks |")
    print("|---|---|---|---|")
    for n in found:
        print(f"| {n} | {work[n]:.2f} | {longest[n]:.2f} | {here[n]:.2f} |")
    ratios = sorted(one["took"] / two["took"] for one, two in zip(found[1], found[2], strict=True))
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    two_cores = max(longest[2], (work[2] + here[2]) / 2)
    print(
        f"\nTwo workers, as timed: {statistics.median(ratios):.2f} times the speed of one in the "
        f"median pair, {ratios[-1]:.2f} in the best, {ratios[0]:.2f} in the worst of "
        f"{len(ratios)}, while {load:.1f} programs a core wanted to run.\n"
        f"At most, by processor time: {longest[1] / two_cores:.2f} times on two cores, which they "
        f"share with who asks; {longest[1] / longest[2]:.2f} times where it has a core of its own."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--case", default=str(CASE))
    parser.add_argument("--blocks", type=int, default=64)
    parser.add_argument("--pairs", type=int, default=5)
    given = parser.parse_args()
    case = foedus.read(given.case)
    found: dict[int, list[dict[str, Any]]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory() as folder, cluster(1) as one, cluster(2) as two:
        pair = {1: one, 2: two}
        for workers, client in pair.items():
            turn(client, case, 4 * workers, Path(folder, f"warm-{workers}"))  # compiles
        for k in range(given.pairs):
            for workers, client in pair.items():
                found[workers].append(
                    turn(client, case, given.blocks, Path(folder, f"{workers}-{k}"))
                )
    logs = {each["log"] for runs in found.values() for each in runs}
    assert len(logs) == 1, "the runs differ"
    print(f"Case {Path(case.file).name}, {given.blocks} blocks of {BLOCK:,} worlds.\n")
    told(found)


if __name__ == "__main__":
    main()
