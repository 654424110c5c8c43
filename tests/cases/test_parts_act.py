"""Every part of the argument acts in the whole engine: what it is said to move, it moves.

The parts and their outcomes are those of the case, which the report shows as a table. A part that
were dead (a lever that nothing reads, a theory that is never asked) would move nothing.
"""

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from foedus.case.part import Part
from foedus.case.read import read
from foedus.engine.many import play
from foedus.engine.reading import bound
from foedus.worlds.points import unit_rows, values
from writers.signs import ONE_SIGN, read_certainties, signs

CASE = read(Path(str(files("foedus") / "cases" / "south-caucasus.yaml")))
SYSTEM = [f"S{number}" for number in range(1, 13)]  # the parts of the system that is argued for
MOVES = 1e-3  # of an outcome: less comes along with the cost of anything, through the economy
WORLDS_MOVED = 0.2  # in fewer worlds a part would hardly be said to move it
WORLDS = 256
CERTAIN = read_certainties()

Found = dict[str, dict[str, np.ndarray]]  # by outcome and option


@pytest.fixture(scope="module")
def found() -> Found:
    """Outcomes of the options that the parts compare, in worlds that could all be computed."""
    compared = {each for part in CASE.parts.values() for each in (part.option, part.than)}
    kept = {name: o for name, o in CASE.options.items() if name in {*compared, CASE.reference}}
    case = CASE.model_copy(update={"options": kept, "claims": {}, "parts": {}, "screens": {}})
    model = bound(case)
    by_outcome = play(case, model, values(case, model, unit_rows(len(model.columns), 0, WORLDS, 0)))
    assert by_outcome.pop("sound").all()
    return {name: dict(zip(model.options, each, strict=True)) for name, each in by_outcome.items()}


def test_the_case_has_every_part_of_the_system_and_options_that_set_each_apart() -> None:
    assert list(CASE.parts) == SYSTEM
    for name, part in CASE.parts.items():
        assert part.option, name
        assert part.outcomes, name


@pytest.mark.parametrize("name", SYSTEM)
def test_a_part_moves_every_outcome_that_it_is_said_to_move(name: str, found: Found) -> None:
    part = CASE.parts[name]
    for outcome in part.outcomes:
        having, lacking = _pair(found[outcome], part)
        moved = np.abs(having - lacking) > MOVES * np.maximum(np.abs(having), np.abs(lacking))
        assert moved.mean() > WORLDS_MOVED, f"{name}: {outcome} hardly moves"
        shares = signs(having, lacking)
        if sign := _certain(part, outcome):
            either = shares.lower + shares.higher
            assert getattr(shares, sign) > ONE_SIGN * either, f"{name}: {outcome} is not {sign}"


def test_theory_leaves_the_sign_open_of_the_base_itself_and_of_waiting_with_one_alone() -> None:
    known = [n for n, part in CASE.parts.items() if any(_certain(part, o) for o in part.outcomes)]
    assert set(SYSTEM) - set(known) == {"S8", "S12"}


def test_a_comparison_of_an_option_with_itself_moves_nothing(found: Found) -> None:
    same = Part(says="Nothing.", option="nothing", than="nothing", outcomes=("disputes",))
    for outcome, by_option in found.items():
        assert signs(*_pair(by_option, same)).same == 1, outcome


def _certain(part: Part, outcome: str) -> str:
    """The sign of what the part does to an outcome, where theory leaves no other; or empty.

    Certainties are about options against the reference, which may be the side without the part or
    that with it. Of the declaration alone it is that a promise brings help more often.
    """
    if (part.option, part.than, outcome) == ("treaty_only", "nothing", "help"):
        return "higher"
    other = part.option if part.than == CASE.reference else part.than
    if CASE.reference not in (part.option, part.than):
        return ""
    for sign, reverse in (("lower", "higher"), ("higher", "lower")):
        if any(each.explains(other, outcome, sign) for each in CERTAIN):
            return sign if part.than == CASE.reference else reverse
    return ""


def _pair(by_option: dict[str, np.ndarray], part: Part) -> tuple[np.ndarray, np.ndarray]:
    """With the part, and without it."""
    assert part.option is not None
    assert part.than is not None
    return by_option[part.option], by_option[part.than]
