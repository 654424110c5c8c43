"""Programmes of training, and diplomacy, in the whole engine."""

from pathlib import Path

import numpy as np

from foedus.case.read import read_text
from foedus.engine.many import play
from foedus.engine.reading import bound
from foedus.worlds.points import unit_rows, values

TEXT = (Path(__file__).parent / "break-even.yaml").read_text()
TEXT = TEXT.replace("[2030, 2030]", "[2030, 2031]")
ASKED = "\n  quality: [none, saturates]\n  diplomacy: [none, eases, emboldens]\n"
NUMBERS = """
  standards.programme: {exactly: 0, unit: "1", source: made}
  standards.cost: {exactly: 40, unit: M USD/year, source: made}
  quality.saturates.most: {exactly: 0.5, unit: "1", source: made}
  quality.saturates.speed: {exactly: 0.7, unit: 1/year, source: made}
  relations.effort: {exactly: 0, unit: "1", source: made}
  relations.cost: {exactly: 10, unit: M USD/year, source: made}
  relations.warms: {exactly: 0.2, unit: "1", source: made}
  diplomacy.eases.effect: {exactly: -0.3, unit: log-odds, source: made}
  diplomacy.emboldens.effect: {exactly: 0.2, unit: log-odds, source: made}"""
OPTIONS = """
  better: {says: More training., sets: {standards.programme: {exactly: 1, unit: "1", source: made}}}
  talks: {says: Diplomacy., sets: {relations.effort: {exactly: 0.5, unit: "1", source: made}}}"""


def test_a_programme_costs_everybody_and_helps_believers_and_talks_move_the_odds_as_believed():
    text = TEXT.replace("\n  distance: [none]\n", "\n  distance: [none]" + ASKED)
    text = text.replace("assumptions:", "assumptions:" + NUMBERS, 1)
    case = read_text(text.replace("options:", "options:" + OPTIONS, 1), "test.yaml")
    model = bound(case)
    rows = values(case, model, unit_rows(len(model.columns), 0, 32, 0))
    found = play(case, model, rows)
    better, talks, home = (model.options.index(o) for o in ("better", "talks", "without"))
    yearly = np.exp(-np.log(1.05) * np.arange(2)).sum()
    paid = found["cost_host"] - found["cost_host"][home]
    np.testing.assert_allclose(paid[better], 40 * yearly, rtol=1e-12)
    np.testing.assert_allclose(paid[talks], 5 * yearly, rtol=1e-12)
    believe = rows[0, :, model.at("theory.quality")] == 1
    worth = 1 + 0.5 * (1 - np.exp(-0.7))
    wins = (0.5 + 1 / (1 + worth)) / 2
    np.testing.assert_allclose(found["wins_alone.T"][better], np.where(believe, wins, 0.5))
    able = found["capability"] / found["readiness"]
    np.testing.assert_allclose(able[better], np.where(believe, (1 + worth) / 2, 1.0), rtol=1e-12)
    np.testing.assert_array_equal(found["capability"][home], found["readiness"][home])
    odds = found["challenge.T"]
    moved = np.log(odds[talks] / (1 - odds[talks])) - np.log(odds[home] / (1 - odds[home]))
    theory = rows[0, :, model.at("theory.diplomacy")].astype(int)
    np.testing.assert_allclose(moved, np.array([0, -0.15, 0.1])[theory], atol=1e-12)
    assert set(theory) == {0, 1, 2}
    assert set(believe) == {False, True}
