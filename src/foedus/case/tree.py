"""YAML 1.2 text -> plain values, with the line and column of each.

Built on ruamel's events, not on its objects: that takes half the time, and what no analyst means
(a tag, a key twice, an expansion without end) is met here before any value is made. Values are
read by the core schema of YAML 1.2, so `NO` is Norway and `on` is a word.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from foedus.case.words import OPEN_QUOTE, of_syntax
from foedus.errors import CaseError, Problem

MAX_BYTES = 1_000_000  # ten times the longest case that comes with foedus
MAX_NODES = 50_000  # after aliases are written out; the largest real case has some thousands
MAX_DEPTH = 20

_LONG_TAG = re.compile(r"!\S{2000}")

Path = tuple[str | int, ...]
Mark = tuple[int, int]  # line and column, from 1


@dataclass(slots=True)
class Leaf:
    """A single value."""

    value: str | int | float | bool | None
    mark: Mark


@dataclass(slots=True)
class Row:
    """A list."""

    items: list["Tree"]
    mark: Mark


@dataclass(slots=True)
class Table:
    """Keys with their values; each key knows where it stands."""

    entries: dict[str, tuple[Mark, "Tree"]]
    mark: Mark


Tree = Leaf | Row | Table


class Parsed(NamedTuple):
    """A file as a tree, and what was wrong with its YAML though it could be read."""

    tree: Tree
    problems: tuple[Problem, ...]


class Plain(NamedTuple):
    """A tree as dicts, lists and values, and "file:line:column" of every part."""

    value: Any
    marks: dict[Path, str]


def parse(text: str, name: str) -> Parsed:
    """Read YAML text; `name` is what messages call the file.

    Raises:
        CaseError: if the text is no YAML, or nothing a case file would hold.
    """
    if found := _LONG_TAG.search(text):  # the reader's time grows with the square of its length
        before = text[: found.start()]
        at = (before.count("\n") + 1, found.start() - before.rfind("\n"))
        what = "an exclamation mark with no end to what follows it"
        raise CaseError([Problem(_at(name, at), "", what, "delete it, or put a space after it")])
    composer = _Composer(name, _events(text))
    try:
        tree = composer.document()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        said = error.problem or ""
        if opened := composer.open_quote(error, at):
            at, said = opened, OPEN_QUOTE
        problem = Problem(_at(name, at), "", *of_syntax(said))
        raise CaseError([*composer.problems, problem]) from None
    except ReaderError as error:
        before = text[: error.position]
        at = (before.count("\n") + 1, error.position - before.rfind("\n"))
        what = f"an invisible character (U+{error.character:04X}) that YAML does not allow"
        raise CaseError([Problem(_at(name, at), "", what, "delete it")]) from None
    except YAMLError:
        raise CaseError([Problem(_at(name, composer.last), "", *of_syntax(""))]) from None
    return Parsed(tree, tuple(composer.problems))


def _events(text: str) -> Iterator[Any]:
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except YAMLError:
        raise
    except Exception as error:  # ruamel meets malformed escapes and directives with any error
        raise YAMLError("malformed") from error


def flatten(tree: Tree, name: str) -> Plain:
    """Write a tree out as plain values, aliases and all.

    Raises:
        CaseError: if aliases of aliases make it grow without bound.
    """
    marks: dict[Path, str] = {(): _at(name, tree.mark)}

    def walk(node: Tree, path: Path) -> Any:
        if len(marks) > MAX_NODES:
            what = f"has over {MAX_NODES:,} parts once its aliases (*name) are written out"
            hint = "an alias of aliases of aliases grows fast: write the parts that are needed"
            raise CaseError([Problem(_at(name, tree.mark), "", what, hint)])
        if isinstance(node, Leaf):
            return node.value
        if isinstance(node, Row):
            marks.update({(*path, i): _at(name, each.mark) for i, each in enumerate(node.items)})
            return [walk(each, (*path, i)) for i, each in enumerate(node.items)]
        marks.update({(*path, k): _at(name, mark) for k, (mark, _) in node.entries.items()})
        return {k: walk(each, (*path, k)) for k, (_, each) in node.entries.items()}

    return Plain(walk(tree, ()), marks)


def _at(name: str, mark: Mark) -> str:
    return f"{name}:{mark[0]}:{mark[1]}"


@dataclass
class _Composer:
    """Events -> tree. Problems that leave the rest readable are kept, not raised."""

    name: str
    events: Iterator[Any]
    problems: list[Problem] = field(default_factory=list)
    anchors: dict[str, Tree] = field(default_factory=dict)
    last: Mark = (1, 1)
    quoted: tuple[Mark, int] | None = None  # where the last quote opened, and its last line
    nodes: int = 0

    def document(self) -> Tree:
        tree: Tree = Leaf(None, (1, 1))
        documents = 0
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents == 2:
                    hint = "a case file is one document: remove the `---` and what follows"
                    self.complain(_mark(event), (), "a second document begins here", hint)
                if documents >= 2:
                    break
                tree = self.node(next(self.events), ())
        return tree

    def complain(self, at: Mark, path: Path, what: str, hint: str = "") -> None:
        where = _at(self.name, at)
        self.problems.append(Problem(where, ".".join(map(str, path)), what, hint))

    def open_quote(self, error: MarkedYAMLError, at: Mark) -> Mark | None:
        """Where a quote was opened and forgotten, if that is what an error comes from.

        Without its end a quoted text runs on to the next quote, or to the end of the file; the
        parser complains there, often many lines below.
        """
        if error.context == OPEN_QUOTE and error.context_mark:
            return error.context_mark.line + 1, error.context_mark.column + 1
        if self.quoted and self.quoted[0][0] < self.quoted[1] == at[0]:
            return self.quoted[0]
        return None

    def node(self, event: Any, path: Path) -> Tree:
        at = self.last = _mark(event)
        self.nodes += 1
        if self.nodes > MAX_NODES or len(path) > MAX_DEPTH:
            what = "too many parts" if self.nodes > MAX_NODES else "too many levels, one in another"
            hint = f"a case has at most {MAX_NODES:,} parts in {MAX_DEPTH} levels"
            raise CaseError([*self.problems, Problem(_at(self.name, at), "", what, hint)])
        if isinstance(event, AliasEvent):
            return self.alias(event, at, path)
        self.refuse_tag(event, at, path)
        made: Tree
        if isinstance(event, ScalarEvent):
            plain = event.style is None
            if event.style in ("'", '"'):
                self.quoted = at, event.end_mark.line + 1
            made = Leaf(resolve(event.value) if plain else event.value, at)
        elif isinstance(event, SequenceStartEvent):
            made = Row([], at)
            while not isinstance(item := next(self.events), SequenceEndEvent):
                made.items.append(self.node(item, (*path, len(made.items))))
        else:
            assert isinstance(event, MappingStartEvent)
            made = self.table(at, path)
        if event.anchor is not None:
            self.anchors[event.anchor] = made
        return made

    def alias(self, event: Any, at: Mark, path: Path) -> Tree:
        if event.anchor not in self.anchors:
            hint = f"put &{event.anchor} before the value it stands for, further up"
            self.complain(at, path, f"*{event.anchor} stands for nothing written above", hint)
        return self.anchors.get(event.anchor, Leaf(None, at))

    def refuse_tag(self, event: Any, at: Mark, path: Path) -> None:
        untagged = any(event.implicit) if isinstance(event, ScalarEvent) else event.implicit
        if not untagged:
            tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
            hint = "remove it: a value is read as it stands, and text may stand in quotes"
            self.complain(at, path, f"the tag {tag} is refused", hint)

    def table(self, at: Mark, path: Path) -> Table:
        made = Table({}, at)
        merged: list[Table] = []
        while not isinstance(event := next(self.events), MappingEndEvent):
            key_at = self.last = _mark(event)
            if not isinstance(event, ScalarEvent):
                self.node(event, path)  # read past it
                self.node(next(self.events), path)
                self.complain(key_at, path, "a key must be a word", "write `key: value`")
                continue
            key = event.value
            self.refuse_tag(event, key_at, (*path, key))
            value = self.node(next(self.events), (*path, key))
            if event.anchor is not None:
                self.anchors[event.anchor] = Leaf(key, key_at)
            if key == "<<" and event.style is None:
                merged += self.merge(value, key_at, path)
                continue
            if key in made.entries:
                line = made.entries[key][0][0]
                hint = f"first in line {line}, again in line {key_at[0]}: keep one"
                self.complain(key_at, (*path, key), f"'{key}' is written twice", hint)
            made.entries[key] = (key_at, value)
        for other in merged:
            made.entries = {**other.entries, **made.entries}
        return made

    def merge(self, value: Tree, at: Mark, path: Path) -> list[Table]:
        found = value.items if isinstance(value, Row) else [value]
        tables = [each for each in found if isinstance(each, Table)]
        if len(tables) < len(found):
            hint = "write `<<: *name`, where &name marks keys with values further up"
            self.complain(at, path, "`<<` must name a group of keys", hint)
        return tables


def _mark(event: Any) -> Mark:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _integer(base: int) -> Callable[[str], int | float]:
    # Python refuses to read thousands of digits; a number that long is no number here.
    return lambda text: int(text, base) if len(text) < 300 else float("inf")


_CORE: tuple[tuple[re.Pattern[str], Callable[[str], Any]], ...] = (
    (re.compile(r"~|null|Null|NULL|"), lambda _: None),
    (re.compile(r"true|True|TRUE"), lambda _: True),
    (re.compile(r"false|False|FALSE"), lambda _: False),
    (re.compile(r"[-+]?[0-9]+", re.ASCII), _integer(10)),
    (re.compile(r"0o[0-7]+", re.ASCII), _integer(8)),
    (re.compile(r"0x[0-9a-fA-F]+", re.ASCII), _integer(16)),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII), float),
    (re.compile(r"[-+]?\.(inf|Inf|INF)"), lambda text: float(text.replace(".", ""))),
    (re.compile(r"\.(nan|NaN|NAN)"), lambda _: float("nan")),
)


def resolve(text: str) -> str | int | float | bool | None:
    """What an unquoted value means in YAML 1.2.

    >>> resolve("NO"), resolve("1e3"), resolve("0x10"), resolve("true")
    ('NO', 1000.0, 16, True)
    """
    for pattern, make in _CORE:
        if pattern.fullmatch(text):
            made: str | int | float | bool | None = make(text)
            return made
    return text
