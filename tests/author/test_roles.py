"""Cases with other roles than the first: they work, or are refused with a reason."""

from pathlib import Path

import numpy as np
import pytest

import foedus
from foedus.case.read import draft_text
from foedus.case.schema import Case
from foedus.engine.many import play
from foedus.engine.reading import bound, sound
from foedus.errors import CaseError
from foedus.table import Run
from foedus.worlds.points import unit_rows, values


def case(threats: dict[str, str], actors: str, *more: tuple[str, str]) -> Case:
    lines = [
        "foedus: 1", "title: Roles", "question: Does it work?", "uses: [common]",
        "years: [2027, 2028]", "reference: now", "alliance: {host: AA, helper: BB}", "actors:",
        *(f"  {a}: {{name: {a}land}}" for a in actors.split()), "threats:",
        *(f"  {name}: {{{roles}, rivals: true}}" for name, roles in threats.items()),
        "assumptions:",
        *(f"  forces.{a}: {{exactly: 10, unit: brigades, source: own}}" for a in actors.split()),
        "  memory.since: {exactly: 5, unit: years, source: own}",
        "  treaty.obligation: {exactly: defence, unit: obligation, source: own}",
        "  training.exercises: {exactly: 3, unit: exercises/year, source: own}",
        "options: {now: {says: As today.}}", "sources: {own: Made}",
    ]  # fmt: skip
    text = "\n".join(lines) + "\n"
    for old, new in more:
        assert old in text, old
        text = text.replace(old, new)
    return sound(draft_text(text, "roles.yaml"))


GUARDED = "challenger: CC, target: AA, helper: BB"


CLAIM = """claims:
  C1:
    says: A base changes nothing.
    kind: counterfactual
    tests:
      same:
        says: With a base disputes are within 5 %.
        because: 5 % is small.
        compare: {outcome: disputes, option: base, is: same, than: now, by: 5 %}
options:
  now: {says: As today.}
  base: {says: A base., sets: {base.troops: {exactly: 2000, unit: persons, source: own}}}
sources: """
CLAIMED = ("options: {now: {says: As today.}}\nsources: ", CLAIM)
SEA = """deniers:
  strait: {says: Whoever holds the strait.}
routes:
  ferry: {says: Ships through a strait., mode: sea, stages: {port: {}, strait: {denied_by: strait}}}
theories:
  arrival: [closure]
assumptions:
  arrival.closure.per_brigade: {between: [10000, 20000], unit: t/brigade, source: own}
  arrival.closure.reception: {exactly: 100000, unit: t/day, source: own}
  arrival.closure.stock: {exactly: 0, unit: t, source: own}
  arrival.closure.issue: {exactly: 0, unit: t/day, source: own}
  arrival.closure.at_base: {exactly: 0, unit: t, source: own}
  route.ferry.port.rate: {between: [2000, 8000], unit: t/day, source: own}
  route.ferry.port.hours: {exactly: 48, unit: hours, source: own}
  route.ferry.strait.rate: {between: [2000, 8000], unit: t/day, source: own}
  route.ferry.strait.hours: {exactly: 24, unit: hours, source: own}
  denial.strait.stance: {exactly: allows, unit: stance, source: own}
  denial.strait.from: {exactly: 2, unit: days, source: own}
  denial.strait.lasts: {between: [0, 60], unit: days, source: own}
  denial.strait.left: {exactly: 0, unit: "1", source: own}
"""
BY_SEA = ("assumptions:\n", SEA)


def reported(made: Case, folder: Path) -> tuple[Run, str]:
    """Play, judge and report a case, and see that nothing of it is lost on the way."""
    run = foedus.simulate(made, 32, out=folder)
    assert run.refused == 0
    (verdict,) = foedus.judge(run)
    assert verdict.share is not None
    page = foedus.report(run).read_text("utf-8")
    assert verdict.says in page
    assert all(actor.name in page for actor in made.actors.values())
    return run, page


def refused(threats: dict[str, str], actors: str = "AA BB CC DD") -> str:
    with pytest.raises(CaseError) as caught:
        case(threats, actors)
    return str(caught.value)


def test_ten_actors_with_every_other_role_can_be_played(tmp_path: Path) -> None:
    actors = [a * 2 for a in "ABCDEFGHIJ"]
    threats = {f"{a}-AA": f"challenger: {a}, target: AA, helper: BB" for a in actors[2:6]}
    threats["AA-GG"] = "challenger: AA, target: GG"  # nobody would help
    threats["BB-HH"] = "challenger: BB, target: HH, helper: II"  # the helper challenges elsewhere
    threats["JJ-BB"] = "challenger: JJ, target: BB, helper: AA"  # the host helps its helper
    made = case(threats, " ".join(actors), CLAIMED)
    model = bound(made)
    found = play(made, model, values(made, model, unit_rows(len(model.columns), 0, 32, 0)))
    assert found["sound"].all()
    for threat in threats:
        assert np.isfinite(found[f"war.{threat}"]).all()
    assert (found["help.AA-GG"] < 1e-6).all(), "nobody would come"
    assert (found["help.BB-HH"] > 0).all()
    reported(made, tmp_path / "run")


def test_a_case_whose_help_comes_by_sea_is_played_judged_and_reported(tmp_path: Path) -> None:
    made = case({"CC-AA": GUARDED}, "AA BB CC", CLAIMED, BY_SEA)
    run, page = reported(made, tmp_path / "sea")
    assert "Ships through a strait." in page
    denied = ("stance: {exactly: allows", "stance: {exactly: denies")
    made = case({"CC-AA": GUARDED}, "AA BB CC", CLAIMED, BY_SEA, denied)
    late = foedus.simulate(made, 32, out=tmp_path / "shut")
    open_, shut = (each.kept("arrived", ["now"])["now"].mean() for each in (run, late))
    assert shut < open_, "help that a denied strait holds up"


def test_a_case_without_a_helper_is_refused_with_what_to_do() -> None:
    said = refused({"CC-AA": "challenger: CC, target: AA"})
    assert "no threat to AA in which BB would help" in said
    assert "add one with `target: AA, helper: BB`" in said


def test_two_helpers_in_one_threat_are_refused_with_a_reason() -> None:
    said = refused({"one": GUARDED, "two": "challenger: CC, target: AA, helper: DD"})
    assert "CC against AA stands twice" in said
    assert "a second helper has no theory yet" in said


def test_a_list_of_helpers_is_refused() -> None:
    said = refused({"one": "challenger: CC, target: AA, helper: [BB, DD]"})
    assert "roles.yaml:14:" in said
    assert "threats.one.helper" in said


def test_one_state_in_two_roles_of_a_threat_is_refused() -> None:
    said = refused({"one": GUARDED, "two": "challenger: DD, target: AA, helper: DD"})
    assert "must be different states" in said
