"""What screens say of outcomes, options and numbers that are not there, or cannot be compared."""

from collections.abc import Iterator, Mapping

from foedus.case.schema import Case, Path
from foedus.case.screen import Change, Keep, Span
from foedus.errors import Problem, did_you_mean
from foedus.worlds.columns import Column, columns


def screen_problems(case: Case, units: Mapping[str, str]) -> Iterator[Problem]:
    """Everything in a case's screens that a run could not answer.

    Args:
        case: a case, or what is left of one with problems.
        units: the unit of every outcome that a run of the case keeps.
    """
    numbers = {column.name: column for column in columns(case)}
    for name, screen in case.screens.items():
        path, form = ("screens", name), screen.form
        if isinstance(form, Keep):
            yield from _order(case, (*path, "keep"), form, numbers)
        elif isinstance(form, Change):
            yield from _spoken(case, (*path, "change"), form, ("option", "than"), units)
            yield from _pair(case, (*path, "change"), form, units)
        else:
            yield from _spoken(case, (*path, "level"), form, ("option",), units)
            yield from _reach(case, (*path, "level"), form, units)


def _spoken(
    case: Case, path: Path, form: Change | Span, keys: tuple[str, ...], units: Mapping[str, str]
) -> Iterator[Problem]:
    if form.outcome not in units and case.knows("threats"):
        hint = did_you_mean(form.outcome, units)
        yield case.problem((*path, "outcome"), f"no outcome '{form.outcome}'", hint)
    options = case.names("options")
    for key in keys:
        option = getattr(form, key)
        if case.knows("options") and option not in options:
            hint = did_you_mean(option, options)
            yield case.problem((*path, key), f"no option '{option}'", hint)


def _pair(case: Case, path: Path, form: Change, units: Mapping[str, str]) -> Iterator[Problem]:
    if form.option == form.than:
        yield case.problem(path, f"compares '{form.option}' with itself", "name two options")
    unit = units.get(form.outcome, "probability")
    if form.log_odds is not None and unit != "probability":
        what = f"'{form.outcome}' is no probability, so it has no odds"
        yield case.problem((*path, "log_odds"), what, "bound its percent, or its difference")


def _reach(case: Case, path: Path, form: Span, units: Mapping[str, str]) -> Iterator[Problem]:
    low, high = form.between
    if units.get(form.outcome) == "probability" and (low > 1 or high < 0 or high > 1):
        what = f"{low:g} to {high:g} where odds from 0 to 1 are meant"
        yield case.problem((*path, "between"), what, "write 5 % as 0.05")


def _order(case: Case, path: Path, form: Keep, numbers: Mapping[str, Column]) -> Iterator[Problem]:
    """Both are numbers of a world, in one unit."""
    if form.less == form.more:
        yield case.problem(path, f"compares '{form.less}' with itself", "name two numbers")
    there = [numbers[name] for name in (form.less, form.more) if name in numbers]
    for name in (form.less, form.more):
        if name not in numbers and case.knows("assumptions") and case.knows("theories"):
            hint = did_you_mean(name, numbers)
            yield case.problem(path, f"no number '{name}' in a world of this case", hint)
    for column in there:
        if column.words:
            what = f"'{column.name}' is a word, not a number"
            yield case.problem(path, what, "name two numbers")
    if len(there) == 2 and there[0].unit != there[1].unit:
        what = f"'{form.less}' is in {there[0].unit}, '{form.more}' in {there[1].unit}"
        yield case.problem(path, what, "name two numbers in one unit")
