"""Which option: what is said of a run whose truth is known."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import small_run

import foedus
from foedus.errors import RunError
from foedus.judge.explain import explain
from foedus.judge.lasting import lasting_claim, lasting_options
from foedus.judge.options import choice, levels, robustness, within, xlrm
from foedus.table import Run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    run = small_run.ordinary(tmp_path_factory.mktemp("run") / "run")
    small_run.fresh(run)
    for claim in ("FEWER", "CHEAP"):
        explain(run, claim)
    return run


def wide(run: Run) -> pl.DataFrame:
    frame = pl.read_parquet(run.folder / "outcomes" / "*.parquet")
    return frame.pivot(on="option", index="world", values="disputes")


def test_robustness_is_recounted_from_the_parquet_files(run: Run) -> None:
    found = foedus.robustness(run, "disputes")
    values = wide(run)
    rows = {(r["metric"], r["option"]): r for r in found.to_dicts() if r["threshold"] is None}
    for option in ("status_quo", "light_base"):
        assert rows["maximin", option]["value"] == pytest.approx(values[option].max())
        assert rows["Laplace", option]["value"] == pytest.approx(values[option].mean(), rel=1e-6)
    best = values.select(pl.min_horizontal("status_quo", "light_base")).to_series()
    regret = (values["light_base"] - best).max()
    assert rows["minimax regret", "light_base"]["value"] == pytest.approx(regret, abs=1e-6)
    starr = found.filter(metric="Starr's domain", option="light_base")
    assert levels(run, "disputes") == starr["threshold"].to_list() == [8.0]
    assert starr["value"].item() == (values["light_base"] <= 8).mean()


def test_an_outcome_of_which_neither_more_nor_less_is_better_is_refused(tmp_path: Path) -> None:
    drawn = small_run.worlds(50, 1)
    same = {"status_quo": np.ones(50), "light_base": np.ones(50)}
    neither = {"disputes": {**small_run.OUTCOMES["disputes"], "better": "neither"}}
    outcomes = {**small_run.OUTCOMES, **neither}
    run = small_run.write(tmp_path / "run", drawn, same, outcomes=outcomes)
    with pytest.raises(RunError, match="neither more nor less is better"):
        robustness(run, "disputes")
    with pytest.raises(RunError, match="did you mean 'cost'"):
        robustness(run, "costs")


def test_what_a_claim_stands_on_bears_a_load_and_says_what_to_watch(run: Run) -> None:
    found = choice(run)
    bearing = {each.column: each for each in found.bearing}
    assert set(bearing) == {"theory.pact", "rates.war"}
    pact = bearing["theory.pact"]
    assert pact.claims == ("FEWER",)
    assert pact.decides == pytest.approx(1 / 3, abs=0.03)
    assert pact.broken == (run.sound["theory.pact"] == "spiral").mean()
    assert pact.vulnerable
    assert pact.signposts == ("FEWER fails mostly where the theory of pact is “spiral”",)
    assert found.notes == (
        "Not explained yet, and so not read here: BOTH.",
        "How outcomes stand after each year was not played.",
    )


def test_shares_are_bounded_over_reweightings_and_the_ratio_that_flips_is_told(run: Run) -> None:
    found = {each.claim: each for each in choice(run).reweighted}
    fewer = found["FEWER"]
    share = (wide(run)["light_base"] - wide(run)["status_quo"] < -0.1).mean()
    assert share is not None
    k, low, high = fewer.bounds[1]
    assert k == 2.0
    assert low == pytest.approx(max(share / 2, 1 - 2 * (1 - share)))
    assert high == pytest.approx(min(2 * share, 1 - (1 - share) / 2))
    # To reach 90 % the failing quarter must count as .1: failing worlds share / .1 times less.
    assert fewer.to_flip == pytest.approx((1 - share) / 0.1)
    assert found["CHEAP"].to_flip is None


def test_the_preferred_option_tips_with_the_odds_of_the_region_where_the_claim_breaks(
    run: Run,
) -> None:
    (tip,) = choice(run).tipping
    assert (tip.claim, tip.preferred, tip.rival) == ("FEWER", "light_base", "status_quo")
    values, gain = wide(run), small_run.gain(run.sound)
    inside = small_run.breaks(run.sound)
    lost, won = gain[inside].mean(), -gain[~inside].mean()
    assert tip.break_even == pytest.approx(won / (won + lost), abs=0.01)
    assert tip.rival_wins == "above"
    assert tip.region_share == pytest.approx(inside.mean(), abs=0.005)
    assert values.height == 3_000


def test_limits_as_predicates_are_those_of_the_box() -> None:
    worlds = pl.DataFrame({"x": [1.0, 2.0, 3.0], "t": ["a", "b", "a"]})
    limit = {"column": "x", "in": [], "low": None, "high": 2.0, "high_included": False}
    assert worlds.filter(within(limit))["x"].to_list() == [1.0]
    assert worlds.filter(within({**limit, "high_included": True}))["x"].to_list() == [1.0, 2.0]
    assert worlds.filter(within({**limit, "low": 2.0, "high": None}))["x"].to_list() == [2.0, 3.0]
    assert worlds.filter(within({"column": "t", "in": ["a"]}))["x"].to_list() == [1.0, 3.0]


def test_the_xlrm_table_names_what_is_unknown_decided_modelled_and_measured(run: Run) -> None:
    found = xlrm(run)
    assert found["X"][0] == "3 assumptions with a range, 0 of them on judgement alone"
    assert found["L"] == ("status quo: As today.", "light base: A light base.")
    assert "pact: deters, spiral" in found["R"]
    assert found["M"][0] == "disputes: expected disputes (lower is better)"


def test_a_sell_by_year_is_the_first_from_which_on_it_is_wrong(tmp_path: Path) -> None:
    run = small_run.ordinary(tmp_path / "run", 100)
    calm, late, never = np.zeros(2), np.zeros(2), np.full(2, 9.0)
    after = {
        year: {
            "status_quo": np.concatenate([calm, late + (9 if year >= 2031 else 0), never]),
            # no gain in the first year, a gain after it, lost again for good from 2034 in a third
            "light_base": np.concatenate([calm - (year > 2027), late - 1, never + 1]),
        }
        for year in range(2027, 2037)
    }
    small_run.years(run, after)
    found = lasting_options(run)
    assert found is not None
    today = next(each for each in found if each.of == "status_quo")
    assert today.level == "expected disputes at most 8 disputes"
    assert (today.to_the_end, today.never) == (pytest.approx(1 / 3), pytest.approx(1 / 3))
    assert today.median == 2031  # of those that were right and end, not of those never right
    assert dict(today.curve)[2030] == pytest.approx(2 / 3)
    assert dict(today.curve)[2031] == pytest.approx(1 / 3)
    claim = lasting_claim(run, "FEWER")
    assert claim is not None
    assert claim.to_the_end == pytest.approx(2 / 3)  # the first gain came late, and stays
    assert claim.never == pytest.approx(1 / 3)
    assert lasting_claim(run, "CHEAP") is None  # the years of its outcome were not played


def test_without_a_world_there_is_nothing_to_compare(tmp_path: Path) -> None:
    run = small_run.ordinary(tmp_path / "run", 20, refused=20)
    with pytest.raises(RunError, match="nothing to compare"):
        choice(run)


@pytest.mark.parametrize("count", [1, 10, 30])
def test_few_worlds_give_a_comparison_and_no_traceback(tmp_path: Path, count: int) -> None:
    run = small_run.ordinary(tmp_path / "run", count)
    for claim in ("FEWER", "CHEAP", "BOTH"):
        explain(run, claim)
    assert choice(run).tipping == ()
