"""Quarrels beside the host, through the whole engine: what a base does to them, and to `region`."""

from functools import cache

import numpy as np
import pytest
from test_waits import BASE, STEP, TEXT, YEARS, played

from foedus.case.read import draft_text, read_text
from foedus.case.schema import Case
from foedus.case.show import show
from foedus.engine.reading import bound, sound
from foedus.errors import CaseError

SPILL, RATE, STIRS = 0.5, 0.2, 0.3  # share, odds a year, and what a base does [log-odds]
NUMBERS = "".join(
    f"\n  beside.P.{name}: {{exactly: {value}, unit: {unit}, source: made}}"
    for name, value, unit in (
        ("rate", RATE, "probability/year"),
        ("memory", 0, '"1"'),
        ("since", 5, "years"),
        ("spill", SPILL, '"1"'),
    )
)
BESIDE = "beside: {P: {between: [Rival, Helper], says: They have a border.}}\ntheories:"


def text(*options: str, numbers: str = NUMBERS, beside: str = BESIDE) -> str:
    found = TEXT.replace("theories:", beside, 1).replace(
        "assumptions:", f"assumptions:{numbers}", 1
    )
    return found.replace("options:", "options:" + "".join(options), 1)


@cache
def case() -> Case:
    based = f"\n  based: {{says: B., sets: {{{BASE}}}}}"
    silent = f"\n  silent: {{says: S., without: [provocation], sets: {{{BASE}}}}}"
    same = "\n  same: {says: S., sets: {prices.rent: {exactly: 0, unit: M USD/year, source: made}}}"
    return read_text(text(based, silent, same), "test.yaml")


def test_a_base_stirs_them_by_its_share_of_what_it_does_to_the_host_s():
    assert f"{STEP}.3," in TEXT
    found, options = played(case())
    beside = found["region"] - found["disputes"] - found["started"]
    odds = RATE / (1 - RATE) * np.exp(SPILL * STIRS)
    for option, once in (("without", RATE), ("based", odds / (1 + odds)), ("silent", RATE)):
        np.testing.assert_allclose(beside[options.index(option)], YEARS * once, rtol=1e-12)
    for value in found.values():
        np.testing.assert_array_equal(value[options.index("same")], value[options.index("without")])


def test_they_are_as_often_as_given_beside_a_base_that_stands_already():
    based = text().replace("\n  base.troops: {exactly: 0,", "\n  base.troops: {exactly: 1000,", 1)
    none = "{base.troops: {exactly: 0, unit: persons, source: made}}"
    based = based.replace("options:", f"options:\n  left: {{says: L., sets: {none}}}", 1)
    found, options = played(read_text(based, "test.yaml"))
    beside = found["region"] - found["disputes"] - found["started"]
    odds = RATE / (1 - RATE) * np.exp(-SPILL * STIRS)
    np.testing.assert_allclose(beside[options.index("without")], YEARS * RATE, rtol=1e-12)
    np.testing.assert_allclose(beside[options.index("left")], YEARS * odds / (1 + odds))


def test_they_are_read_back_in_a_sentence():
    assert "P: Rival and Helper may quarrel without Host. They have a border." in show(case())


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[Rival, Helper]", "[Rival, Host]", "is between Helper and a state that threatens Host"),
        ("[Rival, Helper]", "[Helper, Helper]", "is between Helper and a state that threatens"),
        ("[Rival, Helper]", "[Rivel, Helper]", "no actor 'Rivel'"),
        ("}}\ntheories", "}, Q: {between: [Helper, Rival]}}\ntheories", "stand twice"),
    ],
)
def test_a_pair_that_is_none_is_refused_where_it_stands(old, new, says):
    numbers = NUMBERS + NUMBERS.replace("beside.P", "beside.Q") * ("Q:" in new)
    wrong = text(beside=BESIDE.replace(old, new), numbers=numbers)
    with pytest.raises(CaseError) as refused:
        sound(draft_text(wrong, "test.yaml"))
    line = wrong[: wrong.index("beside:")].count("\n") + 1
    assert [str(each).startswith(f"test.yaml:{line}:") for each in refused.value.problems] == [True]
    assert says in str(refused.value)


def test_a_state_that_does_not_threaten_the_host_is_no_neighbour():
    four = text(beside=BESIDE.replace("[Rival, Helper]", "[Other, Helper]"))
    four = four.replace("Helper: {name: Helper}}", "Helper: {name: Helper}, Other: {name: Other}}")
    with pytest.raises(CaseError, match="is between Helper and a state that threatens Host"):
        sound(draft_text(four, "test.yaml"))


def test_its_numbers_are_asked_for():
    with pytest.raises(CaseError, match=r"missing: beside\.P\.spill"):
        bound(read_text(text(numbers=""), "test.yaml"))
