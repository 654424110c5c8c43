"""How cost and memory grow with the number of worlds that are counted.

    python benchmarks/growth.py [--case FILE] [--most 100000]

Each run is a process of its own; its processor time and its highest memory are the system's.
Memory is that of the whole process, verdicts included; it must stay below LIMIT.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

CASE = Path(__file__).parents[1] / "tests" / "engine" / "break-even.yaml"
LIMIT = 2_000_000_000  # bytes, of a run that keeps a summary
CHILD = """
import json, resource, sys, time
import foedus
from foedus.engine.run import carry_out, in_threads
from foedus.keep import planned
case, worlds, out = sys.argv[1:]
found = foedus.read(case)
carry_out(planned(found, 2048, 1, out + "-warm", "summary"), in_threads)  # compiles
job = planned(found, int(worlds), 0, out, "summary")
before, began = time.process_time(), time.perf_counter()
run = carry_out(job, in_threads)
cpu, took = time.process_time() - before, time.perf_counter() - began
verdicts = foedus.judge(run)
size = sum(path.stat().st_size for path in run.folder.rglob("*") if path.is_file())
print(json.dumps({"seconds": took, "cpu": cpu, "bytes": size, "blocks": len(run.blocks),
                  "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))
"""


def measured(case: Path, worlds: int) -> dict[str, float]:
    """One run in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", CHILD, str(case), str(worlds), f"{folder}/run"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{worlds:,} worlds: {done.stderr.strip()[-600:]}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--case", type=Path, default=CASE)
    parser.add_argument("--most", type=int, default=100_000)
    given = parser.parse_args()
    print(f"Case {given.case.name}, keep summary.\n")
    print("| worlds | processor, µs a world | highest memory, MB | on disk, MB | parts |")
    print("|---|---|---|---|---|")
    worlds = 1_000
    while worlds <= given.most:
        found = measured(given.case, worlds)
        print(
            f"| {worlds:,} | {1e6 * found['cpu'] / worlds:.1f} | {found['memory'] / 1e6:.0f} | "
            f"{found['bytes'] / 1e6:.1f} | {found['blocks']} |",
            flush=True,
        )
        if found["memory"] > LIMIT:
            sys.exit(f"{worlds:,} worlds took more than {LIMIT / 1e9:.0f} GB")
        worlds *= 10


if __name__ == "__main__":
    main()
