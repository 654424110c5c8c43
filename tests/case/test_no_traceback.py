"""Whatever is broken in a file, the answer is a list of problems, each with its line."""

import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.case import shipped, tree
from foedus.case.read import Draft, build, draft_text
from foedus.case.tree import Leaf, Row, Table, Tree
from foedus.engine.reading import sound
from foedus.errors import CaseError

SHIPPED = shipped.find("south-caucasus")
TEXT = SHIPPED.read_text("utf-8")
LINE = re.compile(r"x\.yaml:[1-9]\d*:[1-9]\d*")
FOREIGN = re.compile(
    r"Field required|Extra inputs|Input should|Value error|Assertion|pydantic|loc="
)
JUNK: tuple[Any, ...] = (
    None, True, "", "junk", "a b", -1, 10**30, 1.5, float("nan"), float("inf"), [], {},
)  # fmt: skip
Path = tuple[str | int, ...]


def node_of(value: Any, mark: tree.Mark) -> Tree:
    if isinstance(value, list):
        return Row([], mark)
    return Table({}, mark) if isinstance(value, dict) else Leaf(value, mark)


def places(node: Tree, path: Path = ()) -> Iterator[Path]:
    if isinstance(node, Row):
        for i, each in enumerate(node.items):
            yield (*path, i)
            yield from places(each, (*path, i))
    elif isinstance(node, Table):
        for key, (_, each) in node.entries.items():
            yield (*path, key)
            yield from places(each, (*path, key))


def at(node: Tree, path: Path) -> Tree:
    for key in path:
        node = node.items[key] if isinstance(node, Row) else node.entries[key][1]
    return node


def changed(node: Tree, path: Path, change: Any) -> Tree:
    """A copy in which `change` has been applied to the group or list that holds `path`."""
    if len(path) == 1:
        copy = Row(list(node.items), node.mark) if isinstance(node, Row) else Table(
            dict(node.entries), node.mark)  # fmt: skip
        change(copy, path[0])
        return copy
    if isinstance(node, Row):
        items = list(node.items)
        items[path[0]] = changed(items[path[0]], path[1:], change)
        return Row(items, node.mark)
    mark, inner = node.entries[path[0]]
    return Table({**node.entries, path[0]: (mark, changed(inner, path[1:], change))}, node.mark)


def drop(holder: Any, key: Any) -> None:
    del (holder.items if isinstance(holder, Row) else holder.entries)[key]


def put(value: Tree) -> Any:
    def change(holder: Any, key: Any) -> None:
        if isinstance(holder, Row):
            holder.items[key] = value
        else:
            holder.entries[key] = (holder.entries[key][0], value)

    return change


def misspell(letter: int) -> Any:
    def change(holder: Any, key: Any) -> None:
        if isinstance(holder, Row):
            return
        wrong = key[: letter % len(key)] + "x" + key[letter % len(key) :]
        holder.entries = {wrong if k == key else k: v for k, v in holder.entries.items()}

    return change


def numbers(root: Tree) -> list[Path]:
    return [
        path
        for path in places(root)
        if isinstance(leaf := at(root, path), Leaf) and type(leaf.value) in (int, float)
    ]


def broken(root: Tree, paths: list[Path], where: list[Path], dice: random.Random) -> Tree:
    """One thing broken, of four kinds."""
    path = dice.choice(paths)
    kind = dice.randrange(4)
    if kind == 0:
        return changed(root, path, drop)
    if kind == 1:
        mark = at(root, path).mark
        return changed(root, path, put(node_of(dice.choice(JUNK), mark)))
    if kind == 2:
        return changed(root, path, misspell(dice.randrange(40)))
    one, other = dice.sample(where, 2)
    a, b = at(root, one), at(root, other)
    return changed(changed(root, one, put(b)), other, put(a))


def verdict(make: Any) -> tuple[str, ...]:
    """The problems that are told, none if the case is fine. Any other error is a failure."""
    try:
        sound(make())
    except CaseError as error:
        for problem in error.problems:
            assert LINE.fullmatch(problem.where), problem
            assert not FOREIGN.search(str(problem)), problem
            assert problem.what
        return tuple(map(str, error.problems))
    return ()


@pytest.fixture(scope="module")
def root() -> Tree:
    return tree.parse(TEXT, "x.yaml").tree


def test_a_thousand_broken_files_give_problems_and_never_a_traceback(root: Tree) -> None:
    dice = random.Random(2027)
    paths, where = list(places(root)), numbers(root)
    told = 0
    for _ in range(1000):
        damaged = broken(root, paths, where, dice)
        told += bool(verdict(lambda damaged=damaged: build(damaged, "x.yaml")))
    assert told > 500  # most slips can be known; a changed sentence or a smaller number cannot


def test_junk_for_a_whole_section_gives_problems(root: Tree) -> None:
    for path in [path for path in places(root) if len(path) == 1]:
        for value in JUNK[::2]:
            damaged = changed(root, path, put(node_of(value, (1, 1))))
            verdict(lambda damaged=damaged: build(damaged, "x.yaml"))


def test_two_things_broken_hide_neither(root: Tree) -> None:
    dice = random.Random(7)
    sections = [path for path in places(root) if len(path) == 3 and path[0] == "assumptions"]
    for _ in range(30):
        one, other = dice.sample(sections, 2)
        if one[1] == other[1] or "scale" in (one[2], other[2]):
            continue
        junk = put(Leaf(True, (1, 1)))
        both = changed(changed(root, one, junk), other, junk)
        found = " ".join(verdict(lambda both=both: build(both, "x.yaml")))
        assert str(one[1]) in found
        assert str(other[1]) in found


SMALL = "\n".join(line for line in TEXT.splitlines()[9:70] if not line.lstrip().startswith("#"))


@settings(max_examples=150)
@given(st.integers(0, len(SMALL) - 1), st.integers(0, 30), st.text(max_size=4))
def test_text_cut_and_written_over_anywhere_gives_problems(at_: int, cut: int, new: str) -> None:
    text = SMALL[:at_] + new + SMALL[at_ + cut :]
    verdict(lambda: read_any(text))


@settings(max_examples=300)
@given(st.text(alphabet=st.sampled_from(list("ab:-[]{}&*!|>'\"#%@`,? \n\t\\<~0")), max_size=40))
def test_any_scribble_gives_problems(text: str) -> None:
    verdict(lambda: read_any(text))


def read_any(text: str) -> Draft:
    return draft_text(text, "x.yaml")
