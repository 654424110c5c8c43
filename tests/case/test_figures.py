"""Shared figures: a case takes what it does not say, knows that it did, and stays reproducible."""

from collections.abc import Mapping
from pathlib import Path

import pytest

import foedus
from foedus import mechanisms, table
from foedus.case import figures, tree
from foedus.case.read import draft_text, read_text
from foedus.case.schema import Case
from foedus.case.show import show
from foedus.engine.reading import bound, sound
from foedus.errors import CaseError, RunError
from foedus.mechanisms.base import Params
from foedus.worlds.model import warnings

CASE = """\
foedus: 1
title: A small case
question: Is it small?
uses: [common]
years: [2027, 2028]
reference: now
alliance: {host: AAA, helper: BBB}
actors: {AAA: {name: Aland}, BBB: {name: Bland}, CCC: {name: Cland}, DDD: {name: Dland}}
threats:
  CCC-AAA: {challenger: CCC, target: AAA, helper: BBB, rivals: true}
  DDD-AAA: {challenger: DDD, target: AAA, helper: BBB, rivals: false}
assumptions:
  forces.AAA: {exactly: 10, unit: brigades, source: own}
  forces.BBB: {exactly: 40, unit: brigades, source: own}
  forces.CCC: {exactly: 30, unit: brigades, source: own}
  forces.DDD: {exactly: 30, unit: brigades, source: own}
  memory.since: {exactly: 5, unit: years, source: own}
  treaty.obligation: {exactly: defence, unit: obligation, source: own}
  training.exercises: {exactly: 3, unit: exercises/year, source: own}
options:
  now: {says: As today.}
sources: {own: Counted by hand}
"""
GIVEN_BY_A_CASE = {"memory.since", "treaty.obligation", "training.exercises"}
ASKS_MORE_OF_A_CASE = {"arrival": {"closure"}}  # a theory that needs the routes of a case


def read(text: str, shared: Mapping[str, str] | None = None) -> Case:
    return sound(draft_text(text, "small.yaml", shared))


def with_line(line: str) -> str:
    return CASE.replace("assumptions:\n", f"assumptions:\n  {line}\n")


def test_a_case_of_a_dozen_lines_can_be_run_and_warns_of_nothing() -> None:
    case = read(CASE)
    bound(case)
    assert warnings(case) == []


def test_common_gives_every_number_of_every_theory_that_is_not_of_one_case() -> None:
    common = tree.flatten(tree.parse(figures.text("common"), "common.yaml").tree, "common").value
    facts = {name: fact for name, fact in mechanisms.FACTS.items() if not fact.of}
    every = {f"{f}.{n}" for f, fact in facts.items() for n in _numbers(fact.params)}
    for question, asked in mechanisms.QUESTIONS.items():
        if asked.otherwise:  # a case that wants to ask gives its own numbers
            continue
        chosen = set(asked.theories) - ASKS_MORE_OF_A_CASE.get(question, set())
        assert set(common["theories"][question]) == chosen
        for name in chosen:
            theory = asked.theories[name]
            numbers = _numbers(mechanisms.params_of(theory))
            every |= {f"{question}.{name}.{number}" for number in numbers}
    assert every - set(common["assumptions"]) == GIVEN_BY_A_CASE
    assert set(common["assumptions"]) | set(common["rivals"]) <= every


def _numbers(params: type[Params]) -> list[str]:
    return list(mechanisms.needs(params))


def test_every_shared_figure_has_a_source_and_a_note_and_every_source_is_cited() -> None:
    common = tree.flatten(tree.parse(figures.text("common"), "common.yaml").tree, "common").value
    lines = [*common["assumptions"].values(), *common["rivals"].values()]
    assert all(line["source"] and line["note"] for line in lines)
    assert {key for line in lines for key in line["source"]} == set(common["sources"])


def test_a_line_of_the_case_goes_before_the_shared_one() -> None:
    case = read(with_line("rates.war: {exactly: 0.5, unit: probability, source: own}"))
    assert case.assumptions["rates.war"].exactly == 0.5
    assert "rates.war" not in case.borrowed
    # ... and before the one for rivals as well: it is said of every threat.
    assert "rates.war.CCC-AAA" not in case.assumptions


def test_rivals_get_the_figures_of_rivals_and_nobody_else() -> None:
    case = read(CASE)
    rivals = case.assumptions["rates.war.CCC-AAA"]
    assert rivals.central == 0.055
    assert case.assumptions["rates.war"].central == 0.026
    assert "rates.war.DDD-AAA" not in case.assumptions


def test_what_no_threat_or_theory_needs_is_not_taken() -> None:
    text = CASE.replace("rivals: false", "rivals: true") + "theories: {contest: [ratio]}\n"
    case = read(text)
    assert "rates.war" not in case.assumptions, "both threats are between rivals"
    assert "contest.logistic.per_brigade" not in case.assumptions
    assert "boulding1962" in case.sources
    none = read(text.replace("contest: [ratio]", "contest: [ratio], distance: [none]"))
    assert "boulding1962" not in none.sources, "a source is listed where a line cites it"


def test_a_case_may_cite_a_source_of_the_shared_figures() -> None:
    line = "forces.AAA: {exactly: 10, unit: brigades, source: vine2015}"
    text = CASE.replace("forces.AAA: {exactly: 10, unit: brigades, source: own}", line)
    text += "theories: {distance: [none]}\n"
    without = with_line("prices.fixed: {exactly: 9, unit: M USD/year, source: own}")
    assert "vine2015" not in read(without).sources
    assert read(text).sources["vine2015"].cite.startswith("Vine")


def test_a_case_knows_and_says_what_it_took() -> None:
    case = read(CASE)
    assert case.borrowed["rates.war"] == "common"
    assert case.borrowed["theories.troops"] == "common"
    assert "forces.AAA" not in case.borrowed
    said = show(case)
    assert f"{len([n for n in case.assumptions if n in case.borrowed])} of them are not" in said


def test_an_unknown_file_of_figures_is_told_with_a_hint() -> None:
    with pytest.raises(CaseError) as caught:
        read_text(CASE.replace("[common]", "[comon]"), "small.yaml")
    first = caught.value.problems[0]
    assert (first.where, first.path) == ("small.yaml:4:8", "uses.0")
    assert "did you mean 'common'?" in first.hint


def test_a_problem_in_a_shared_line_points_at_the_shared_file() -> None:
    old = "prices.person: {low: 5,"
    assert old in figures.text("common")
    damaged = figures.text("common").replace(old, "prices.person: {low: 500,")
    with pytest.raises(CaseError) as caught:
        read(CASE, {"common": damaged})
    [problem] = caught.value.problems
    line = damaged[: damaged.index(old.replace("5,", "500,"))].count("\n") + 1
    assert problem.where == f"common.yaml:{line}:3"


def test_a_misspelt_section_is_told_once_and_its_lines_still_go_first() -> None:
    text = with_line("rates.war: {exactly: 0.5, unit: probability, source: own}")
    found = draft_text(text.replace("assumptions:", "asumptions:"), "small.yaml")
    assert [each.what for each in found.problems] == ["'asumptions' is no key that belongs here"]
    assert found.case.assumptions["rates.war"].exactly == 0.5


def test_a_run_keeps_its_own_copy_of_the_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from foedus.engine.run import _plan

    case = read(CASE)
    plan = {**_plan(case, bound(case), 16, 0), "blocks": 1}
    run = table.begin(tmp_path / "run", case, plan)

    newer = figures.text("common").replace("central: 0.026", "central: 0.03")
    monkeypatch.setattr(figures, "text", lambda name: newer)
    assert read(CASE).assumptions["rates.war"].central == 0.03
    assert foedus.open_run(run.folder).case.assumptions["rates.war"].central == 0.026
    with pytest.raises(RunError, match="holds another run"):
        table.begin(run.folder, read(CASE), plan)
