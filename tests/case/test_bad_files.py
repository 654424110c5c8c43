"""Every bad file says on its own lines what must be said there, and nothing else is said."""

import re
from pathlib import Path

import pytest

from foedus.case.read import draft
from foedus.engine.reading import sound
from foedus.errors import CaseError, Problem

BAD = Path(__file__).parent / "bad"
FILES = sorted(BAD.glob("*.yaml"))
FOREIGN = ("Field required", "Extra inputs", "Input should", "Value error", "type=", "pydantic")


def problems(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(CaseError) as caught:
        sound(draft(path))
    return caught.value.problems


def line(problem: Problem) -> int:
    name, number, column = problem.where.split(":")
    assert name.endswith(".yaml")
    assert int(column) >= 1
    return int(number)


def missing(problem: Problem) -> bool:
    """The files hold only the part that is bad: what is not there is missing as well."""
    return bool(re.search(r"is missing$|^missing: |^no theory chosen|^no threat to", problem.what))


def expected(path: Path) -> dict[int, list[str]]:
    found = {}
    for number, text in enumerate(path.read_text("utf-8").splitlines(), 1):
        _, sign, words = text.partition("# expect: ")
        if sign:
            found[number] = [each.strip() for each in words.split(" | ")]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_problem_is_told_at_its_line_in_our_words(path: Path) -> None:
    found = problems(path)
    for number, words in expected(path).items():
        here = "\n".join(str(each) for each in found if line(each) == number)
        for each in words:
            assert each in here, f"line {number}: wanted {each!r} in:\n{here}"
    assert not [each for each in found if any(word in str(each) for word in FOREIGN)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_is_said_of_lines_that_are_right(path: Path) -> None:
    bad = expected(path)
    false = [each for each in problems(path) if line(each) not in bad and not missing(each)]
    assert not false, "\n".join(map(str, false))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_problems_stand_in_the_order_of_the_file(path: Path) -> None:
    lines = [line(each) for each in problems(path)]
    assert lines == sorted(lines)
