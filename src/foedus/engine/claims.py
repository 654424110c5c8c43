"""What claims say of outcomes and options that are not there, or in a wrong unit."""

import math
from collections.abc import Iterator, Mapping

from foedus.case.claim import Weigh
from foedus.case.schema import Case, Check, Comparison, Interaction, Level, Path
from foedus.errors import Problem, did_you_mean


def claim_problems(case: Case, units: Mapping[str, str]) -> Iterator[Problem]:
    """Everything in a case's claims that a run could not answer.

    Args:
        case: a case, or what is left of one with problems.
        units: the unit of every outcome that a run of the case keeps.
    """
    for name, claim in case.claims.items():
        for test, check in claim.tests.items():
            path = ("claims", name, "tests", test, _form(check))
            outcome = check.form.outcome
            if outcome in units:
                yield from _size(case, path, check, units[outcome])
            elif case.knows("threats"):
                hint = did_you_mean(outcome, units)
                yield case.problem((*path, "outcome"), f"no outcome '{outcome}'", hint)
            yield from _options(case, path, check)
        if claim.weigh is not None:
            yield from _weighed(case, ("claims", name, "weigh"), claim.weigh, units)


def _weighed(case: Case, path: Path, form: Weigh, units: Mapping[str, str]) -> Iterator[Problem]:
    for outcome in form.outcomes:
        if outcome not in units and case.knows("threats"):
            hint = did_you_mean(outcome, units)
            yield case.problem((*path, "outcomes", outcome), f"no outcome '{outcome}'", hint)
    options, rivals = case.names("options"), form.better_than or ()
    for i, rival in enumerate(rivals):
        if rival == form.option:
            what, hint = f"compares '{rival}' with itself", "name another option"
            yield case.problem((*path, "better_than", i), what, hint)
    spoken: list[tuple[Path, str]] = [((*path, "option"), form.option)]
    spoken += [((*path, "better_than", i), rival) for i, rival in enumerate(rivals)]
    for at, option in spoken:
        if case.knows("options") and option not in options:
            yield case.problem(at, f"no option '{option}'", did_you_mean(option, options))


def _form(check: Check) -> str:
    if check.compare is not None:
        return "compare"
    return "level" if check.level is not None else "compare_difference"


def _options(case: Case, path: Path, check: Check) -> Iterator[Problem]:
    form = check.form
    spoken: list[tuple[Path, str]] = []
    pairs: list[tuple[Path, str, str]] = []
    if isinstance(form, Level):
        spoken = [((*path, "option"), form.option)]
    elif isinstance(form, Comparison):
        pairs = [(path, form.option, form.than)]
    elif isinstance(form, Interaction):
        pairs = [
            ((*path, "first"), form.first.option, form.first.than),
            ((*path, "second"), form.second.option, form.second.than),
        ]
    for at, option, than in pairs:
        spoken += [((*at, "option"), option), ((*at, "than"), than)]
        if option == than:
            yield case.problem(at, f"compares '{option}' with itself", "name two options")
    options = case.names("options")
    for at, option in spoken:
        if case.knows("options") and option not in options:
            yield case.problem(at, f"no option '{option}'", did_you_mean(option, options))


def _size(case: Case, path: Path, check: Check, unit: str) -> Iterator[Problem]:
    """The level asked for, or the margin."""
    form = check.form
    if isinstance(form, Level):
        if unit == "probability" and not 0 <= form.value <= 1:
            what = f"{form.value:g} where odds from 0 to 1 are meant"
            yield case.problem((*path, "value"), what, "write 5 % as 0.05")
        return
    hint = f"write a number of at least 0, '5 %' of the option compared with, or '0.5 {unit}'"
    if not _readable(form.by, unit):
        yield case.problem((*path, "by"), f"cannot read the margin '{form.by}'", hint)


def _readable(by: float | str, unit: str) -> bool:
    if not isinstance(by, str):
        return by >= 0
    number, _, rest = by.replace("%", " % ").strip().partition(" ")
    try:
        size = float(number)
    except ValueError:
        return False
    return math.isfinite(size) and size >= 0 and rest.strip() in ("%", unit)
