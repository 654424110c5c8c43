"""A state changes a case as an analyst would by hand, and is saved as a file that says so."""

import pytest
from small_live import text

from foedus.case.read import draft_text
from foedus.case.schema import Case
from foedus.engine.reading import sound
from foedus.errors import CaseError
from foedus.live.edits import Base, changed, control_of
from foedus.live.saved import saved
from foedus.live.state import State, read

EVERYTHING = (
    "a:rates.challenge=0.06~0.1&a:troops.cross_step.step=-0.2~0~0.1&a:timing.travel=2"
    "&a:treaty.obligation=defence,none&t:effort=shirks&o:sent:base.troops=800~900"
    "&o:light:training.exercises=3&w:light=denial,host&m:fewer:any=0.01&m:rare:hardly=7 %25"
    "&m:rare:level=0.2"
)


def by_hand(*changes: tuple[str, str]) -> Case:
    found = text()
    for old, new in changes:
        assert found.count(old) == 1, old
        found = found.replace(old, new)
    return sound(draft_text(found, "small.yaml"))


def test_nothing_changed_is_the_case_itself(base: Base) -> None:
    assert changed(base, State()) is base.case
    assert saved(base, State()) == base.case.text


def test_each_kind_of_change_is_what_a_hand_would_write(base: Base) -> None:
    found = changed(base, read(EVERYTHING))
    hand = by_hand(
        ("challenge: {between: [0.05, 0.2],", "challenge: {between: [0.06, 0.1],"),
        ("low: -0.1\n    central: 0.05\n    high: 0.3", "low: -0.2\n    central: 0\n    high: 0.1"),
        ("timing.travel: {exactly: 0.1,", "timing.travel: {exactly: 2,"),
        ("{exactly: defence,", "{choices: [defence, none],"),
        ("effort: [steady, shirks]", "effort: {steady: 0, shirks: 1}"),
        ("&troops {low: 500, central: 1000, high: 2000,", "&troops {between: [800, 900],"),
        ("sets: {base.troops: {exactly: 1000,", "without: [denial, host], sets: "
         "{training.exercises: {exactly: 3, unit: exercises/year, source: made}, base.troops: "
         "{exactly: 1000,"),
        ("sets: {base.troops: *troops", "sets: {base.troops: {low: 500, central: 1000, high: "
         "2000, unit: persons, source: made}"),
        ("than: without}}", "than: without, by: 0.01}}"),
        ("by: 5 %", "by: 7 %"),
        ("value: 0.004", "value: 0.2"),
    )  # fmt: skip
    said = {"source", "note", "because", "weights"}
    assert numbers(found, said) == numbers(hand, said)


def numbers(case: Case, without: set[str]) -> object:
    """A case as plain values, less what says where a number comes from."""

    def plain(value: object) -> object:
        if isinstance(value, dict):
            return {k: plain(v) for k, v in value.items() if k not in without and v is not None}
        return [plain(v) for v in value] if isinstance(value, list | tuple) else value

    return plain(case.model_dump(exclude={"sources"}))


def test_what_is_moved_rests_on_judgement_and_says_what_it_was(base: Base) -> None:
    found = changed(base, read("a:rates.challenge=0.06~0.1&m:rare:level=0.2"))
    moved = found.assumptions["rates.challenge"]
    assert moved.judged
    assert "5 to 20 % a year" in moved.note
    assert "judgement" in found.sources
    because = found.claims["rare"].tests["level"].because
    assert "0.4 %" in because
    assert "Any fall counts." in because


def test_a_saved_case_reads_back_as_the_page_had_it_and_keeps_every_comment(base: Base) -> None:
    state = read(EVERYTHING)
    again = saved(base, state)
    case = sound(draft_text(again, "small.yaml"))
    assert case.model_dump() == changed(base, state).model_dump()
    comments = [line.strip() for line in text().splitlines() if line.strip().startswith("#")]
    assert len(comments) == 2
    assert all(comment in again for comment in comments)
    assert case.options["more"].sets["base.troops"].central == 1000  # the alias keeps the old one
    assert case.claims["rare"].tests["hardly"].because.endswith("Any fall counts.")


@pytest.mark.parametrize(
    ("query", "control", "what"),
    [
        ("a:rates.challenge=0.2~0.1", "a:rates.challenge", "turned round"),
        ("a:rates.challenge=2", "a:rates.challenge", "outside its legal range"),
        ("a:rates.challenge=x", "a:rates.challenge", "not a value it can take"),
        ("a:rates.challenge=1~2~3~4", "a:rates.challenge", "has 4 items where two are needed"),
        ("a:treaty.obligation=attack", "a:treaty.obligation", "not a value it can take"),
        ("t:effort=", "t:effort", "no theory has a weight above 0"),
        ("t:effort=steady,lazy", "t:effort", "unknown theory"),
        ("o:light:base.troops=-5", "o:light:base.troops", "outside its legal range"),
        ("o:light:rates.war=0.1", "o:light:rates.war", "not a lever"),
        ("w:light=armour", "w:light", "not one of the words"),
        ("m:rare:level=7", "m:rare:level", "odds from 0 to 1"),
        ("m:rare:hardly=much", "m:rare:hardly", "cannot read the margin"),
        ("a:nothing.here=1", "", "this case has no 'nothing.here'"),
        ("m:rare:nowhere=1", "", "this case has no 'nowhere'"),
    ],
)
def test_a_mistake_is_told_beside_its_control_in_the_words_of_the_reader(
    base: Base, query: str, control: str, what: str
) -> None:
    with pytest.raises(CaseError) as caught:
        changed(base, read(query))
    assert [control_of(p, base.case) for p in caught.value.problems] == [control]
    assert what in caught.value.problems[0].what


def test_every_mistake_is_told_at_once(base: Base) -> None:
    with pytest.raises(CaseError) as caught:
        changed(base, read("a:rates.challenge=2&t:effort=&m:rare:level=7"))
    controls = {control_of(p, base.case) for p in caught.value.problems}
    assert controls == {"a:rates.challenge", "t:effort", "m:rare:level"}
