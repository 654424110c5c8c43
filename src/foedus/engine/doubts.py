"""What can be run and still deserves a second look: warnings of `foedus check`."""

from collections.abc import Iterator

from foedus.case.schema import Assumption, Case, Comparison, Interaction, Level, Path
from foedus.engine import outcomes
from foedus.errors import Problem

NARROW = 0.05  # a judged range narrower than this share of its middle is surer than judgement is

_ONE_SIDED = ("lower", "higher")


def doubts(case: Case) -> Iterator[Problem]:
    """What is odd about the numbers and the claims that the case's own file gives."""
    for name, given in case.assumptions.items():
        if name not in case.borrowed:
            yield from _number(case, ("assumptions", name), given)
    for option, each in case.options.items():
        for name, given in each.sets.items():
            yield from _number(case, ("options", option, "sets", name), given)
        yield from _delay(case, option)
    kept = outcomes.named(case.threats, case.theories)
    units = {name: each.unit for name, each in kept.items()}
    for name, claim in case.claims.items():
        for test, check in claim.tests.items():
            path = ("claims", name, "tests", test)
            unit = units[check.form.outcome]
            if isinstance(check.form, Level):
                yield from _level(case, path, check.form, unit)
            else:
                yield from _comparison(case, path, check.form, unit)


def _number(case: Case, path: Path, given: Assumption) -> Iterator[Problem]:
    if given.judged and not given.note:
        what = "rests on judgement alone, and no note says what brackets it"
        yield case.problem(path, what, "name a source, or say under `note` how it was judged")
    points = given.points()
    if not points:
        return
    width, middle = points[-1] - points[0], abs(points[0] + points[-1]) / 2
    if width == 0:
        yield case.problem(path, "is a range without a width", "write `exactly`, if it is known")
    elif given.judged and width < NARROW * middle:
        what = f"a judgement that is sure to within {width / middle:.1%} is surer than most"
        yield case.problem(path, what, "widen the range, or name the source that is so sure")


def _delay(case: Case, option: str) -> Iterator[Problem]:
    """A delay holds back what an option adds to a base that stands, and nothing else it sets."""
    sets, today = case.options[option].sets, case.assumptions
    if "base.delay" not in sets or not _is_nothing(today.get("base.delay")):
        return
    path, hint = ("options", option, "sets"), "`when: {year: 2030}` lets all of an option wait"
    if "base.troops" not in sets:
        what = "delays the troops that an option adds to a base, and this one adds none"
        yield case.problem((*path, "base.delay"), what, hint)
    elif "base.presence" in sets and not _is_nothing(today.get("base.troops")):
        what = "acts at once on the troops of today, and not when what is added opens"
        yield case.problem((*path, "base.presence"), what, hint)
    if all(float(years) >= case.horizon for years in sets["base.delay"].values()):
        what = f"is over only after the {case.horizon} years that are played"
        yield case.problem((*path, "base.delay"), what, "let it end before, or play more years")


def _is_nothing(given: Assumption | None) -> bool:
    return given is not None and given.exactly == 0


def _level(case: Case, path: Path, form: Level, unit: str) -> Iterator[Problem]:
    top = 1.0 if unit in ("probability", "1") else None
    met = (form.is_ == "at_least" and form.value <= 0) or (
        form.is_ == "at_most" and top is not None and form.value >= top
    )
    if met:
        what = f"{form.is_} {form.value:g} cannot fail: {form.outcome} always meets it"
        yield case.problem((*path, "level", "value"), what, "ask for a level that may be missed")
    if form.is_ == "at_most" and form.value < 0:
        what = f"at_most {form.value:g} cannot hold: {form.outcome} is never below 0"
        yield case.problem((*path, "level", "value"), what, "ask for a level that may be met")


def _comparison(
    case: Case, path: Path, form: Comparison | Interaction, unit: str
) -> Iterator[Problem]:
    at = (*path, "compare" if isinstance(form, Comparison) else "compare_difference")
    size, share = _margin(form.by)
    ends = "hold" if form.is_ in _ONE_SIDED else "fail"
    if size == 0 and form.is_ in _ONE_SIDED:
        what = f"with no margin any difference counts as {form.is_}, however small"
        yield case.problem(at, what, "say what difference would matter: `by: 5 %`, and why")
    if share and size >= 1 and form.is_ in ("lower", "no_lower"):
        what = f"cannot {ends}: {form.outcome} never falls by more than all of it"
        yield case.problem((*at, "by"), what, "give a margin below 100 %")
    if not share and size >= 1 and unit == "probability":
        what = f"cannot {ends}: odds never differ by more than 1"
        yield case.problem((*at, "by"), what, "write 5 percentage points as 0.05")
    if isinstance(form, Comparison):
        one, other = (case.options[name] for name in (form.option, form.than))
        if one.sets == other.sets and one.without == other.without:
            what = f"cannot {ends}: '{form.option}' and '{form.than}' set the same"
            yield case.problem(at, what, "compare options that differ")


def _margin(by: float | str) -> tuple[float, bool]:
    """The size of a margin that can be read, and whether it is a share of what is compared."""
    if not isinstance(by, str):
        return by, False
    number, _, rest = by.replace("%", " % ").strip().partition(" ")
    share = rest.strip() == "%"
    return float(number) / (100 if share else 1), share
