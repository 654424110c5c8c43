"""Predictions before outcomes: what is not registered, changed or of other inputs is not scored."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from foedus.backtest import predict as predicting
from foedus.backtest.plot import calibration
from foedus.backtest.predict import EVENTS, digest, episode_case, episodes, inputs
from foedus.backtest.score import BEFORE, FLOOR, opened, score, verdict
from foedus.engine.reading import bound
from foedus.errors import FoedusError


def made(**odds: float) -> dict[str, Any]:
    """Predictions of one odds an event for every pair."""
    each = {event: {"mean": odds[event], "low": 0.0, "high": 1.0} for event in EVENTS}
    said = {"made": "2026", "foedus": "0", **inputs()}
    said["odds"] = {row["episode"]: each for row in episodes()}
    return {**said, "sha256": digest(said)}


def written(tmp_path: Path, said: dict[str, Any]) -> Path:
    path = tmp_path / "predictions.json"
    path.write_text(json.dumps(said), "utf-8")
    return path


def test_predicting_never_opens_what_happened(monkeypatch: pytest.MonkeyPatch) -> None:
    opened_files = []
    real = predicting.text_of
    monkeypatch.setattr(
        predicting, "text_of", lambda name: (opened_files.append(name), real(name))[1]
    )

    def no_engine(case: Any, model: Any, numbers: np.ndarray) -> dict[str, np.ndarray]:
        worlds = np.full((1, 16), 0.25)
        return {"sound": worlds > 0, "fatal.T": worlds, "war.T": worlds}

    monkeypatch.setattr(predicting, "play", no_engine)
    monkeypatch.setattr(predicting, "episodes", lambda: episodes()[:2])
    said = predicting.predict(16)
    assert set(opened_files) == {"episodes.csv", "template.yaml"}
    assert said["odds"][episodes()[0]["episode"]]["war"] == {
        "mean": 0.25,
        "low": 0.25,
        "high": 0.25,
    }
    assert said["sha256"] == digest({k: v for k, v in said.items() if k != "sha256"})


def test_every_pair_is_a_case_that_can_be_played() -> None:
    models = {bound(episode_case(row)) for row in episodes()}
    assert len(models) == 1, "one model, so one compiled program"


def test_registered_predictions_are_opened(tmp_path: Path) -> None:
    said = made(fatal=0.2, war=0.02)
    assert opened(written(tmp_path, said), said["sha256"][:12])["odds"] == said["odds"]


@pytest.mark.parametrize("hash_", ["", "0" * 64])
def test_predictions_without_the_hash_that_was_written_down_are_refused(
    hash_: str, tmp_path: Path
) -> None:
    with pytest.raises(FoedusError, match="not the one that was written down"):
        opened(written(tmp_path, made(fatal=0.2, war=0.02)), hash_)


def test_changed_predictions_are_refused(tmp_path: Path) -> None:
    said = made(fatal=0.2, war=0.02)
    said["odds"][episodes()[0]["episode"]]["war"] = {"mean": 0.9}
    with pytest.raises(FoedusError, match="was changed after"):
        opened(written(tmp_path, said), said["sha256"])


def test_predictions_from_other_inputs_are_refused(tmp_path: Path) -> None:
    said = {k: v for k, v in made(fatal=0.2, war=0.02).items() if k != "sha256"}
    said["episodes_sha256"] = "0" * 64
    said["sha256"] = digest(said)
    with pytest.raises(FoedusError, match=r"other inputs \(episodes\)"):
        opened(written(tmp_path, said), said["sha256"])


def test_a_file_that_holds_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "none.json"
    path.write_text("[1]", "utf-8")
    with pytest.raises(FoedusError, match="holds no predictions"):
        opened(path, "0" * 64)


def test_the_base_rate_scored_against_itself_gains_nothing() -> None:
    found = score(made(**BEFORE))
    for each in (s for s in found.scores if s.who == "model"):
        assert (each.low, each.high) == (0, 0)
        assert verdict(each).startswith("no better than the base rate")


def test_scores_of_a_constant_are_those_worked_out_by_hand() -> None:
    found = score(made(fatal=0.5, war=0.0))
    by = {(s.event, s.who): s for s in found.scores}
    assert by["fatal", "model"].brier == pytest.approx(0.25)
    assert by["fatal", "model"].log == pytest.approx(np.log(2))
    share = found.happened["war"] / found.pairs
    assert by["war", "model"].brier == pytest.approx(share)
    log = -share * np.log(FLOOR) - (1 - share) * np.log(1 - FLOOR)
    assert by["war", "model"].log == pytest.approx(log)
    assert found.sharpness == {"fatal": 0, "war": 0}


def test_pairs_are_counted_once_in_the_calibration() -> None:
    found = score(made(fatal=0.2, war=0.02))
    for event in EVENTS:
        bins = [b for b in found.bins if b.event == event]
        assert sum(b.pairs for b in bins) == found.pairs == len(episodes())
        hits = sum(b.pairs * b.happened for b in bins)
        assert hits == pytest.approx(found.happened[event])
    assert calibration(found.bins).startswith("<svg")
