"""State -> a case file: the author's own text with the changes written in, comments kept."""

import copy
import io
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.anchor import Anchor
from ruamel.yaml.comments import CommentedMap

from foedus.case.assumption import Path
from foedus.case.read import draft_text
from foedus.case.schema import Case
from foedus.engine.reading import sound
from foedus.live.edits import Base, changed, patches
from foedus.live.state import State


def saved(base: Base, state: State) -> str:
    """The text of a case file that says what a state says.

    Raises:
        CaseError: with every problem of the state.
    """
    wanted = changed(base, state)
    if not state.edits:
        return base.case.text
    yaml = YAML()  # keeps comments, quotes and the order of keys
    yaml.preserve_quotes, yaml.width = True, 1_000_000
    document = yaml.load(base.case.text)
    for path, value in patches(base, state):
        _put(document, path, value)
    written = io.StringIO()
    yaml.dump(document, written)
    text = written.getvalue()
    _agree(sound(draft_text(text, base.case.file, base.case.figures)), wanted)
    return text


def _agree(read_back: Case, wanted: Case) -> None:
    """What is saved must be what was seen: its numbers are quoted."""
    if read_back.model_dump() != wanted.model_dump():
        raise AssertionError("a saved case differs from the one on the page")


def _put(document: CommentedMap, path: Path, value: Any) -> None:
    *above, key = path
    held = document
    for step in above:
        inner = held.get(step)
        if inner is None:
            inner = CommentedMap()
        inner = _own(inner)
        held[step] = inner
        held = inner
    if value is None:
        held.pop(key, None)
    elif isinstance(value, dict) and isinstance(held.get(key), CommentedMap):
        held[key] = _rewritten(_own(held[key]), value)
    else:
        held[key] = _plain(value)


def _own(part: CommentedMap) -> CommentedMap:
    """A part that no alias elsewhere in the file shares, so that only this place changes."""
    if part.anchor.value is None:
        return part
    made = copy.copy(part)
    setattr(made, Anchor.attrib, Anchor())
    return made


def _rewritten(part: CommentedMap, value: dict[str, Any]) -> CommentedMap:
    """The same keys where they stand, so that comments stay; others go, new ones come first."""
    comments = []
    for key in [key for key in part if key not in value]:
        del part[key]
        comments += [part.ca.items.pop(key)] if key in part.ca.items else []
    for i, (key, each) in enumerate(value.items()):
        if key not in part:
            part.insert(i, key, _plain(each))
        elif part[key] != each:
            part[key] = _plain(each)
    if comments:  # what follows the last key is often the heading of the next part
        part.ca.items.setdefault(next(reversed(part)), comments[-1])
    return part


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        made = CommentedMap((key, _plain(each)) for key, each in value.items())
        made.fa.set_flow_style()
        return made
    return int(value) if isinstance(value, float) and value.is_integer() else value
