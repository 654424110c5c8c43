"""A YAML file -> Case. Every problem at once, each with its line, in words an analyst uses."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from foedus.case.schema import Case
from foedus.errors import CaseError, Problem


def read(path: str | Path) -> Case:
    """Read a case file.

    Raises:
        CaseError: with every problem of the file.
    """
    path = Path(path)
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise CaseError([Problem(str(path), "", f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise CaseError([Problem(str(path), "", "is not UTF-8 text")]) from None
    return read_text(text, path.name)


def read_text(text: str, name: str) -> Case:
    """Read a case from its text; `name` is what messages call the file."""
    try:
        tree = YAML(typ="rt", pure=True).load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        raise CaseError([Problem(where, "", error.problem or "not valid YAML")]) from None
    except YAMLError as error:
        raise CaseError([Problem(name, "", f"not valid YAML: {error}")]) from None
    if not isinstance(tree, CommentedMap):
        raise CaseError([Problem(f"{name}:1:1", "", "a case file is a mapping of keys to values")])
    marks: dict[tuple[str | int, ...], str] = {(): f"{name}:1:1"}
    plain = _plain(tree, (), name, marks)
    try:
        case = Case.model_validate(plain)
    except ValidationError as error:
        raise CaseError(_problems(error, marks)) from None
    case._marks.update(marks)
    object.__setattr__(case, "_text", text)
    return case


def _plain(node: Any, path: tuple[str | int, ...], name: str, marks: dict[Any, str]) -> Any:
    """The tree without ruamel's comments, noting where each key and item stands."""
    if isinstance(node, CommentedMap):
        for key in node:
            line, column = node.lc.key(key)
            marks[(*path, str(key))] = f"{name}:{line + 1}:{column + 1}"
        return {str(k): _plain(v, (*path, str(k)), name, marks) for k, v in node.items()}
    if isinstance(node, CommentedSeq):
        for i in range(len(node)):
            line, column = node.lc.item(i)
            marks[(*path, i)] = f"{name}:{line + 1}:{column + 1}"
        return [_plain(v, (*path, i), name, marks) for i, v in enumerate(node)]
    return node


def _problems(error: ValidationError, marks: dict[Any, str]) -> list[Problem]:
    found = []
    for each in error.errors():
        loc = tuple(each["loc"])
        where = next(marks[loc[:n]] for n in range(len(loc), -1, -1) if loc[:n] in marks)
        found.append(Problem(where, ".".join(map(str, loc)), each["msg"]))
    return found
