"""A file -> Case, with every problem that any layer knows of, at once."""

from pathlib import Path

from foedus.case import shipped
from foedus.case.read import Draft, draft
from foedus.case.schema import Case
from foedus.engine import outcomes
from foedus.engine.claims import claim_problems
from foedus.engine.doubts import doubts
from foedus.engine.parts import part_problems
from foedus.engine.screening import screen_problems
from foedus.errors import CaseError, Problem
from foedus.worlds.model import Model, bind, problems, warnings


def read(case: str | Path) -> Case:
    """Read a case that can be run.

    Args:
        case: the path of a case file, or the name of a shipped case.

    Raises:
        CaseError: with every problem of the file: of its text, its names and numbers, its claims.
    """
    return sound(draft(shipped.find(case)))


def check(case: str | Path | Case) -> list[Problem]:
    """What is odd about a case, though it can be run; nothing, for most.

    Args:
        case: a case as it was read, the path of a case file, or the name of a shipped case.

    Raises:
        CaseError: with every problem of the case.
    """
    found = _again(case) if isinstance(case, Case) else read(case)
    return [*warnings(found), *doubts(found)]


def bound(case: Case) -> Model:
    """The model of a case, once everything it says is found to make sense.

    Raises:
        CaseError: with every problem of the case.
    """
    return bind(_again(case))


def _again(case: Case) -> Case:
    """The same case, looked through once more: it may have been made or changed in Python."""
    return sound(Draft(case, ()))


def sound(found: Draft) -> Case:
    """The case, if nothing is wrong with it.

    Raises:
        CaseError: with the problems of its text and all that can be known beside them.
    """
    case = found.case
    theories = case.theories if case.knows("theories") else None
    kept = outcomes.named(case.names("threats"), theories)
    units = {name: each.unit for name, each in kept.items()}
    every = [
        *found.problems,
        *problems(found.case),
        *screen_problems(found.case, units),
        *claim_problems(found.case, units),
        *part_problems(found.case, units),
    ]
    if every:
        raise CaseError(every)
    return found.case
