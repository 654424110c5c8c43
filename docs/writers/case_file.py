"""docs/case-file.md: every key of a case file, from the types that read it."""

import ast
import inspect
import io
import tokenize
from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo

from foedus.case import assumption, schema, theories
from foedus.case.assumption import Node
from foedus.case.words import of_missing
from writers.markdown import code, page, table

# Types with a name of their own, in words: their definitions say what is refused.
_NAMES = {
    assumption.Text: "text",
    assumption.Name: "a name",
    assumption.Number: "a number",
    assumption.Positive: "a number above 0",
    assumption.Year: "a year",
    assumption.YearKey: "a year",
    assumption.YesNo: "true or false",
    assumption.Sources: "a name, or a list of names",
    assumption.Cited: "a name, or a list of names",
    theories.Theories: "a list of theories, or a weight for each",
}


def text() -> str:
    """The whole page."""
    return page("case-file", parts=(part for node in _nodes(schema.Case) for part in _node(node)))


def _nodes(top: type[Node]) -> list[type[Node]]:
    """A type and all that it is made of, in the order in which a reader meets them."""
    found = [top]
    for node in found:
        for field in node.model_fields.values():
            found += [each for each in _parts(field.annotation) if each not in found]
    return found


def _parts(annotation: Any) -> Iterator[type[Node]]:
    if inspect.isclass(annotation) and issubclass(annotation, Node):
        yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


def _node(node: type[Node]) -> Iterator[str]:
    yield f"## {node.__name__}"
    yield inspect.cleandoc(node.__doc__ or "")
    written, comments = get_type_hints(node, include_extras=True), _comments(node)
    rows = [
        (
            code(field.alias or name),
            _words(written[name]),
            _needed(field),
            comments[name] or _hint(field.alias or name),
        )
        for name, field in node.model_fields.items()
    ]
    yield table(("key", "what stands there", "needed", "means"), rows)


def _hint(key: str) -> str:
    """What a reader is told who leaves the key out; nothing where foedus only says to add it."""
    hint = of_missing(key)[1]
    return "" if hint == of_missing("")[1] else hint


def _words(annotation: Any) -> str:
    """A type in plain words."""
    for named, words in _NAMES.items():
        if annotation == named:
            return words
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _words(parts[0]) + _limits(parts[1:])
    if origin is Literal:
        return "one of: " + ", ".join(code(str(part)) for part in parts)
    if origin in (Union, UnionType):
        return " or ".join(dict.fromkeys(_words(part) for part in parts if part is not NoneType))
    if origin is tuple and parts[-1] is Ellipsis:
        return f"a list: {_words(parts[0])}"
    if origin is tuple:
        return f"a list of {len(parts)}: {_words(parts[0])}"
    if origin is dict:
        return f"names, each with {_words(parts[1])}"
    if inspect.isclass(annotation) and issubclass(annotation, Node):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return {str: "text", float: "a number", int: "a whole number", bool: "true or false"}.get(
        annotation, "see below"
    )


def _limits(metadata: Any) -> str:
    said = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
    found = [
        f"{words} {value:,g}"
        for each in metadata
        for name, words in said.items()
        if isinstance(value := getattr(each, name, None), int | float)
    ]
    return f" ({', '.join(found)})" if found else ""


def _needed(field: FieldInfo) -> str:
    if field.is_required():
        return "yes"
    given = field.get_default(call_default_factory=True)
    if isinstance(given, Node):
        return "no"
    return "no" if given in (None, "", (), {}) else f"no: {code(str(given))}"


def _comments(node: type[Node]) -> dict[str, str]:
    """What a comment says of a field: at the end of its line, or alone on the line above it."""
    source = inspect.getsource(node)
    comments = [
        token
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    ]
    said = {each.start[0]: each.string.lstrip("# ") for each in comments}
    alone = {each.start[0] for each in comments if each.line.lstrip().startswith("#")}
    body = ast.parse(source).body[0]
    assert isinstance(body, ast.ClassDef)
    return {
        field.target.id: said.get(field.end_lineno or 0)
        or (said[field.lineno - 1] if field.lineno - 1 in alone else "")
        for field in body.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
    }
