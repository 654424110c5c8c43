"""What an explanation says of a run whose truth is known, and what it says of poor data."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import small_run

import foedus
from foedus.errors import RunError
from foedus.judge.channels import channels, shapley
from foedus.judge.claims import standing
from foedus.judge.conditions import conditions
from foedus.judge.deciding import deciding
from foedus.judge.examples import acts, chosen
from foedus.judge.explain import Explanation
from foedus.judge.explain import explain_tested as explain
from foedus.judge.shares import beliefs
from foedus.table import Run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    run = small_run.ordinary(tmp_path_factory.mktemp("run") / "run")
    small_run.fresh(run)
    small_run.channels(run)
    return run


@pytest.fixture(scope="module")
def found(run: Run) -> Explanation:
    return explain(run, "FEWER")


def test_the_box_that_was_built_in_is_said_in_the_case_s_own_words_and_units(
    found: Explanation,
) -> None:
    (box,) = found.boxes
    theory, odds = box.limits
    assert (theory.column, theory.within) == ("theory.pact", ("spiral",))
    assert odds.column == "rates.war"
    assert odds.low == pytest.approx(0.05, abs=5e-4)
    assert odds.low_interval is not None
    assert odds.low_interval[0] <= 0.05 <= odds.low_interval[1]
    assert found.case == "fails"
    assert "worlds in which the theory of pact is “spiral”" in box.words
    assert "the odds that a dispute becomes a war are at least 5" in box.words
    assert "% of all worlds and contain" in box.words


def test_every_number_of_the_box_is_recounted_from_the_parquet_files_of_the_fresh_worlds(
    run: Run, found: Explanation
) -> None:
    (box,) = found.boxes
    folder = run.folder / "designs" / "fresh"
    worlds = pl.read_parquet(folder / "worlds" / "*.parquet")
    wide = pl.read_parquet(folder / "outcomes" / "*.parquet").pivot(
        on="option", index="world", values="disputes"
    )
    fails = ~(wide["light_base"].cast(float) - wide["status_quo"].cast(float) < -0.1)
    inside = (worlds["theory.pact"] == "spiral") & (worlds["rates.war"] >= box.limits[1].low)
    assert box.mass == inside.mean()
    assert box.density == (fails & inside).sum() / inside.sum()
    assert box.coverage == (fails & inside).sum() / fails.sum()
    assert box.checked_on == "fresh worlds"
    assert box.worlds == 3_000


def test_only_what_decides_the_claim_is_said_to_decide_it(found: Explanation) -> None:
    assert found.decides_about == "whether it holds"
    assert {each.column for each in found.decides} == {"theory.pact", "rates.war"}
    first = found.decides[0]
    # P(fails) is 1/4; known the theory, it is 0 or 1/2: a third of the variance goes.
    assert first.index == pytest.approx(1 / 3, abs=0.03)
    assert first.low < 1 / 3 < first.high
    assert first.floor < 0.05


def test_what_a_world_is_that_nearly_breaks_is_the_one_with_the_least_slack(
    run: Run, found: Explanation
) -> None:
    stands = standing(run, run.case.claims["FEWER"])
    edge = next(each for each in found.examples if each.kind == "nearest to the edge")
    assert abs(stands.slack[edge.world]) == np.abs(stands.slack).min()
    hold = next(each for each in found.examples if each.kind == "typical hold")
    assert hold.holds
    # Slack of a world that holds is .05 times the days of warning, 0 to 10: the middle is 5 days.
    days = run.sound["timing.warning"][hold.world]
    assert days == pytest.approx(5, abs=0.5)
    assert set(hold.values) == {"theory.pact", "rates.war"}
    assert hold.note == "What would flip it was not played: “foedus explain RUN FEWER” does."


def test_numbers_of_a_theory_act_where_it_is_believed() -> None:
    believed = pl.Series("theory.troops", ["within", "none"], pl.Enum(["within", "none"]))
    worlds = pl.DataFrame([believed]).with_columns(pl.lit(1.0).alias("troops.within.effect"))
    columns = ("troops.within.effect", "troops.within.effect@light", "theory.troops", "rates.war")
    assert [acts(beliefs(worlds), 0, each) for each in columns] == [True, True, True, True]
    assert [acts(beliefs(worlds), 1, each) for each in columns] == [False, False, True, True]


def test_the_parts_of_a_base_are_those_that_were_built_in(run: Run) -> None:
    rows, missing = channels(run, "FEWER")
    assert missing == ""
    parts = {row.channel: row for row in rows}
    assert list(parts) == [*small_run.CHANNELS, "besides"]
    assert parts["provocation"].effect == pytest.approx(3.0, abs=1e-5)
    # What two do together is shared equally between them.
    assert parts["denial"].effect == pytest.approx(-1.0 + 0.25, abs=1e-5)
    assert parts["tripwire"].effect == pytest.approx(-0.5 + 0.25, abs=1e-5)
    whole = np.mean(small_run.gain(run.sound.head(200)))
    assert sum(row.effect for row in rows) == pytest.approx(whole, abs=1e-5)
    # Without provocation disputes are lower by 3 in every world: the claim holds in all.
    assert parts["provocation"].holds_without == 1.0
    assert parts["provocation"].holds_with == np.mean(small_run.gain(run.sound.head(200)) < -0.1)
    assert parts["besides"].holds_without is None


def test_shapley_values_add_up_and_do_not_care_for_names() -> None:
    rng = np.random.default_rng(0)
    every = [frozenset(s) for s in ([], ["a"], ["b"], ["a", "b"])]
    outcomes = {on: rng.normal(size=5) for on in every}
    found = shapley(outcomes)
    np.testing.assert_allclose(
        found["a"],
        ((outcomes[every[1]] - outcomes[every[0]]) + (outcomes[every[3]] - outcomes[every[2]])) / 2,
    )
    np.testing.assert_allclose(found["a"] + found["b"], outcomes[every[3]] - outcomes[every[0]])


def test_an_explanation_is_kept_read_back_and_made_again_when_more_was_played(
    tmp_path: Path,
) -> None:
    run = small_run.ordinary(tmp_path / "run", 600)
    first = explain(run, "FEWER")
    assert "No fresh worlds were at hand" in first.note
    kept = run.folder / "explained" / "FEWER.json"
    said = json.loads(kept.read_text("utf-8"))
    assert said["boxes"][0]["limits"][0]["in"] == ["spiral"]
    assert explain(run, "FEWER") == first
    changed = kept.read_text("utf-8").replace(first.says, "read from the file")
    kept.write_text(changed, "utf-8")
    assert explain(run, "FEWER").says == "read from the file"
    small_run.fresh(run)
    again = explain(run, "FEWER")
    assert again.says == first.says
    assert again.boxes[0].checked_on == "fresh worlds"


@pytest.mark.parametrize(
    ("claim", "said"), [("SINCE", "has no tests"), ("FEWR", "did you mean 'FEWER'?")]
)
def test_a_claim_that_no_world_tests_is_refused_in_a_sentence(
    run: Run, claim: str, said: str
) -> None:
    for verb in (foedus.explain, foedus.discover):
        with pytest.raises(RunError, match=said):
            verb(run, claim)


def test_a_claim_that_always_holds_has_no_box_but_what_moves_its_margin(run: Run) -> None:
    found = explain(run, "CHEAP")
    assert found.share is not None
    assert found.share.share == 1.0
    assert found.boxes == ()
    assert found.no_box == "It fails in none of the 3,000 worlds, so there is nothing to explain."
    assert found.decides_about == "by how much"
    assert found.decides == ()  # the cost is the same everywhere
    assert [each.kind for each in found.examples] == ["typical hold", "nearest to the edge"]


def test_a_claim_that_mostly_fails_is_explained_by_when_it_holds(tmp_path: Path) -> None:
    text = small_run.CASE.replace("is: lower, than: status_quo, by: 0.1", "is: higher, than: "
                                  "status_quo, by: 0.1")  # fmt: skip
    drawn = small_run.worlds(1_000, 1)
    base = 2.0 + drawn["timing.travel"].to_numpy()
    disputes = {"status_quo": base, "light_base": base + small_run.gain(drawn)}
    run = small_run.write(tmp_path / "run", drawn, disputes, text=text)
    found = explain(run, "FEWER")
    assert found.case == "holds"
    assert found.boxes[0].words.startswith("It holds in ")


def test_of_a_claim_that_is_tested_and_weighed_the_reader_is_told_what_is_about_which(
    run: Run, tmp_path: Path
) -> None:
    weigh = """
    weigh:
      says: A light base is worth it.
      because: Both are what is spoken of.
      option: light_base
      better_than: [status_quo]
      outcomes: {disputes: {better: lower, swing: 1}, cost: {better: lower, swing: 1}}
  CHEAP:"""
    text = small_run.CASE.replace("\n  CHEAP:", weigh, 1).replace("kind: cause", "kind: value", 1)
    drawn = small_run.worlds(600, 1)
    base = 2.0 + drawn["timing.travel"].to_numpy()
    disputes = {"status_quo": base, "light_base": base + small_run.gain(drawn)}
    both = small_run.write(tmp_path / "run", drawn, disputes, text=text)
    found = foedus.explain(both, "FEWER")
    assert isinstance(found, Explanation)
    assert "about its tests alone" in found.note
    assert "about its tests alone" not in explain(run, "FEWER").note


@pytest.mark.parametrize("count", [1, 2, 10, 16, 40])
def test_few_worlds_give_sentences(tmp_path: Path, count: int) -> None:
    run = small_run.ordinary(tmp_path / "run", count)
    for claim in ("FEWER", "CHEAP", "BOTH"):
        found = explain(run, claim)
        assert found.boxes == ()
        assert found.no_box.endswith(".")
        assert found.examples
    assert foedus.discover(run, "FEWER") == []


def test_without_a_world_there_is_nothing_to_explain(tmp_path: Path) -> None:
    run = small_run.ordinary(tmp_path / "run", 20, refused=20)
    with pytest.raises(RunError, match="nothing to explain"):
        explain(run, "FEWER")


def test_a_missing_outcome_is_not_right_and_does_no_harm(tmp_path: Path) -> None:
    drawn = small_run.worlds(600, 1)
    base = 2.0 + drawn["timing.travel"].to_numpy()
    changed = base + small_run.gain(drawn)
    changed[::7] = np.nan
    run = small_run.write(tmp_path / "run", drawn, {"status_quo": base, "light_base": changed})
    stands = standing(run, run.case.claims["FEWER"])
    assert not stands.holds[::7].any()
    assert explain(run, "FEWER").examples[-1].world % 7


def test_columns_that_never_vary_and_refused_worlds_are_left_out_in_silence(
    tmp_path: Path,
) -> None:
    run = small_run.ordinary(tmp_path / "run", 800, refused=30)
    when = conditions(run, "FEWER")
    assert not any("never varies" in note for note in when.notes)
    stands = standing(run, run.case.claims["FEWER"])
    assert stands.holds.shape == (770,)
    assert all(
        int(run.sound["world"][at]) >= 30 for at in chosen(stands, run.sound["world"]).values()
    )
    assert deciding(run, "FEWER", stands).about == "whether it holds"


def test_with_two_tests_the_tightest_one_tells_how_firmly_a_claim_holds(run: Run) -> None:
    stands = standing(run, run.case.claims["BOTH"])
    change = small_run.gain(run.sound)
    level = 2.0 + run.sound["timing.travel"].to_numpy() + change
    np.testing.assert_array_equal(stands.holds, (change <= 0) & (level <= 8))
    scaled = np.stack([-change / np.median(np.abs(change)),
                       (8 - level) / np.median(np.abs(8 - level))])  # fmt: skip
    np.testing.assert_allclose(stands.slack, scaled.min(axis=0), rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(stands.holds, stands.slack >= 0)


def test_sensitivity_of_an_outcome_is_told_for_every_option(run: Run) -> None:
    found = foedus.sensitivity(run, "disputes")
    assert set(found["option"]) == {"status_quo", "light_base"}
    today = found.filter(option="status_quo")
    (most,) = today.filter("matters")["assumption"].to_list()
    assert most == "timing.travel"
    assert "base.troops@light_base" in found.filter(option="light_base")["assumption"]
    with pytest.raises(RunError, match="did you mean 'disputes'"):
        foedus.sensitivity(run, "dispute")


def test_worlds_that_a_screen_sets_aside_are_not_explained(tmp_path: Path) -> None:
    """With the worlds that believe `deters` set aside, odds of war alone decide."""
    screen = (
        "screens:\n  usual:\n    says: Two to seven disputes.\n    source: [book]\n"
        "    level: {outcome: disputes, option: status_quo, between: [2, 7]}\nclaims:"
    )
    text = small_run.CASE.replace("claims:", screen, 1)
    drawn = small_run.worlds(2_000, 1)
    base = 2.0 + drawn["timing.travel"].to_numpy()
    disputes = {"status_quo": base, "light_base": base + small_run.gain(drawn)}
    run = small_run.write(tmp_path / "run", drawn, disputes, text=text)
    found = explain(run, "FEWER")
    assert found.worlds == (base <= 7).sum()
    (box,) = found.boxes
    assert "of the worlds that the screens keep" in box.words
    assert box.worlds < found.worlds  # the half that checks, of those kept
    assert all(base[each.world] <= 7 for each in found.examples)
