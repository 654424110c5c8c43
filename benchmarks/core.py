"""The core of a year against plain Python under the EMA workbench, and one numba kernel.

    python benchmarks/core.py [WORLDS]

Four programs, the same worlds, the same formulas (benchmarks/models): foedus; plain Python;
the same driven by ema_workbench, in sequence and on two processes; a hand-written numba kernel.
All numbers must agree within 1e-9, or it fails. What is compared is processor time for each world
under each option, all processes added up: it says little about how busy the machine was.
"""

import os
import resource
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from models import kernel, plain

from foedus.case.read import read
from foedus.engine.many import BLOCK, play
from foedus.engine.reading import bound
from foedus.worlds.points import unit_rows, values

CASE = Path(__file__).parent / "models" / "case.yaml"
NAMES = ("rates.challenge", "memory.share", "treaty.end", "forces.Rival", "stakes.noise")
ARGUMENTS = ("challenge", "share", "treaty_end", "rival", "noise")
OUTCOMES = ("disputes", "fatal", "war", "grab")


def spent() -> float:
    """Processor seconds of this process and of those it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def cost(act: Callable[[], np.ndarray], worlds: int) -> tuple[np.ndarray, float]:
    """What it finds, and processor microseconds for each world and option."""
    before = spent()
    found = act()
    return found, 1e6 * (spent() - before) / (worlds * len(plain.OPTIONS))


def by_foedus(worlds: int) -> Callable[[], np.ndarray]:
    case = read(CASE)
    model = bound(case)
    blocks = range(0, worlds, BLOCK)

    def block(first: int) -> np.ndarray:
        rows = unit_rows(len(model.columns), first, min(first + BLOCK, worlds), 0)
        found = play(case, model, values(case, model, rows))
        return np.stack([found["disputes"], *(found[name] for name in OUTCOMES[1:])], axis=-1)

    block(0)  # compiles

    def act() -> np.ndarray:
        with ThreadPoolExecutor(2) as pool:
            return np.concatenate(list(pool.map(block, blocks)), axis=1).transpose(1, 0, 2)

    return act


def drawn(worlds: int) -> np.ndarray:
    """The same worlds as numbers: shape (worlds, 5)."""
    case = read(CASE)
    model = bound(case)
    at = [model.at(name) for name in NAMES]
    return values(case, model, unit_rows(len(model.columns), 0, worlds, 0))[0][:, at]


def by_kernel(x: np.ndarray) -> Callable[[], np.ndarray]:
    out = np.empty((len(x), len(plain.OPTIONS), len(OUTCOMES)))
    kernel.kernel(x[:4], out[:4])  # compiles

    def act() -> np.ndarray:
        kernel.kernel(x, out)
        return out

    return act


def by_plain(x: np.ndarray) -> Callable[[], np.ndarray]:
    return lambda: np.array([_row(plain.world(*row)) for row in x.tolist()])


def by_ema(x: np.ndarray, processes: int) -> Callable[[], np.ndarray]:
    from ema_workbench import (
        Model,
        MultiprocessingEvaluator,
        RealParameter,
        ScalarOutcome,
        Scenario,
        SequentialEvaluator,
    )

    model = Model("core", function=plain.world)
    model.uncertainties = [RealParameter(name, -10.0, 10.0) for name in ARGUMENTS]
    names = [f"{outcome}_{option}" for option in plain.OPTIONS for outcome in OUTCOMES]
    model.outcomes = [ScalarOutcome(name) for name in names]
    worlds = [
        Scenario(str(k), **dict(zip(ARGUMENTS, row, strict=True)))
        for k, row in enumerate(x.tolist())
    ]

    def act() -> np.ndarray:
        made = (
            SequentialEvaluator(model)
            if processes == 1
            else MultiprocessingEvaluator(model, n_processes=processes)
        )
        with made as evaluator:
            experiments, found = evaluator.perform_experiments(scenarios=worlds)
        order = np.argsort(experiments["scenario"].astype(int).to_numpy())
        table = np.stack([found[name][order] for name in names], axis=1)
        return table.reshape(len(x), len(plain.OPTIONS), len(OUTCOMES))

    return act


def _row(found: dict[str, float]) -> list[list[float]]:
    return [[found[f"{name}_{option}"] for name in OUTCOMES] for option in plain.OPTIONS]


def main() -> None:
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 65_536
    few = max(worlds // 64, 512)
    x = drawn(worlds)
    truth, ours = cost(by_foedus(worlds), worlds)
    rows = {"foedus": ours}
    programs = {
        "one numba kernel": (by_kernel(x), worlds),
        "plain Python": (by_plain(x[:few]), few),
        "ema_workbench, in sequence": (by_ema(x[:few], 1), few),
        "ema_workbench, two processes": (by_ema(x[:few], 2), few),
    }
    for name, (act, count) in programs.items():
        found, rows[name] = cost(act, count)
        off = float(np.abs(found - truth[:count]).max())
        assert off < 1e-9, f"{name} differs by {off}"
    print(f"{worlds:,} worlds, {few:,} where it is slow; all numbers agree within 1e-9.\n")
    for name, each in rows.items():
        print(f"{name:30s} {each:10.2f} µs a world and option   {each / ours:8.2f} x foedus")
    print(
        "\nfoedus makes its worlds, every outcome and every year anew; the others make these four\n"
        "outcomes, and what does not change from year to year once."
    )


if __name__ == "__main__":
    os.environ.setdefault("NUMBA_NUM_THREADS", "2")
    main()
