"""Designs: worlds beside a run's own are those worlds, and differ only in what they say."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from foedus.case.read import read_text
from foedus.case.schema import Case
from foedus.engine import designs
from foedus.engine.run import simulate
from foedus.errors import RunError
from foedus.mechanisms.presence import CHANNELS
from foedus.table import Run

TEXT = (
    (Path(__file__).parent / "break-even.yaml")
    .read_text("utf-8")
    .replace("rates.challenge: {exactly: 0.10,", "rates.challenge: {between: [0.05, 0.2],")
    .replace("base.troops: {exactly: 1000,", "base.troops: {between: [500, 3000],")
    .replace("troops.cross_step.step: {exactly: 0,", "troops.cross_step.step: {exactly: 0.3,")
    .replace("contest: [ratio]", "contest: [ratio, logistic]")
    .replace(
        "assumptions:\n",
        "assumptions:\n"
        "  contest.logistic.per_brigade: {exactly: 1, unit: 1/brigade, source: made}\n",
    )
    .replace("sources:", "  bare: {says: The same without a tripwire., without: [tripwire], sets: "
             "{base.troops: {between: [500, 3000], unit: persons, source: made}}}\nsources:")
)  # fmt: skip


@pytest.fixture(scope="module")
def case() -> Case:
    return read_text(TEXT, "test.yaml")


@pytest.fixture(scope="module")
def run(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return simulate(case, 64, seed=3, out=tmp_path_factory.mktemp("run") / "run")


def of(run: Run, option: str) -> pl.DataFrame:
    return run.frame("outcomes").filter(option=option).drop("option").collect()


def test_fresh_worlds_are_those_of_another_seed(case: Case, run: Run, tmp_path: Path) -> None:
    found = simulate(case, 32, seed=3, out=run.folder, design=designs.fresh())
    other = simulate(case, 32, seed=3 + designs.FRESH, out=tmp_path / "other")
    assert found.sound.equals(other.sound)
    assert found.frame("outcomes").collect().equals(other.frame("outcomes").collect())
    assert not set(found.sound["rates.challenge"]) & set(run.sound["rates.challenge"])
    assert run.design("fresh") == found
    assert run.design("channels-light") is None


def test_a_whole_variant_is_the_option_and_one_without_a_channel_as_if_written_in_the_case(
    case: Case, run: Run
) -> None:
    found = simulate(case, 64, seed=3, out=run.folder, design=designs.channels(case, "light"))
    assert len(found.manifest["options"]) == 2 ** len(CHANNELS)
    assert of(found, "whole").equals(of(run, "light"))
    assert of(found, "without_tripwire").equals(of(run, "bare"))
    assert not of(found, "without_tripwire").equals(of(found, "whole"))
    nothing = of(found, designs.variant(CHANNELS))
    assert nothing["challenge.T"].to_list() == of(run, "without")["challenge.T"].to_list()
    assert found.sound.equals(run.sound)


def test_near_a_world_one_assumption_moves_and_the_others_stay(case: Case, run: Run) -> None:
    found = simulate(case, 64, seed=3, out=run.folder, design=designs.near(case, "C", [5, 9], 3))
    drawn = [c for c in run.sound.columns if c not in ("world", "scramble")]
    assert set(found.sound["moved"]) == {"", "rates.challenge", "base.troops", "theory.contest"}
    own = {"base.troops": "base.troops@light"}
    for row in found.sound.to_dicts():
        (home,) = run.sound.filter(world=row["of"]).to_dicts()
        moved = {name.partition("@")[0] for name in drawn if row[name] != home[name]}
        assert moved <= {row["moved"]}
    one = found.sound.filter(of=5, moved="base.troops")
    troops = one[own["base.troops"]]
    assert (troops.min(), troops.max()) == (500, pytest.approx(3000))
    assert (one["to"] - one["home"]).abs().min() == pytest.approx(0.01)
    assert set(found.sound.filter(of=9, moved="theory.contest")["theory.contest"]) == {
        "ratio", "logistic",
    }  # fmt: skip


def test_a_case_without_another_option_can_still_be_varied() -> None:
    case = read_text(TEXT.partition("\n  light:")[0] + "\nsources: {made: made}\n", "one.yaml")

    unit = np.full((4, len(designs.bind(case).columns)), 0.5)
    twice = designs.play_options(
        case, {"a": case.options["without"], "b": case.options["without"]}, unit
    )
    assert (twice["challenge.T"][0] == twice["challenge.T"][1]).all()
    assert twice["challenge.T"].shape == (2, 4)


def test_another_design_of_the_same_name_is_refused(case: Case, run: Run) -> None:
    simulate(case, 64, seed=3, out=run.folder, design=designs.near(case, "D", [1], 3))
    with pytest.raises(RunError, match=r"differs in .*design"):
        simulate(case, 64, seed=3, out=run.folder, design=designs.near(case, "D", [2], 3))


def test_an_outcome_after_a_year_is_that_of_a_case_that_ends_then(tmp_path: Path) -> None:
    long = TEXT.replace("years: [2030, 2030]", "years: [2030, 2032]")
    names = ["war", "disputes.T", "cost"]
    case = read_text(long, "long.yaml")
    found = simulate(case, 32, seed=1, out=tmp_path / "run", design=designs.years(names))
    kept = found.frame("outcomes").collect()
    assert found.manifest["outcomes"]["war@2031"]["unit"] == "probability"
    for year in (2031,):
        short = read_text(long.replace("2032]", f"{year}]"), "short.yaml")
        ended = simulate(short, 32, seed=1, out=tmp_path / str(year)).frame("outcomes").collect()
        for name in names:
            np.testing.assert_allclose(kept[f"{name}@{year}"], ended[name], rtol=1e-6)
    for name in names:
        assert kept[f"{name}@2032"].to_list() == kept[name].to_list()
