"""Warnings of `foedus check`: what can be run and still deserves a second look."""

import pytest

from foedus.case.read import draft_text
from foedus.engine.doubts import doubts
from foedus.engine.reading import sound

CASE = """\
foedus: 1
title: A small case
question: Is it small?
uses: [common]
years: [2027, 2028]
reference: now
alliance: {host: AAA, helper: BBB}
actors: {AAA: {name: Aland}, BBB: {name: Bland}, CCC: {name: Cland}}
threats: {CCC-AAA: {challenger: CCC, target: AAA, helper: BBB, rivals: true}}
assumptions:
  forces.AAA: {exactly: 10, unit: brigades, source: own}
  forces.BBB: {between: [30, 40], unit: brigades, source: own}
  forces.CCC: {between: [30, 40], unit: brigades, source: judgement, note: Guessed.}
  memory.since: {exactly: 5, unit: years, source: own}
  treaty.obligation: {exactly: defence, unit: obligation, source: own}
  training.exercises: {exactly: 3, unit: exercises/year, source: own}
options:
  now: {says: As today.}
  base: {says: A base., sets: {base.troops: {exactly: 1000, unit: persons, source: own}}}
  again: {says: A base again., sets: {base.troops: {exactly: 1000, unit: persons, source: own}}}
claims:
  C1:
    says: A base deters.
    kind: counterfactual
    tests:
      t: {says: Fewer wars., because: Any., compare: {outcome: war, option: base, is: lower, than: now, by: 5 %}}
sources: {own: Counted by hand}
"""  # noqa: E501


def warned(old: str, new: str) -> list[str]:
    assert old in CASE
    case = sound(draft_text(CASE.replace(old, new), "small.yaml"))
    return [f"{each.where}: {each.path}: {each.what}" for each in doubts(case)]


def test_a_case_without_a_doubt_warns_of_nothing() -> None:
    assert warned("Guessed", "Guessed") == []


def test_a_judgement_without_a_note_is_told_at_its_line() -> None:
    [said] = warned(", note: Guessed.", "")
    assert said.startswith("small.yaml:13:3: assumptions.forces.CCC: rests on judgement alone")


TROOPS = "base: {says: A base., sets: {base.troops: {exactly: 1000, unit: persons, source: own}}"
LATE = "base.delay: {exactly: 1, unit: years, source: own}"


def test_a_delay_of_nothing_is_told_and_one_of_added_troops_is_not() -> None:
    [said] = warned(TROOPS, f"base: {{says: A base., sets: {{{LATE}}}")
    assert "options.base.sets.base.delay: delays the troops that an option adds" in said
    assert warned(TROOPS, f"{TROOPS[:-1]}, {LATE}}}") == []


def test_a_delay_holds_back_nothing_but_troops_and_ends_within_the_years() -> None:
    option = "{base.troops: {exactly: 1000, unit: persons, source: own}}"
    stays = f'{TROOPS[:-1]}, {LATE}, base.presence: {{exactly: 1, unit: "1", source: own}}}}'
    stays = stays.replace(LATE, LATE.replace("1", "3"))
    [said] = warned(TROOPS, stays)
    assert "base.delay: is over only after the 2 years" in said
    text = CASE.replace("assumptions:", f"assumptions:\n  {option[1:-1]}")
    stays = stays.replace("{exactly: 3,", "{between: [1, 3],")
    [said] = (
        each.path for each in doubts(sound(draft_text(text.replace(TROOPS, stays), "s.yaml")))
    )
    assert said == "options.base.sets.base.presence"


def test_a_base_that_is_being_built_today_may_be_hurried() -> None:
    text = CASE.replace(TROOPS, f"base: {{says: Sooner., sets: {{{LATE}}}")
    text = text.replace("assumptions:", f"assumptions:\n  {LATE.replace('1', '2')}")
    assert list(doubts(sound(draft_text(text, "small.yaml")))) == []


def test_a_judgement_that_is_too_sure_is_told_and_a_sourced_one_is_not() -> None:
    [said] = warned(
        "[30, 40], unit: brigades, source: judgement", "[30, 31], unit: brigades, source: judgement"
    )
    assert "sure to within 3.3%" in said
    assert (
        warned("[30, 40], unit: brigades, source: own", "[30, 31], unit: brigades, source: own")
        == []
    )


def test_a_range_without_a_width_is_told() -> None:
    [said] = warned(
        "[30, 40], unit: brigades, source: own", "[30, 30], unit: brigades, source: own"
    )
    assert "is a range without a width" in said


@pytest.mark.parametrize("word", ["lower", "higher"])
def test_no_margin_makes_any_difference_count(word: str) -> None:
    [said] = warned("is: lower, than: now, by: 5 %", f"is: {word}, than: now")
    assert f"any difference counts as {word}" in said


@pytest.mark.parametrize("word", ["no_lower", "no_higher", "same"])
def test_no_margin_is_no_doubt_where_nothing_must_differ(word: str) -> None:
    assert warned("is: lower, than: now, by: 5 %", f"is: {word}, than: now") == []


@pytest.mark.parametrize(
    ("form", "what"),
    [
        ("{outcome: war, option: base, is: no_lower, than: now, by: 100 %}", "cannot fail"),
        ("{outcome: war, option: base, is: lower, than: now, by: 150 %}", "cannot hold"),
        ("{outcome: war, option: base, is: same, than: now, by: 1}", "cannot fail"),
        ("{outcome: war, option: base, is: higher, than: now, by: 5}", "cannot hold"),
        ("{outcome: war, option: base, is: same, than: again}", "cannot fail"),
        ("{outcome: war, option: base, is: lower, than: again, by: 5 %}", "cannot hold"),
    ],
)
def test_a_comparison_that_no_world_can_decide_is_told(form: str, what: str) -> None:
    [said] = warned("{outcome: war, option: base, is: lower, than: now, by: 5 %}", form)
    assert what in said


@pytest.mark.parametrize(
    ("form", "what"),
    [
        ("{outcome: war, option: now, is: at_most, value: 1}", "cannot fail"),
        ("{outcome: disputes, option: now, is: at_least, value: 0}", "cannot fail"),
        ("{outcome: disputes, option: now, is: at_most, value: -1}", "cannot hold"),
    ],
)
def test_a_level_that_no_world_can_decide_is_told(form: str, what: str) -> None:
    old = "compare: {outcome: war, option: base, is: lower, than: now, by: 5 %}"
    [said] = warned(old, f"level: {form}")
    assert what in said


def test_a_large_number_of_disputes_is_a_level_like_any_other() -> None:
    old = "compare: {outcome: war, option: base, is: lower, than: now, by: 5 %}"
    assert warned(old, "level: {outcome: disputes, option: now, is: at_most, value: 3}") == []
