"""A YAML file -> Case. Every problem at once, each with its line, in words an analyst uses.

A file with problems is read as far as it can be: a misspelt key is taken for the one that was
meant, what cannot be read is left out, and what is left is a `Draft` whose names and numbers the
layers above can still check. So one slip does not hide another.
"""

import copy
from collections.abc import Mapping
from pathlib import Path as FilePath
from types import UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from foedus.case import figures, tree, words
from foedus.case.schema import Case, Node, Path
from foedus.errors import CaseError, Problem

Marks = dict[Path, str]

_STANDS_IN: dict[str, Any] = {  # for a section that cannot be read, and is then not known
    "foedus": 1,
    "title": "?",
    "question": "?",
    "years": [2000, 2000],
    "alliance": {"host": "A", "helper": "B"},
    "reference": "A",
    "actors": {"A": {"name": "A"}, "B": {"name": "B"}},
    "threats": {"A": {"challenger": "A", "target": "B", "rivals": False}},
    "theories": {},
    "assumptions": {},
    "options": {"A": {"says": "A"}},
    "sources": {},
}


class Draft(NamedTuple):
    """What a file says, as far as it can be read, and what is wrong with it."""

    case: Case
    problems: tuple[Problem, ...]


def read(path: str | FilePath) -> Case:
    """Read a case file.

    Raises:
        CaseError: with every problem of the file that can be known without theories.
    """
    return _whole(draft(path))


def read_text(text: str, name: str, shared: Mapping[str, str] | None = None) -> Case:
    """Read a case from its text; `name` is what messages call the file.

    Args:
        text: the case.
        name: what messages call it.
        shared: the files of figures that `uses` may name; None for those that come with foedus.
    """
    return _whole(draft_text(text, name, shared))


def _whole(found: Draft) -> Case:
    if found.problems:
        raise CaseError(found.problems)
    return found.case


def draft(path: str | FilePath) -> Draft:
    """Read what can be read of a case file.

    Raises:
        CaseError: if nothing can be.
    """
    path, raw = FilePath(path), b""
    try:
        size = path.stat().st_size
        if size <= tree.MAX_BYTES:
            with path.open("rb") as file:  # a device has no size, and may have no end
                raw = file.read(tree.MAX_BYTES + 1)
        if max(size, len(raw)) > tree.MAX_BYTES:
            over = f"{size / 1e6:.1f} MB" if size else f"over {tree.MAX_BYTES / 1e6:g} MB"
            limit = f"a case file has at most {tree.MAX_BYTES / 1e6:g} MB; put tables elsewhere"
            raise CaseError([Problem(str(path), "", f"is too large: {over}", limit)])
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        hint = "give the path of a case file, or the name of a shipped case"
        raise CaseError([Problem(str(path), "", f"cannot be read: {reason}", hint)]) from None
    try:
        text = raw.decode("utf-8-sig")  # some editors begin a file with a byte order mark
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        where = f"{path.name}:{line}:{column}"
        hint = "save the file as UTF-8"
        raise CaseError([Problem(where, "", "is not UTF-8 text from here on", hint)]) from None
    return draft_text(text, path.name)


def draft_text(text: str, name: str, shared: Mapping[str, str] | None = None) -> Draft:
    """Read what can be read of a case's text; the arguments are those of `read_text`."""
    parsed = tree.parse(text, name)
    found = build(parsed.tree, name, shared)
    found.case._text, found.case._file = text, name
    return Draft(found.case, (*parsed.problems, *found.problems))


def build(root: tree.Tree, name: str, shared: Mapping[str, str] | None = None) -> Draft:
    """A case from the tree of its file.

    Raises:
        CaseError: if the tree holds no keys.
    """
    value, marks = tree.flatten(root, name)
    if not isinstance(value, dict):
        what = "the file is empty" if value is None else "a case file is made of keys with values"
        hint = "begin with `foedus: 1`; a shipped case is a good template"
        raise CaseError([Problem(f"{name}:1:1", "", what, hint)])
    problems, errors = _repair_keys(value, marks)
    borrowed = figures.Borrowed({}, {}, [])
    if "uses" in value:
        borrowed = figures.add(value, marks, shared)
        problems += [_problem(*complaint, marks) for complaint in borrowed.complaints]
        errors = _errors(value)
    problems += _in_words(errors, value, marks)
    broken: set[Path] = set()
    while errors:
        parts = {_part(error, value) for error in errors}
        for part in parts:
            _leave_out(value, part)
        broken |= parts
        errors = _errors(value)
    case = Case.model_validate(value)
    empty: dict[str, Any] = {
        section: {} for section in ("actors", "threats", "options") if (section,) in broken
    }
    case = case.model_copy(update=empty)
    case._marks.update(marks)
    case._broken = frozenset(broken)
    case._unread = _unread(case, marks)
    case._figures, case._borrowed = borrowed.texts, borrowed.lines
    return Draft(case, tuple(problems))


def _unread(case: Case, marks: Marks) -> dict[str, tuple[str, ...]]:
    """Names that the file gives, section by section, whose value could not be read."""
    found: dict[str, tuple[str, ...]] = {}
    for section, name in (path for path in marks if len(path) == 2):
        read = getattr(case, str(section), None)
        if isinstance(read, dict) and name not in read:
            found[str(section)] = (*found.get(str(section), ()), str(name))
    return found


def _errors(value: dict[str, Any]) -> list[ErrorDetails]:
    try:
        Case.model_validate(value)
    except ValidationError as error:
        return error.errors(include_url=False)
    return []


def _repair_keys(value: dict[str, Any], marks: Marks) -> tuple[list[Problem], list[ErrorDetails]]:
    """Rename misspelt keys to what was meant, drop other unknown ones; tell of both.

    Returns:
        The problems of keys, and the errors that are left.
    """
    found = []
    errors = _errors(value)
    while unknown := [each for each in errors if each["type"] == "extra_forbidden"]:
        for error in unknown:
            path = tuple(error["loc"])
            parent, key = _get(value, path[:-1]), str(path[-1])
            known = [name for name in keys_at(path[:-1]) if name not in parent]
            what, hint = words.of_unknown(key, known)
            found.append(_problem(path, what, hint, marks))
            held = parent.pop(key)
            meant = hint.removeprefix("did you mean '").removesuffix("'?")
            if meant in known:
                parent[meant] = held
                _rename(marks, path, (*path[:-1], meant))
        errors = _errors(value)
    return found, errors


def _rename(marks: Marks, old: Path, new: Path) -> None:
    for path in [path for path in marks if path[: len(old)] == old]:
        marks[new + path[len(old) :]] = marks.pop(path)


def _in_words(errors: list[ErrorDetails], value: dict[str, Any], marks: Marks) -> list[Problem]:
    """One problem for each place: a value that may be of two kinds fails both ways at once."""
    found: list[Problem] = []
    places: dict[tuple[Path, bool], dict[str, Any]] = {}
    for error in errors:
        path = _real(error, value)
        if error["type"] != "missing":
            of_name = error["loc"][-1] == "[key]"
            places.setdefault((path, of_name), {})[error["type"]] = error.get("ctx", {})
        elif isinstance(path[-1], int):
            what, hint = words.of_count(len(_get(value, path[:-1])))
            found.append(_problem(path[:-1], what, hint, marks))
        else:
            found.append(_problem(path, *words.of_missing(path[-1]), marks))
    for (path, of_name), kinds in places.items():
        said = path[-1] if of_name else _get(value, path)
        found.append(_problem(path, *words.of_value(kinds, said), marks))
    return list(dict.fromkeys(found))


def _problem(path: Path, what: str, hint: str, marks: Marks) -> Problem:
    where = next(marks[path[:n]] for n in range(len(path), -1, -1) if path[:n] in marks)
    return Problem(where, ".".join(map(str, path)), what, hint)


def _real(error: ErrorDetails, value: Any) -> Path:
    """The part of an error's place that is in the file, and what is missing there."""
    loc = tuple(error["loc"])
    there = 0
    while there < len(loc) and _has(value, loc[there]):
        value = value[loc[there]]
        there += 1
    return loc[: there + 1] if error["type"] == "missing" else loc[:there]


def _part(error: ErrorDetails, value: Any) -> Path:
    """The smallest part of the file that must go: a list goes whole, or it says something else."""
    path = _real(error, value)
    if error["type"] == "missing" and len(path) > 1:
        path = path[:-1]
    while isinstance(path[-1], int):
        path = path[:-1]
    return path


def _has(value: Any, key: str | int) -> bool:
    if isinstance(value, dict):
        return key in value
    return isinstance(value, list) and isinstance(key, int) and key < len(value)


def _get(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value


def _leave_out(value: dict[str, Any], path: Path) -> None:
    """Take a part out of the file; a section that no case can do without gets a stand-in."""
    *above, key = path
    held: Any = value
    for step in above:
        if not _has(held, step):
            return  # it went with what held it
        held = held[step]
    held.pop(key, None)
    if len(path) == 1 and key in _STANDS_IN:
        value[str(key)] = copy.deepcopy(_STANDS_IN[str(key)])


def keys_at(path: Path) -> list[str]:
    """The keys that may stand in the part of a case at `path`; none where names are free."""
    kind: Any = Case
    for key in path:
        kind = _inside(kind, key)
    kind = _bare(kind)
    if not (isinstance(kind, type) and issubclass(kind, Node)):
        return []
    return [field.alias or name for name, field in kind.model_fields.items()]


def _inside(kind: Any, key: str | int) -> Any:
    kind = _bare(kind)
    if isinstance(kind, type) and issubclass(kind, Node):
        fields = kind.model_fields
        return next((f.annotation for name, f in fields.items() if (f.alias or name) == key), None)
    inner = get_args(kind)
    return inner[1] if get_origin(kind) is dict else inner[0] if inner else None


def _bare(kind: Any) -> Any:
    """A type without its limits, and without `or nothing`."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return _bare(next(each for each in get_args(kind) if each is not type(None)))
    return kind
