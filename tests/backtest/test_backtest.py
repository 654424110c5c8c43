"""Predictions before outcomes: what is not registered, changed or of other inputs is not scored."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from foedus import cli
from foedus.backtest import episode, pairs, past
from foedus.backtest import predict as predicting
from foedus.backtest.episode import EVENTS, Asked, hashes, text_of
from foedus.backtest.pairs import BEFORE
from foedus.backtest.plot import calibration
from foedus.backtest.predict import SETS, digest, predict
from foedus.backtest.score import FLOOR, opened, score, verdict
from foedus.case import shipped
from foedus.engine.reading import bound
from foedus.errors import FoedusError

REGISTERED = {  # what is kept of every prediction that was scored, and the hash of that day
    "predictions-2026-11-25.json": "07cefcb685d3",
    "cases-2026-11-25.json": "d77d24f6789b",
}
DOCS = Path(__file__).parents[2] / "docs"
sets = pytest.mark.parametrize("of", list(SETS))


def made(of: str, **odds: float) -> dict[str, Any]:
    """Predictions of one odds an event for every episode."""
    each = {event: {"mean": odds[event], "low": 0.0, "high": 1.0} for event in EVENTS}
    said = {"of": of, "made": "2026", "foedus": "0", **hashes(SETS[of])}
    said["odds"] = {row.name: each for row in SETS[of].episodes()}
    return {**said, "sha256": digest(said)}


def written(tmp_path: Path, said: dict[str, Any]) -> Path:
    path = tmp_path / "predictions.json"
    path.write_text(json.dumps(said), "utf-8")
    return path


@sets
def test_predicting_never_opens_what_happened(of: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened_files = []

    def watched(name: str) -> str:
        opened_files.append(name)
        return text_of(name)

    for module in (pairs, past, episode):
        monkeypatch.setattr(module, "text_of", watched)

    def no_engine(case: Any, model: Any, numbers: np.ndarray) -> dict[str, np.ndarray]:
        worlds = np.full((len(case.options), 16), 0.25)
        names = [f"{event}.{threat}" for event in EVENTS for threat in case.threats]
        return {"sound": worlds > 0} | dict.fromkeys(names, worlds)

    monkeypatch.setattr(predicting, "play", no_engine)
    rows = SETS[of].episodes()[:3]
    few = Asked(SETS[of].what, lambda: rows, SETS[of].inputs, "", "")
    monkeypatch.setitem(SETS, of, few)
    said = predict(of, 16)
    assert not [name for name in opened_files if "outcomes" in name]
    assert said["odds"][rows[0].name]["war"] == {"mean": 0.25, "low": 0.25, "high": 0.25}
    assert said["sha256"] == digest({k: v for k, v in said.items() if k != "sha256"})


def test_every_pair_is_a_case_that_can_be_played() -> None:
    models = {bound(each.case()) for each in pairs.episodes()}
    assert len(models) == 1, "one model, so one compiled program"


def test_every_case_about_the_past_is_predicted_as_it_stood_before() -> None:
    """Every shipped case but the first, whose years are yet to come."""
    rows = past.episodes()
    assert {row.group for row in rows} == set(shipped.names()) - {"south-caucasus"}
    for row in rows:
        case = row.case()
        bound(case)
        assert case.years[1] <= 2025
        assert case.years[1] - case.years[0] < 10
        assert row.option in case.options
        assert row.threat in case.threats
        assert not case.claims


def test_a_case_is_set_back_in_what_is_said_and_in_nothing_else() -> None:
    entries = past.entries()
    case = past.as_it_stood("baltic_2017", entries["baltic_2017"])
    assert case.years == (2017, 2025)
    assert case.reference == "treaty_only"
    assert case.assumptions["forces.RUS"].between == (190, 225)
    assert case.assumptions["timing.decided"].central == 2.5  # as shipped
    assert case.options["battlegroups"].sets["base.troops"].between == (3000, 3600)


def test_the_base_rate_is_that_of_a_gamma_law_over_the_years() -> None:
    """By hand: rates of Gamma(1.42, 13.6), 5.5 % of disputes become wars, ten years."""
    rows = {row.name: row for row in past.episodes()}
    korea = rows["korea_1954: PRK-KOR"]
    drawn = np.random.default_rng(0).gamma(1.42, 1 / 13.6, 400_000)
    assert korea.base["war"] == pytest.approx(1 - np.exp(-10 * 0.055 * drawn).mean(), abs=5e-4)
    # Two disputes in five years: more than such pairs have.
    assert korea.record["war"] > korea.base["war"]
    assert rows["belize: GTM-BLZ"].record["war"] < rows["belize: GTM-BLZ"].base["war"]


@sets
def test_registered_predictions_are_opened(of: str, tmp_path: Path) -> None:
    said = made(of, fatal=0.2, war=0.02)
    assert opened(written(tmp_path, said), said["sha256"][:12])["odds"] == said["odds"]


@pytest.mark.parametrize("hash_", ["", "0" * 64])
def test_predictions_without_the_hash_that_was_written_down_are_refused(
    hash_: str, tmp_path: Path
) -> None:
    with pytest.raises(FoedusError, match="not the one that was written down"):
        opened(written(tmp_path, made("pairs", fatal=0.2, war=0.02)), hash_)


def test_changed_predictions_are_refused(tmp_path: Path) -> None:
    said = made("cases", fatal=0.2, war=0.02)
    said["odds"]["belize: GTM-BLZ"]["war"] = {"mean": 0.9}
    with pytest.raises(FoedusError, match="was changed after"):
        opened(written(tmp_path, said), said["sha256"])


@pytest.mark.parametrize(("of", "name"), [("pairs", "episodes"), ("cases", "korea")])
def test_predictions_from_other_inputs_are_refused(of: str, name: str, tmp_path: Path) -> None:
    said = {k: v for k, v in made(of, fatal=0.2, war=0.02).items() if k != "sha256"}
    said[f"{name}_sha256"] = "0" * 64
    said["sha256"] = digest(said)
    with pytest.raises(FoedusError, match=rf"other inputs \({name}\)"):
        opened(written(tmp_path, said), said["sha256"])


@pytest.mark.parametrize("text", ["[1]", '{"sha256": 1, "of": "wars"}'])
def test_a_file_that_holds_none_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "none.json"
    path.write_text(text, "utf-8")
    with pytest.raises(FoedusError, match="holds no predictions"):
        opened(path, "0" * 64)


def test_the_base_rate_scored_against_itself_gains_nothing() -> None:
    found = score(made("pairs", **BEFORE))
    for each in (s for s in found.scores if s.who == "model"):
        assert (each.low, each.high) == (0, 0)
        assert verdict(each).startswith("no better than the base rate")


@sets
def test_scores_of_a_constant_are_those_worked_out_by_hand(of: str) -> None:
    found = score(made(of, fatal=0.5, war=0.0))
    by = {(s.event, s.who): s for s in found.scores}
    assert by["fatal", "model"].brier == pytest.approx(0.25)
    assert by["fatal", "model"].log == pytest.approx(np.log(2))
    share = found.happened["war"] / found.episodes
    assert by["war", "model"].brier == pytest.approx(share)
    log = -share * np.log(FLOOR) - (1 - share) * np.log(1 - FLOOR)
    assert by["war", "model"].log == pytest.approx(log)
    assert found.sharpness == {"fatal": 0, "war": 0}


def test_the_threats_of_one_case_are_resampled_together() -> None:
    """All that is gained is gained in Korea's two: what is not drawn with it gains nothing."""
    said = made("cases", fatal=0.5, war=0.5)
    happened = {r["episode"]: r for r in csv.DictReader(text_of("cases-outcomes.csv").splitlines())}
    for row in past.episodes():
        for event in EVENTS:
            right = float(happened[row.name][event])
            mean = right if row.group == "korea" else row.base[event]
            said["odds"][row.name] = {**said["odds"][row.name], event: {"mean": mean}}
    model = next(s for s in score(said).scores if (s.event, s.who) == ("fatal", "model"))
    assert model.low < 0
    assert model.high == 0  # a third of the resamples leave Korea out
    assert verdict(model).startswith("no better than the base rate")


@sets
def test_episodes_are_counted_once_in_the_calibration(of: str) -> None:
    found = score(made(of, fatal=0.2, war=0.02))
    for event in EVENTS:
        bins = [b for b in found.bins if b.event == event]
        assert sum(b.episodes for b in bins) == found.episodes == len(SETS[of].episodes())
        hits = sum(b.episodes * b.happened for b in bins)
        assert hits == pytest.approx(found.happened[event])
    assert calibration(found.bins).startswith("<svg")


@pytest.mark.parametrize("file", list(REGISTERED))
def test_what_the_page_says_of_registered_predictions_is_what_they_score(
    file: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    path = DOCS / "backtest" / file
    cli.main(["backtest", "score", str(path), "--sha256", REGISTERED[file]])
    said = capsys.readouterr().out
    page = (DOCS / "backtest.md").read_text("utf-8")
    assert REGISTERED[file] in page
    found = score(opened(path, REGISTERED[file]))
    for each in found.scores:
        digits = 4 if each.brier < 0.01 else 3
        assert f"{each.brier:.{digits}f}" in page
        assert f"{each.log:.3f}" in page
        if each.who == "model":
            assert f"{each.event}: the model is {verdict(each)}." in " ".join(said.split())
            assert f"{each.low:+.3f} to {each.high:+.3f}" in page
