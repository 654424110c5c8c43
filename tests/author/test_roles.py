"""Cases with other roles than the first: they work, or are refused with a reason."""

import numpy as np
import pytest

from foedus.case.read import draft_text
from foedus.case.schema import Case
from foedus.engine.many import play
from foedus.engine.reading import bound, sound
from foedus.errors import CaseError
from foedus.worlds.points import unit_rows, values


def case(threats: dict[str, str], actors: str) -> Case:
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
    return sound(draft_text("\n".join(lines) + "\n", "roles.yaml"))


GUARDED = "challenger: CC, target: AA, helper: BB"


def refused(threats: dict[str, str], actors: str = "AA BB CC DD") -> str:
    with pytest.raises(CaseError) as caught:
        case(threats, actors)
    return str(caught.value)


def test_ten_actors_with_every_other_role_can_be_played() -> None:
    actors = [a * 2 for a in "ABCDEFGHIJ"]
    threats = {f"{a}-AA": f"challenger: {a}, target: AA, helper: BB" for a in actors[2:6]}
    threats["AA-GG"] = "challenger: AA, target: GG"  # nobody would help
    threats["BB-HH"] = "challenger: BB, target: HH, helper: II"  # the helper challenges elsewhere
    threats["JJ-BB"] = "challenger: JJ, target: BB, helper: AA"  # the host helps its helper
    made = case(threats, " ".join(actors))
    model = bound(made)
    found = play(made, model, values(made, model, unit_rows(len(model.columns), 0, 32, 0)))
    assert found["sound"].all()
    for threat in threats:
        assert np.isfinite(found[f"war.{threat}"]).all()
    assert (found["help.AA-GG"] < 1e-6).all(), "nobody would come"
    assert (found["help.BB-HH"] > 0).all()


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
