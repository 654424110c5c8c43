"""Slopes that a run folder holds, told of a claim: which assumptions cannot matter, and where."""

import numpy as np
import polars as pl
import pytest

import foedus
from foedus.case.read import read_text
from foedus.case.schema import Case
from foedus.engine import designs
from foedus.engine.run import simulate
from foedus.judge.sensitivity import dgsm
from foedus.judge.slopes import slopes
from foedus.table import Run
from test_explaining import TEXT


def case_of(text: str) -> Case:
    return read_text(text, "tiny.yaml")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("run") / "run"
    run = simulate(case_of(TEXT), 256, seed=5, out=folder)
    simulate(run.case, 64, seed=5, out=folder, design=designs.slopes(run.case, 64, 5))
    return run


def test_the_odds_that_are_drawn_move_with_nothing_but_themselves(run: Run) -> None:
    """Without a base a challenge has the odds drawn: 0.05 to 0.2, so a slope of 0.15."""
    found = slopes(run, "RARE")
    assert found.notes == ()
    first, *others = found.found
    assert first.column == "rates.challenge"
    assert first.slope == pytest.approx(0.15, rel=1e-6)
    assert first.nu == pytest.approx(0.15**2, rel=1e-6)
    variance = float(run.sound["rates.challenge"][:64].to_numpy().var())
    assert first.at_most == pytest.approx(0.15**2 / (np.pi**2 * variance), rel=1e-5)
    assert first.at_most_high == pytest.approx(first.at_most)  # nu is the same in every world
    assert all(each.nu == 0 for each in others)
    assert all(each.at_most == 0 for each in others)
    assert not any(each.jumps for each in found.found)


def test_the_slope_of_a_difference_is_the_difference_of_slopes(run: Run) -> None:
    design = run.design("slopes")
    assert design is not None
    rows = design.frame("outcomes").join(design.frame("worlds"), on="world").collect()
    by_option = [
        rows.filter(option=o, along="troops.cross_step.step").sort("of")["challenge.T"].cast(float)
        for o in ("light", "without")
    ]
    found = {each.column: each for each in slopes(run, "FEWER").found}
    wanted = (by_option[0] - by_option[1]).mean()
    assert found["troops.cross_step.step"].slope == pytest.approx(wanted, rel=1e-9)


def test_more_than_slopes_allow_is_told_as_a_jump(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hidden(gradients: np.ndarray, outcome: np.ndarray, names: list[str]) -> pl.DataFrame:
        return dgsm(gradients * 1e-3, outcome, names)

    monkeypatch.setattr("foedus.judge.slopes.dgsm", hidden)
    found = {each.column: each.jumps for each in slopes(run, "RARE").found}
    assert found == {
        "rates.challenge": True, "troops.cross_step.step": False, "base.troops": False
    }  # fmt: skip


def test_words_have_no_slope_and_a_case_of_words_alone_says_so(
    run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = TEXT.replace("{exactly: defence, unit: obligation", "{choices: [defence, none], unit: "
                        "obligation")  # fmt: skip
    folder = tmp_path_factory.mktemp("words") / "run"
    worded = simulate(case_of(text), 32, out=folder)
    simulate(worded.case, 32, out=folder, design=designs.slopes(worded.case, 16, 0))
    (note,) = slopes(worded, "RARE").notes
    assert note.startswith("treaty.obligation can only take separate values")
    exact = text
    for between in ("[0.05, 0.2]", "[500, 3000]", "[-0.2, 0.2]"):
        exact = exact.replace(f"between: {between}", f"choices: {between}")
    folder = tmp_path_factory.mktemp("exact") / "run"
    stepped = simulate(case_of(exact), 32, out=folder)
    simulate(stepped.case, 32, out=folder, design=designs.slopes(stepped.case, 16, 0))
    assert slopes(stepped, "RARE").notes == (
        "No assumption is a range, so no outcome has a slope.",
    )
    assert foedus.explain(stepped, "RARE").slopes == ()
