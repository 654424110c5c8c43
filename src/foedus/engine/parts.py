"""What the parts of an argument say of outcomes, options and claims that are not there."""

from collections.abc import Collection, Iterator

from foedus.case.schema import Case
from foedus.errors import Problem, did_you_mean


def part_problems(case: Case, outcomes: Collection[str]) -> Iterator[Problem]:
    """Every name in the parts of a case that a run would not know.

    Args:
        case: a case, or what is left of one with problems.
        outcomes: every outcome that a run of the case keeps.
    """
    claims, options = case.names("claims"), case.names("options")
    for name, part in case.parts.items():
        path = ("parts", name)
        for i, outcome in enumerate(part.outcomes):
            if outcome not in outcomes and case.knows("threats"):
                hint = did_you_mean(outcome, outcomes)
                yield case.problem((*path, "outcomes", i), f"no outcome '{outcome}'", hint)
        for i, claim in enumerate(part.claims):
            if claim not in claims and case.knows("claims"):
                hint = did_you_mean(claim, claims)
                yield case.problem((*path, "claims", i), f"no claim '{claim}'", hint)
        for at, option in (("option", part.option), ("than", part.than)):
            if option is not None and option not in options and case.knows("options"):
                hint = did_you_mean(option, options)
                yield case.problem((*path, at), f"no option '{option}'", hint)
        if part.option is not None and part.option == part.than:
            yield case.problem(path, f"compares '{part.option}' with itself", "name two options")
