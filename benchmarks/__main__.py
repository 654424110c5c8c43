"""Run every benchmark and write docs/benchmarks.md: `python benchmarks`, or with their names.

Each says ratios of identical work whose numbers agree; times alone would say how busy the machine
was. A benchmark whose peer is not installed is named as not run.
"""

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "benchmarks.md"
LIBRARIES = ("foedus", "jax", "numpy", "scipy", "polars", "distributed", "ema_workbench", "numba",
             "SALib", "prim", "highspy", "pygambit")  # fmt: skip
HEAD = """# Benchmarks

Written by `make bench`: every benchmark, in one go, on one machine. What counts are the ratios:
both sides do the same work, and their numbers agree, or the benchmark fails.
"""


def main() -> int:
    """Run what is named, or all; 1 if one of them fails."""
    names = sys.argv[1:] or sorted(p.stem for p in HERE.glob("*.py") if p.stem != "__main__")
    parts, failed = [HEAD, _machine()], False
    for name in names:
        print(f"{name} ...", flush=True)
        done = subprocess.run(
            [sys.executable, HERE / f"{name}.py"], capture_output=True, text=True, check=False
        )
        title = (HERE / f"{name}.py").read_text("utf-8").split('"""')[1].splitlines()[0]
        parts.append(f"\n## {title.rstrip('.')}\n\n`python benchmarks/{name}.py`\n")
        if done.returncode and "ModuleNotFoundError" in done.stderr:
            parts.append(f"Not run here: {done.stderr.strip().splitlines()[-1]}.\n")
        elif done.returncode:
            failed = True
            parts.append(f"Failed:\n\n```\n{done.stderr.strip()[-2000:]}\n```\n")
        else:
            said = done.stdout.strip()
            parts.append(f"{said}\n" if said.startswith("Case ") else f"```\n{said}\n```\n")
    PAGE.write_text("\n".join(parts), "utf-8")
    print(PAGE)
    return failed


def _machine() -> str:
    found = []
    for each in LIBRARIES:
        try:
            found.append(f"{each} {version(each)}")
        except PackageNotFoundError:
            continue
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        named = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = named[0].partition(":")[2].strip() if named else cpu
    day = datetime.now(UTC).date()
    return f"{day}; {cpu}, {os.cpu_count()} cores; Python {platform.python_version()}; " + (
        ", ".join(found) + ".\n"
    )


if __name__ == "__main__":
    sys.exit(main())
