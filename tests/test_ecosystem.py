"""Other tools read a run: SALib computes the indices, and experiments are outcomes' rows."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from SALib.analyze import delta

import foedus
from foedus.table import Run

TEXT = (
    (Path(__file__).parent / "engine" / "break-even.yaml")
    .read_text("utf-8")
    .replace("rates.challenge: {exactly: 0.10,", "rates.challenge: {between: [0.05, 0.2],")
    .replace("base.troops: {exactly: 1000,", "base.troops: {between: [500, 3000],")
    .replace("contest: [ratio]", "contest: [ratio, logistic]")
    .replace(
        "assumptions:\n",
        "assumptions:\n"
        "  contest.logistic.per_brigade: {exactly: 1, unit: 1/brigade, source: made}\n",
    )
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("run")
    (folder / "tiny.yaml").write_text(TEXT, "utf-8")
    return foedus.simulate(foedus.read(folder / "tiny.yaml"), 256, out=folder / "run")


def test_salib_finds_what_decides_from_problem_and_inputs(run: Run) -> None:
    problem, x = run.problem(), run.inputs()
    assert problem["names"] == ["theory.contest", "rates.challenge", "base.troops@light"]
    assert x.shape == (256, problem["num_vars"])
    low, high = np.array(problem["bounds"]).T
    assert (x.min(axis=0) == low).all()
    assert (x.max(axis=0) == high).all()
    y = run.kept("challenge.T", ["without"])["without"].to_numpy().astype(float)
    found = delta.analyze(problem, x, y, seed=1, num_resamples=10)
    assert problem["names"][int(np.argmax(found["S1"]))] == "rates.challenge"


def test_experiments_and_outcomes_have_a_row_a_world_and_option(run: Run) -> None:
    experiments, outcomes = run.to_ema()
    assert len(experiments) == 2 * 256
    assert set(outcomes) == set(run.manifest["outcomes"])
    assert list(experiments["policy"][:256].unique()) == ["without"]
    rows = run.frame("outcomes").filter(option="light").sort("world").collect()
    light = experiments["policy"] == "light"
    np.testing.assert_array_equal(outcomes["challenge.T"][light], rows["challenge.T"])
    np.testing.assert_array_equal(experiments["scenario"][light], rows["world"])
    worlds = run.frame("worlds").sort("world").collect()
    np.testing.assert_array_equal(experiments["rates.challenge"][light], worlds["rates.challenge"])
    assert list(experiments["theory.contest"][light]) == worlds["theory.contest"].to_list()
    assert str(experiments["theory.contest"].dtype) == "category"


def test_ema_workbench_finds_the_box_itself(run: Run) -> None:
    prim = pytest.importorskip(
        "ema_workbench.analysis.prim",
        reason="ema_workbench brings a licence that foedus does not take",
    )
    experiments, outcomes = run.to_ema()
    rare = outcomes["challenge.T"] <= 0.1
    box = prim.Prim(experiments.drop(columns=["scenario", "policy", "model"]), rare, threshold=0.8)
    limits = box.find_box().box_lims[-1]
    assert limits["rates.challenge"][1] == pytest.approx(0.1, abs=0.01)
    assert pl.Series(rare).any()
