"""How cost and memory grow: worlds from a thousand on, one worker and two.

    python benchmarks/growth.py [--case FILE] [--most 100000]

Each run is a process of its own; its processor time and its highest memory are the system's.
Prints what a world costs, and how memory grows with the worlds that are counted.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

CASE = Path(__file__).parents[1] / "tests" / "engine" / "break-even.yaml"
CHILD = """
import json, resource, sys, time
import foedus
from foedus.engine.run import carry_out, in_threads
from foedus.keep import planned
case, worlds, keep, out, workers = sys.argv[1:]
spent = lambda: sum(getattr(resource.getrusage(who), part) for part in ("ru_utime", "ru_stime")
                    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
if __name__ == "__main__":  # workers import this file: a folder is begun once
    found = foedus.read(case)
    job = planned(found, int(worlds), 0, out, keep)
    if int(workers):
        from foedus.scale import cluster, simulate_on
        with cluster(int(workers)) as client:
            warm = planned(found, 4096 * int(workers), 1, out + "-warm", keep)
            simulate_on(client, warm)  # compiles in every worker
            began = time.perf_counter()
            run = simulate_on(client, job)
            took = time.perf_counter() - began
    else:
        carry_out(planned(found, 2048, 1, out + "-warm", keep), in_threads)
        before, began = spent(), time.perf_counter()
        run = carry_out(job, in_threads)
        took = time.perf_counter() - began
    verdicts = foedus.judge(run)
    size = sum(path.stat().st_size for path in run.folder.rglob("*") if path.is_file())
    cpu = 0.0 if int(workers) else spent() - before
    print(json.dumps({"seconds": took, "cpu": cpu, "bytes": size, "blocks": len(run.blocks),
                      "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))
"""


def measured(case: Path, worlds: int, keep: str, workers: int = 0) -> dict[str, float]:
    """One run in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "child.py"
        script.write_text(CHILD)
        asked = [str(case), str(worlds), keep, f"{folder}/run", str(workers)]
        done = subprocess.run(
            [sys.executable, script, *asked], capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise SystemExit(f"{worlds:,} worlds, {workers} workers: {done.stderr.strip()[-600:]}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--case", type=Path, default=CASE)
    parser.add_argument("--most", type=int, default=100_000)
    given = parser.parse_args()
    print(f"Case {given.case.name}, keep summary.")
    print("| worlds | processor, µs a world | highest memory, MB | on disk, MB | parts |")
    print("|---|---|---|---|---|")
    worlds = 1_000
    while worlds <= given.most:
        found = measured(given.case, worlds, "summary")
        print(
            f"| {worlds:,} | {1e6 * found['cpu'] / worlds:.1f} | {found['memory'] / 1e6:.0f} | "
            f"{found['bytes'] / 1e6:.1f} | {found['blocks']} |",
            flush=True,
        )
        worlds *= 10
    worlds = min(given.most, 65_536)
    one, two = (measured(given.case, worlds, "all", workers) for workers in (1, 2))
    print(
        f"\nTwo Dask workers make {worlds:,} worlds in 1/{one['seconds'] / two['seconds']:.2f} of "
        "the time of one, compiled before the clock starts."
    )


if __name__ == "__main__":
    main()
