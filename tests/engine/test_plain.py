"""The core of a year, written once more in plain Python from the formulas: the same numbers."""

import sys
from pathlib import Path

import numpy as np

from foedus.case.read import read
from foedus.engine.many import play
from foedus.engine.reading import bound
from foedus.worlds.points import unit_rows, values

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
NAMES = ("rates.challenge", "memory.share", "treaty.end", "forces.Rival", "stakes.noise")


def test_the_core_in_plain_python_gives_the_same_numbers(monkeypatch) -> None:
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    from models import plain

    case = read(BENCHMARKS / "models" / "case.yaml")
    model = bound(case)
    numbers = values(case, model, unit_rows(len(model.columns), 0, 48, 0))
    found = play(case, model, numbers)
    assert found["sound"].all()
    for k, row in enumerate(numbers[0][:, [model.at(name) for name in NAMES]].tolist()):
        here = plain.world(*row)
        for o, option in enumerate(model.options):
            for outcome in ("disputes", "fatal", "war", "grab"):
                np.testing.assert_allclose(
                    found[outcome][o, k], here[f"{outcome}_{option}"], rtol=1e-12, atol=1e-14
                )
