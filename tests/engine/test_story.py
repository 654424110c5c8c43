"""A story's years are the engine's, counted another way; its history is one of those they allow."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

import foedus
from foedus.case.read import read_text
from foedus.case.schema import Case
from foedus.engine.many import play
from foedus.engine.reading import bound
from foedus.engine.story import story
from foedus.errors import CaseError, RunError
from foedus.worlds.points import unit_rows, values

TEXT = (Path(__file__).parent / "break-even.yaml").read_text("utf-8")


def case(years: int = 12) -> Case:
    """Two rivals on one clock, a treaty and a rivalry that may end, memory, a base that opens."""
    edits = {
        "years: [2030, 2030]": f"years: [2030, {2029 + years}]",
        "helper: Helper, rivals: false}}": "helper: Helper, rivals: true}, "
        "B: {challenger: Host, target: Rival, rivals: true}}",
        "rates.challenge: {exactly: 0.10,": "rates.challenge: {between: [0.05, 0.3],",
        "memory.share: {exactly: 0,": "memory.share: {exactly: 0.7,",
        "memory.rivalry_end: {exactly: 0,": "memory.rivalry_end: {exactly: 0.1,",
        "treaty.end: {exactly: 0,": "treaty.end: {exactly: 0.05,",
    }
    text = TEXT
    for old, new in edits.items():
        assert old in text, old
        text = text.replace(old, new)
    return read_text(text, "case.yaml")


def test_its_odds_are_those_that_a_run_counts() -> None:
    made = case()
    model = bound(made)
    rows = values(made, model, unit_rows(len(model.columns), 5, 8, seed=2))
    found = play(made, model, rows)
    for o, option in enumerate(model.options):
        for k in range(3):
            told = story(made, option, 5 + k, seed=2)
            for i, threat in enumerate(told.threats):
                assert told.disputes[0, i] == pytest.approx(found[f"challenge.{threat}"][o, k])
                war = found[f"war.{threat}"][o, k]
                assert told.war_so_far[-1, i] == pytest.approx(war, abs=1e-12)
            assert told.disputes[:, 0].sum() == pytest.approx(found["disputes"][o, k])
            assert told.readiness.mean() == pytest.approx(found["readiness"][o, k])
            assert told.cost.sum() == pytest.approx(found["cost"][o, k], abs=1e-9)


def test_histories_drawn_often_have_the_odds_of_the_years() -> None:
    made, drawn, fought = case(4), Counter[int](), 0
    draws = 400
    for draw in range(draws):
        told = story(made, "light", 3, draw=draw)
        drawn.update(each.year for each in told.happened if each.threat == "T")
        fought += any(each.war for each in told.happened if each.threat == "T")
    shares = np.array([drawn[year] / draws for year in told.years])
    error = np.sqrt(told.disputes[:, 0] * (1 - told.disputes[:, 0]) / draws)
    assert (np.abs(shares - told.disputes[:, 0]) < 4 * error).all()
    war = told.war_so_far[-1, 0]
    assert abs(fought / draws - war) < 4 * np.sqrt(war * (1 - war) / draws)


def test_a_history_makes_sense_and_comes_again_with_its_number() -> None:
    made = case()
    for draw in range(40):
        told = story(made, "", 1, draw=draw)
        for each in told.happened:
            assert not each.war or (each.fatal and each.answered)
            assert not each.helped or each.answered
            assert not each.concession or not each.answered
            assert each.year in told.years
    assert [asdict(e) for e in told.happened] == [
        asdict(e) for e in story(made, "without", 1, draw=39).happened
    ]
    assert len({story(made, "", 1, draw=draw).happened for draw in range(8)}) > 1


@pytest.mark.parametrize(("option", "world"), [("lihgt", 0), ("light", -1)])
def test_what_is_not_there_is_refused(option: str, world: int) -> None:
    with pytest.raises((CaseError, RunError), match=r"did you mean 'light'|counted from 0"):
        story(case(1), option, world)


def test_a_shipped_case_can_be_told() -> None:
    made = foedus.read("south-caucasus")
    told = story(made, "heavy_base", 7)
    assert told.disputes.shape == (made.horizon, len(made.threats))
    assert ((told.disputes > 0) & (told.disputes < 1)).all()
    assert (np.diff(told.war_so_far, axis=0) >= 0).all()
    assert told.troops[0] == 0 < told.troops[-1]  # the base takes time to build
