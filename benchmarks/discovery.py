"""Scenario discovery against ema_workbench and prim: processor time, memory, and what is found.

    python benchmarks/discovery.py [--peers PYTHON]

Each tool runs in a process of its own on the same worlds: n x d uniform columns, a box in three
of them (.2 < x0 < .6, x1 >= .5, x2 <= .7) with 90 % cases inside and 5 % outside. ``--peers`` is a
Python that has ema_workbench and prim (both under licences or chains of licences that foedus does
not take as a dependency); without it the peers that this Python lacks are named and left out.
"""

import argparse
import json
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np

TRUE = "x0 in (.2, .6), x1 >= .5, x2 <= .7: density .90, coverage .75"


def worlds(n, d, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.random((n, d))
    box = (x[:, 0] > 0.2) & (x[:, 0] < 0.6) & (x[:, 1] >= 0.5) & (x[:, 2] <= 0.7)
    return x, rng.random(n) < np.where(box, 0.9, 0.05)


def frame(x):
    import polars as pl

    return pl.DataFrame({f"x{j}": x[:, j] for j in range(x.shape[1])})


def foedus(n, d):
    from foedus.judge.discovery import discover

    x, y = worlds(n, d)
    fresh_x, fresh_y = worlds(n, d, 1)
    table, fresh = frame(x), (frame(fresh_x), fresh_y)
    del x, fresh_x

    def run():
        found = discover(table, y, fresh=fresh)
        box = found.boxes[0]
        return {
            "box": box.conditions(),
            "columns": len(box.columns),
            "density": box.density,
            "coverage": box.coverage,
            "end_of_peeling": int(found.trajectory["restricted"].max()),
        }

    return run


def ema_workbench(n, d):
    import pandas as pd
    from ema_workbench.analysis import prim

    x, y = worlds(n, d)
    table = pd.DataFrame(x, columns=[f"x{j}" for j in range(d)])

    def run():
        box = prim.Prim(table, y, threshold=0.8, peel_alpha=0.05).find_box()
        return _peer(box.peeling_trajectory, y)

    return run


def prim(n, d):
    import pandas as pd
    import prim as package

    x, y = worlds(n, d)
    table = pd.DataFrame(x, columns=[f"x{j}" for j in range(d)])

    def run():
        box = package.Prim(table, y, threshold=0.8, threshold_type=">").find_box()
        return _peer(box.peeling_trajectory, y)

    return run


def _peer(steps, y):
    """The box a reader would take, density >= .8 with most coverage, and where the tool stops."""
    names = {name.replace(" ", "_"): name for name in steps.columns}
    dims = names.get("res_dim", names.get("restricted_dims"))
    good = steps[steps["density"] >= 0.8]
    row = good.loc[good["coverage"].idxmax()] if len(good) else steps.iloc[-1]
    last = steps.iloc[-1]
    return {
        "columns": int(row[dims]),
        "density": float(row["density"]),
        "coverage": float(row["coverage"]),
        "end_of_peeling": int(last[dims]),
    }


TOOLS = {"foedus": foedus, "ema_workbench": ema_workbench, "prim": prim}


def memory(field):
    """A field of this process's status in MB; VmHWM is the peak since clear_refs."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(field))


def measure(tool, n, d):
    """Prepare, then run once: processor and wall seconds, MB before, and peak MB above that."""
    warnings.simplefilter("ignore")
    run = TOOLS[tool](n, d)
    before = memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")
    start, cpu = time.perf_counter(), time.process_time()
    found = run()
    found |= {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - start}
    return found | {"before_mb": before, "above_mb": memory("VmHWM") - before}


def in_its_own_process(python, tool, n, d):
    done = subprocess.run(
        [python, __file__, "--measure", tool, str(n), str(d)], capture_output=True, text=True
    )
    if done.returncode:
        return done.stderr.strip().splitlines()[-1]
    return json.loads(done.stdout.splitlines()[-1])


def refuse_another(tool, theirs, ours):
    """A ratio is of the same work: both must find the same box, ours checked and as dense."""
    same = ours["columns"] == theirs["columns"] == 3
    if not same or abs(ours["coverage"] - theirs["coverage"]) > 0.02:
        sys.exit(f"foedus and {tool} do not agree: {ours}, {theirs}")


def show(tool, n, d, found):
    if isinstance(found, str):
        print(f"{tool:14} {n:>9,} x {d}: not measured: {found}")
        return
    print(
        f"{tool:14} {n:>9,} x {d}: {found['cpu_s']:7.2f} s cpu, {found['wall_s']:7.2f} s wall, "
        f"{found['above_mb']:6.0f} MB above {found['before_mb']:.0f}; {found['columns']} columns, "
        f"density {found['density']:.3f}, coverage {found['coverage']:.3f}; "
        f"peeling ends at {found['end_of_peeling']} columns"
    )
    if "box" in found:
        print(f"{'':14} {found['box']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", default=sys.executable, help="a Python that has the peers")
    parser.add_argument("--measure", nargs=3, metavar=("TOOL", "N", "D"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        tool, n, d = options.measure
        print(json.dumps(measure(tool, int(n), int(d))))
        return
    print(f"true box: {TRUE}")
    ours = in_its_own_process(sys.executable, "foedus", 100_000, 20)
    show("foedus", 100_000, 20, ours)
    for tool in ("ema_workbench", "prim"):
        theirs = in_its_own_process(options.peers, tool, 100_000, 20)
        show(tool, 100_000, 20, theirs)
        if isinstance(theirs, dict) and isinstance(ours, dict):
            refuse_another(tool, theirs, ours)
            print(
                f"{'':14} {theirs['cpu_s'] / ours['cpu_s']:.1f} times the processor time, "
                f"{theirs['above_mb'] / ours['above_mb']:.1f} times the memory of foedus, which "
                "also checks on fresh worlds, resamples and tests"
            )
    show("foedus", 1_000_000, 30, in_its_own_process(sys.executable, "foedus", 1_000_000, 30))


if __name__ == "__main__":
    main()
