"""Slopes of outcomes are those that finite differences of the played outcomes give."""

from pathlib import Path

import numpy as np
import pytest

from foedus.case.read import read_text
from foedus.case.schema import Assumption, Case
from foedus.engine import designs
from foedus.engine.many import play
from foedus.engine.run import simulate
from foedus.worlds.model import bind
from foedus.worlds.points import number, steepness, unit_rows, values

TEXT = (
    (Path(__file__).parent / "break-even.yaml")
    .read_text("utf-8")
    .replace("years: [2030, 2030]", "years: [2030, 2033]")
    .replace("rates.challenge: {exactly: 0.10,", "rates.challenge: {between: [0.05, 0.2],")
    .replace("timing.travel: {exactly: 0.1,", "timing.travel: {low: 1, central: 5, high: 90, "
             "scale: log,")
    .replace("timing.decided: {exactly: 1000,", "timing.decided: {low: 5, central: 9, high: 30, "
             "scale: linear,")
    .replace("forces.Helper: {exactly: 2,", "forces.Helper: {choices: [1, 2],")
    .replace("base.troops: {exactly: 1000,", "base.troops: {between: [500, 3000],")
    .replace("memory.share: {exactly: 0,", "memory.share: {between: [0, 0.8],")
)  # fmt: skip
STEP = 1e-5


@pytest.fixture(scope="module")
def case() -> Case:
    return read_text(TEXT, "slopes.yaml")


def test_slopes_are_those_of_finite_differences(case: Case, tmp_path: Path) -> None:
    """Of worlds none of which stands within a step of where help falls late: there it jumps."""
    design = designs.slopes(case, 16, seed=3)
    model = bind(case)
    names = design.says["columns"]
    assert set(names) == {
        "rates.challenge", "timing.travel", "timing.decided", "base.troops", "memory.share",
    }  # fmt: skip
    assert design.says["discrete"] == ["forces.Helper"]
    rows = simulate(case, 16 * (len(names) + 1), seed=3, out=tmp_path, design=design)
    found = rows.frame("outcomes").join(rows.frame("worlds"), on="world").collect()
    unit = unit_rows(len(model.columns), 0, 16, 3)
    outcomes = list(rows.manifest["outcomes"])
    for name in names:
        step = np.where([c.name == name for c in model.columns], STEP, 0.0)
        up, down = (play(case, model, values(case, model, unit + s)) for s in (step, -step))
        for o, option in enumerate(model.options):
            mine = found.filter(option=option, along=name).sort("of")
            for outcome in outcomes:
                wanted = (up[outcome][o] - down[outcome][o]) / (2 * STEP)
                size = max(1e-3, float(np.abs(wanted).max()))
                np.testing.assert_allclose(mine[outcome], wanted, atol=1e-5 * size, rtol=1e-4,
                                           err_msg=f"{outcome} by {name}")  # fmt: skip
    moves = found.filter(option="light", along="timing.travel")
    assert (moves["in_time"] < -1e-3).any()
    plain = play(case, model, values(case, model, unit))["war"][1]
    np.testing.assert_allclose(found.filter(option="light", along="").sort("of")["war"], plain,
                               rtol=1e-6)  # fmt: skip


@pytest.mark.parametrize(
    "given",
    [
        {"between": (2.0, 8.0)},
        {"between": (2.0, 8.0), "scale": "log"},
        {"low": 1.0, "central": 5.0, "high": 90.0, "scale": "log"},
        {"low": 1.0, "central": 2.0, "high": 9.0, "scale": "linear"},
        {"exactly": 3.0},
    ],
)
def test_a_range_is_as_steep_as_its_values_say(case: Case, given: dict[str, object]) -> None:
    it = Assumption.model_validate({**given, "unit": "days", "source": ("made",)})
    column, u = bind(case).columns[-1], np.array([0.1, 0.4, 0.6, 0.95])
    rise = (number(column, it, u + 1e-6) - number(column, it, u - 1e-6)) / 2e-6
    np.testing.assert_allclose(steepness(it, u), rise, rtol=1e-7)
