"""What each question of the shipped case costs: as it is, and without some of its questions.

    python benchmarks/questions.py [--worlds 1024] [--each]

`core` has the questions that every case asks, and the options of those alone: no routes, aid,
race, industry, diplomacy, programmes, pressure, quarrels beside the host. Compiling is timed apart,
and nothing compiled before is used. Times are of one process that plays one block.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

os.environ["JAX_ENABLE_COMPILATION_CACHE"] = "false"

from ruamel.yaml import YAML

import foedus
from foedus.engine.many import BLOCK, play
from foedus.engine.reading import bound
from foedus.mechanisms import FACTS, QUESTIONS
from foedus.worlds.points import unit_rows, values

CASE = Path(foedus.__file__).parent / "cases" / "south-caucasus.yaml"
ROUTES = "routes"
BESIDE = "beside"
ON_ROUTES = ("arrival.closure.", "route.", "denial.", "lift.", "people.")
WORLDS = 65_536


def questions() -> list[str]:
    """What a case may leave out: questions that another answer stands for, routes, quarrels."""
    return [*(q for q, each in QUESTIONS.items() if each.otherwise), ROUTES, BESIDE]


def without(some: Iterable[str], folder: Path) -> Path:
    """The shipped case without some of its questions: a file."""
    case = YAML().load(CASE)
    gone = tuple(
        f"{name}." for name in [*some, *(name for name, f in FACTS.items() if f.of in set(some))]
    )
    if ROUTES in some:
        gone += ON_ROUTES
        case["theories"]["arrival"] = ["lognormal"]
        for part in ("routes", "deniers", "reception"):
            case.pop(part, None)
    for question in some:
        case["theories"].pop(question, None)
    if BESIDE in some:
        case.pop(BESIDE, None)
    for part in ("claims", "parts", "screens"):
        case.pop(part, None)
    _drop(case["assumptions"], gone)
    for name, option in list(case["options"].items()):
        if option.get("sets"):
            _drop(option["sets"], gone)
            if not option["sets"]:
                del case["options"][name]
    found = folder / f"without-{'-'.join(some) or 'nothing'}.yaml"
    with found.open("w", encoding="utf-8") as file:
        YAML().dump(case, file)
    return found


def _drop(given: dict[str, Any], gone: tuple[str, ...]) -> None:
    for name in [name for name in given if name.startswith(gone)]:
        del given[name]


def measured(path: Path, worlds: int) -> tuple[int, float, float, float]:
    """Options; compiling, on the clock and in processor time [s]; a world under an option [µs]."""
    case = foedus.read(path)
    model = bound(case)
    numbers = values(case, model, unit_rows(len(model.columns), 0, worlds, 0))
    clock, spent = time.perf_counter(), time.process_time()
    play(case, model, numbers[:, :16])
    clock, spent = time.perf_counter() - clock, time.process_time() - spent
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        play(case, model, numbers)
        best = min(best, time.perf_counter() - began)
    return len(model.options), clock, spent, best / worlds / len(model.options) * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", type=int, default=1_024)
    parser.add_argument("--each", action="store_true", help="leave out each question in turn")
    given = parser.parse_args()
    rows: dict[str, tuple[str, ...]] = {"the shipped case": (), "core": tuple(questions())}
    if given.each:
        rows |= {f"without {name}": (name,) for name in questions()}
    print("| | options | compiled in, s | processor time of that, s | a world under an option, µs |"
          f" {WORLDS:,} worlds on two cores, s |\n|---|---|---|---|---|---|")  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        for name, some in rows.items():
            options, clock, spent, each = measured(
                without(some, Path(folder)), min(given.worlds, BLOCK)
            )
            whole = each * WORLDS * options / 2e6
            print(f"| {name} | {options} | {clock:.1f} | {spent:.1f} | {each:.1f} | {whole:.1f} |",
                  flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
