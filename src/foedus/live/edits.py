"""State + case -> the case as changed, read and checked like any case file."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from foedus.case import tree
from foedus.case.assumption import Assumption, Path
from foedus.case.read import build
from foedus.case.schema import Case, Level
from foedus.case.tree import Leaf, Mark, Row, Table, Tree, resolve
from foedus.engine.reading import sound
from foedus.errors import CaseError, Problem, did_you_mean
from foedus.live.state import State
from foedus.report.ranges import range_words
from foedus.report.words import margin_words, quantity
from foedus.worlds.columns import Column, columns

MOVED = "Moved on the live page"


@dataclass(frozen=True)
class Base:
    """A case as its author wrote it."""

    case: Case
    tree: Tree
    columns: dict[str, Column]

    @property
    def fingerprint(self) -> str:
        """Tells this case file from any other."""
        return hashlib.sha256(self.case.text.encode("utf-8")).hexdigest()[:8]


class Patch(NamedTuple):
    """One part of a case file, and what it is to be; None takes it out."""

    path: Path
    value: Any


def base_of(case: Case) -> Base:
    """A case that was read from a file."""
    parsed = tree.parse(case.text, case.file)
    return Base(case, parsed.tree, {column.name: column for column in columns(case)})


def changed(base: Base, state: State) -> Case:
    """The case as a state has it.

    Raises:
        CaseError: with every problem, in the words of the case reader; `control_of` says which
            control each is about.
    """
    if not state.edits:
        return base.case
    found = base.tree
    for path, value in patches(base, state):
        found = _put(found, path, value)
    return sound(build(found, base.case.file, base.case.figures))


def patches(base: Base, state: State) -> list[Patch]:
    """What a state changes in the case file.

    Raises:
        CaseError: if it speaks of what the case does not have.
    """
    found: list[Patch] = []
    problems: list[Problem] = []
    for key, text in state.edits:
        kind, *names = key.split(":")
        try:
            found += _KINDS[kind](base, names, text)
        except CaseError as error:
            problems += error.problems
    if problems:
        raise CaseError(problems)
    judged = any(patch.path[0] in ("assumptions", "options") for patch in found)
    if judged and "judgement" not in base.case.sources:
        found.append(Patch(("sources", "judgement"), "Our own judgement"))
    return found


def control_of(problem: Problem, case: Case) -> str:
    """The key of the control that a problem is about; "" if it is about none."""
    inside = [
        (len(path), key)
        for key, path in _controls(case)
        if problem.path == path or problem.path.startswith(f"{path}.")
    ]
    return max(inside, default=(0, ""))[1]


def _controls(case: Case) -> Iterator[tuple[str, str]]:
    yield from ((f"a:{name}", f"assumptions.{name}") for name in case.assumptions)
    yield from ((f"t:{question}", f"theories.{question}") for question in case.theories)
    for option in case.options:
        yield f"w:{option}", f"options.{option}.without"
        levers = {*case.assumptions, *case.options[option].sets}
        yield from ((f"o:{option}:{n}", f"options.{option}.sets.{n}") for n in levers)
    for claim, said in case.claims.items():
        yield from ((f"m:{claim}:{n}", f"claims.{claim}.tests.{n}") for n in said.tests)


def _assumption(base: Base, names: list[str], text: str) -> Iterator[Patch]:
    (name,) = names
    given = _known(base.case, "assumptions", name)
    yield Patch(("assumptions", name), _range(given, given.unit, text))


def _lever(base: Base, names: list[str], text: str) -> Iterator[Patch]:
    option, name = names
    given = _known(base.case, "options", option).sets.get(name)
    path = ("options", option, "sets", name)
    if not text:
        yield Patch(path, None)
        return
    column = base.columns.get(name)
    yield Patch(path, _range(given, column.unit if column else "1", text))


def _without(base: Base, names: list[str], text: str) -> Iterator[Patch]:
    (option,) = names
    _known(base.case, "options", option)
    yield Patch(("options", option, "without"), text.split(",") if text else None)


def _theories(base: Base, names: list[str], text: str) -> Iterator[Patch]:
    (question,) = names
    weights = _known(base.case, "theories", question)
    chosen = text.split(",") if text else []
    kept = {name: (weight or 1.0) * (name in chosen) for name, weight in weights.items()}
    yield Patch(("theories", question), kept | {n: 1.0 for n in chosen if n not in weights})


def _margin(base: Base, names: list[str], text: str) -> Iterator[Patch]:
    claim, test = names
    checks = _known(base.case, "claims", claim).tests
    if test not in checks:
        _unknown(base.case, ("claims", claim, "tests"), test, list(checks))
    check = checks[test]
    form = "compare" if check.compare else "level" if check.level else "compare_difference"
    path = ("claims", claim, "tests", test)
    yield Patch((*path, form, "value" if form == "level" else "by"), resolve(text))
    outcome = check.form.outcome
    unit = _unit(base, outcome)
    was = (
        quantity(check.form.value, unit)
        if isinstance(check.form, Level)
        else margin_words(check.form, unit)
    )
    because = f"{MOVED}; the case had {was}. There: {check.because}"
    yield Patch((*path, "because"), because)


_KINDS: dict[str, Callable[[Base, list[str], str], Iterator[Patch]]] = {
    "a": _assumption, "o": _lever, "w": _without, "t": _theories, "m": _margin,
}  # fmt: skip


def _known(case: Case, section: str, name: str) -> Any:
    there: dict[str, Any] = getattr(case, section)
    if name not in there:
        _unknown(case, (section,), name, list(there))
    return there[name]


def _unknown(case: Case, path: Path, name: str, known: list[str]) -> None:
    what = f"this case has no '{name}' here"
    raise CaseError([case.problem((*path, name), what, did_you_mean(name, known))])


def _unit(base: Base, outcome: str) -> str:
    from foedus.engine.outcomes import named  # jax is loaded by then

    return named(base.case.threats, base.case.theories)[outcome].unit


def _range(given: Assumption | None, unit: str, text: str) -> dict[str, Any]:
    """An assumption with another range: it rests on whoever moved it, and says what it was."""
    value: dict[str, Any] = {}
    points = [resolve(each) for each in text.split("~")]
    choices = [resolve(each) for each in text.split(",")]
    scale = given.scale if given else None
    if len(choices) > 1:
        value["choices"] = choices
        weighs = dict(zip(given.choices or (), given.weights or (), strict=False)) if given else {}
        if set(choices) <= set(weighs):
            value["weights"] = [weighs[each] for each in choices if each in weighs]
    elif len(points) == 1:
        value["exactly"] = points[0]
    elif len(points) == 3:
        value |= dict(zip(("low", "central", "high"), points, strict=True))
        value["scale"] = scale or "linear"
    else:
        value |= {"between": points} | ({"scale": scale} if scale else {})
    kept = {"means": given.means} if given and given.means else {}
    was = f"; the case had {range_words(given)}" if given else ""
    note = f"{MOVED}{was}. {given.note if given else ''}".strip()
    return {**value, "unit": unit, "source": ["judgement"], **kept, "note": note}


def _put(node: Tree, path: Path, value: Any) -> Tree:
    """A tree with another value at `path`; what it shares with the old one is not copied."""
    assert isinstance(node, Table)
    key, *rest = path
    at, old = node.entries.get(str(key), (node.mark, Table({}, node.mark)))
    entries = dict(node.entries)
    if rest:
        entries[str(key)] = (at, _put(old, tuple(rest), value))
    elif value is None:
        entries.pop(str(key), None)
    else:
        entries[str(key)] = (at, _planted(value, at))
    return Table(entries, node.mark)


def _planted(value: Any, at: Mark) -> Tree:
    if isinstance(value, dict):
        return Table({key: (at, _planted(each, at)) for key, each in value.items()}, at)
    if isinstance(value, list | tuple):
        return Row([_planted(each, at) for each in value], at)
    return Leaf(value, at)
