"""One world's help planned exactly, and audited against what the world was played with."""

import json
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from test_arriving import CLOSURE, WITH_STORES, case, exactly

from foedus.closure.plan import Plan
from foedus.engine import auditing, movements
from foedus.engine.movements import Planned, moved, planned
from foedus.errors import CaseError, PlanError
from foedus.report import plan_words

pytest.importorskip("linopy")
DENIES = exactly("denial.transit.stance", "allows", "denies")


def plan_of(*edits: tuple[str, str], option: str = "without", days: int = 14) -> Planned:
    return planned(moved(case(*CLOSURE, *edits), option, 0), days=days)


def test_the_plan_of_a_plain_road_is_what_the_world_was_played_with() -> None:
    found = plan_of()
    assert found.share[:6] == pytest.approx([0, 0.1, 0.2, 0.3, 0.4, 0.5])
    assert movements.curves(found)["fast"].to_list() == pytest.approx(found.share.tolist())
    assert found.on_deciding_days() == pytest.approx(0.4, abs=1e-3)
    assert found.on_deciding_days() == pytest.approx(found.on_deciding_days(found.moved.curve))


def test_denial_and_stores_are_planned_as_they_are_played() -> None:
    found = plan_of(
        DENIES,
        WITH_STORES,
        exactly("arrival.closure.stock", "0", "1500"),
        exactly("arrival.closure.issue", "0", "500"),
    )
    assert found.share[[2, 3, 8, 9]] == pytest.approx([0.3, 0.35, 0.35, 0.45])
    assert movements.curves(found)["fast"].to_list() == pytest.approx(found.share.tolist())
    (window,) = found.windows
    assert (window.denier, window.start, window.end) == ("transit", 2, 8)


def test_movement_that_begins_before_the_crisis_keeps_its_days() -> None:
    found = plan_of(exactly("timing.warning", "0", "3"))
    moves = movements.movements(found)
    assert moves["day"].to_numpy().min() == -3
    assert found.share[0] == pytest.approx(0.3)


def test_one_more_day_of_warning_is_worth_a_day_or_more_under_denial() -> None:
    assert plan_of().warned["cargo"] == pytest.approx(1)
    # A thousand tonnes more pass before the crossing shuts for six days: a tenth of the promise
    # gains those six, and the rest a day.
    assert plan_of(DENIES, days=20).warned["cargo"] == pytest.approx(1 + 0.1 * 6, abs=1e-3)


def test_a_price_is_what_a_little_more_capacity_gains() -> None:
    price = movements.prices(plan_of(days=20)).row(0, named=True)
    assert (price["what"], price["name"]) == ("slot", "road: crossing")

    def mean_day(found: Planned) -> float:
        return float((1 - found.share).sum())

    more = plan_of(exactly("route.road.crossing.rate", "1000", "1001"), days=20)
    gain = mean_day(plan_of(days=20)) - mean_day(more)
    assert price["days_earlier"] == pytest.approx(100 * gain, rel=0.01)


def test_what_stands_in_the_theatre_already_needs_no_plan() -> None:
    stored = "unit: t, source: made}, base.troops"
    all_there = (f"exactly: 3000, {stored}", f"exactly: 20000, {stored}")
    at_once = ("base.delay: {exactly: 2,", "base.delay: {exactly: 0,")
    found = plan_of(WITH_STORES, all_there, at_once, option="light")
    assert not found.plans
    assert found.share.tolist() == [1.0] * 15
    assert plan_words.how(found).startswith("All of the promised help stands")


def test_asking_for_too_much_names_what_holds_it_up() -> None:
    found = plan_of()
    plan_words.ask_for(found, 10)
    with pytest.raises(PlanError, match=r"by day 5: 50.0% can.*“road: crossing”"):
        plan_words.ask_for(found, 5)
    with pytest.raises(PlanError, match="Day 99 is not planned: choose from 0 to 14"):
        plan_words.ask_for(found, 99)


def test_sentences_say_the_share_the_window_and_the_prices() -> None:
    said = " ".join(plan_words.sentences(plan_of(DENIES)))
    for words in ("of the promised help", "Transit denies transit from day 2.0 to day 8.0",
                  "100 t a day more at “road: crossing”", "One more day of warning"):  # fmt: skip
        assert words in said


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"option": "lihgt"}, CaseError, "did you mean 'light'"),
        ({"threat": "U"}, CaseError, "no threat 'U'"),
        ({"year": 1999}, PlanError, "choose from 2030 to 2030"),
        ({"number": -1}, PlanError, "counted from 0"),
    ],
)
def test_what_is_not_there_is_refused_by_name(change, error, words) -> None:
    given = {"option": "without", "number": 0, "threat": "", "year": 0} | change
    with pytest.raises(error, match=words):
        moved(case(*CLOSURE), given["option"], given["number"],
              threat=given["threat"], year=given["year"])  # fmt: skip


def test_a_case_without_routes_has_nothing_to_plan() -> None:
    with pytest.raises(PlanError, match="names no routes"):
        moved(case(), "without", 0)


def test_a_time_limit_ends_with_a_bound() -> None:
    with pytest.raises(PlanError, match=r"Not more than [\d,]+ tonnes can have closed"):
        planned(moved(case(*CLOSURE), "without", 0), seconds=1e-9)


def test_an_audit_of_whole_days_finds_no_difference_and_of_fractions_says_how_much() -> None:
    found = auditing.audit(case(*CLOSURE), [0, 1])
    assert (found.worlds, found.differing, found.bounds) == (2, 0, 0)
    assert found.worst < 1e-9
    halves = exactly("route.road.crossing.hours", "0", "12")
    # A window that shuts at noon: the day's flow is spread evenly on either clock.
    noon = exactly("denial.transit.from", "2", "2.5")
    found = auditing.audit(case(*CLOSURE, DENIES, halves, noon), [0])
    assert 0 < found.worst_day < 0.1
    assert "by more than one percentage point in" in found.says


def test_an_audit_sees_a_fast_answer_that_is_wrong(monkeypatch) -> None:
    right = auditing.moved

    def wrong(*args, **kwargs):
        found = right(*args, **kwargs)
        return replace(found, curve=np.minimum(found.curve + 0.05, 1.0))

    monkeypatch.setattr(auditing, "moved", wrong)
    found = auditing.audit(case(*CLOSURE), [3])
    assert (found.differing, found.worst_world) == (1, 3)
    assert found.worst == pytest.approx(0.05, abs=1e-6)


def test_an_audit_is_kept_as_json(tmp_path) -> None:
    found = auditing.audit(case(*CLOSURE), [0])
    kept = json.loads(auditing.keep(found, tmp_path).read_text())
    assert kept["says"] == found.says
    with pytest.raises(PlanError, match="No world to audit"):
        auditing.audit(case(*CLOSURE), [])


def test_tables_have_a_row_for_every_move() -> None:
    found = plan_of()
    moves = movements.movements(found)
    assert moves.filter(pl.col("leg") == "road: crossing")["tonnes"].sum() == pytest.approx(10_000)
    (row,) = [row for row in plan_words.table(found) if row["first"] is not None]
    assert (row["leg"], row["first"], row["last"]) == ("road: crossing", 0, 9)
    assert isinstance(found.plans["cargo"], Plan)
