"""Shared figures: files of sourced numbers that a case takes by `uses: [common]`.

What a case says itself goes before what it uses, number by number and question by question. A line
that is taken keeps the place it has in its own file, so that a message points there; and a case
knows what it took (`Case.borrowed`), so that it can be told from what its author wrote.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from foedus.case import tree
from foedus.case.assumption import Path
from foedus.errors import did_you_mean

Marks = dict[Path, str]
Complaint = tuple[Path, str, str]  # where in the case, what is wrong, the remedy


class Borrowed(NamedTuple):
    """What a case took from files of figures."""

    texts: dict[str, str]  # the files, as they were read
    lines: dict[str, str]  # of each number or `theories.QUESTION`, the file it is from
    complaints: list[Complaint]


def names() -> list[str]:
    """The files of figures that come with foedus."""
    return sorted(path.stem for path in _folder().glob("*.yaml"))


def text(name: str) -> str:
    """The file of figures called `name`, which must be one of `names`."""
    return (_folder() / f"{name}.yaml").read_text("utf-8")


def _folder() -> FilePath:
    return FilePath(str(files("foedus"))) / "figures"


def add(value: dict[str, Any], marks: Marks, texts: Mapping[str, str] | None) -> Borrowed:
    """Write into a case what it uses.

    Args:
        value: the case as plain values; what it does not say itself is added.
        marks: where each part stands; those of what is added are added.
        texts: the files of figures, by name; None for those that come with foedus.
    """
    found = Borrowed({}, {}, [])
    used = value.get("uses")
    known = names() if texts is None else sorted(texts)
    own = {section: _keys(value, section) for section in ("assumptions", "theories", "sources")}
    asked = [used] if isinstance(used, str) else used if isinstance(used, list) else []
    for i, name in enumerate(asked):
        path: Path = ("uses",) if isinstance(used, str) else ("uses", i)
        if name in known:
            found.texts[name] = text(name) if texts is None else texts[name]
            _take(name, found, value, marks, own)
        elif isinstance(name, str):
            said = (path, f"no file of figures '{name}'", did_you_mean(name, known))
            found.complaints.append(said)
    _cite(found, value, marks, own)
    return found


def _keys(value: dict[str, Any], section: str) -> set[str] | None:
    """The names that a section gives itself; None if it is no section at all."""
    given = value.setdefault(section, {})
    return set(given) if isinstance(given, dict) else None


def _take(
    name: str,
    found: Borrowed,
    value: dict[str, Any],
    marks: Marks,
    own: dict[str, set[str] | None],
) -> None:
    """Add the lines of one file; where two files give the same, the later one goes before."""
    shared, places = _parsed(found.texts[name], f"{name}.yaml")
    if own["theories"] is not None:
        for question, chosen in shared["theories"].items():
            if question not in own["theories"]:
                value["theories"][question] = chosen
                found.lines[f"theories.{question}"] = name
                _mark(marks, places, ("theories", question), ("theories", question))
    if own["assumptions"] is None:
        return
    for old, new in _wanted(shared, value, own["assumptions"]):
        value["assumptions"][new] = shared[old[0]][old[1]]
        found.lines[new] = name
        _mark(marks, places, old, ("assumptions", new))


def _cite(
    found: Borrowed, value: dict[str, Any], marks: Marks, own: dict[str, set[str] | None]
) -> None:
    """List the sources that the case, or what it took, cites and does not list itself."""
    if own["sources"] is None:
        return
    cited = set(_cited(value))
    for name, text in found.texts.items():
        shared, places = _parsed(text, f"{name}.yaml")
        for source in shared["sources"]:
            if source in cited and source not in own["sources"]:
                value["sources"][source] = shared["sources"][source]
                _mark(marks, places, ("sources", source), ("sources", source))


def _cited(part: Any) -> Iterator[str]:
    """Every key of a source that stands anywhere in a part of a case."""
    inside = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    if isinstance(part, dict):
        said = part.get("source")
        yield from (
            each for each in (said if isinstance(said, list) else [said]) if isinstance(each, str)
        )
    for each in inside:
        yield from _cited(each)


def _wanted(
    shared: dict[str, Any], value: dict[str, Any], own: set[str]
) -> list[tuple[tuple[str, str], str]]:
    """Lines of a file that a case has a use for, each with its name in the case."""
    threats = value.get("threats")
    threats = threats if isinstance(threats, dict) else {}
    rivals = [n for n, t in threats.items() if isinstance(t, dict) and t.get("rivals") is True]
    found = []
    for stem in shared["assumptions"]:
        said = {threat for threat in threats if f"{stem}.{threat}" in own}
        said |= set(rivals if stem in shared["rivals"] else ())
        needed = not threats or said != set(threats)
        if stem not in own and needed and _believed(stem, value["theories"]):
            found.append((("assumptions", stem), stem))
    for stem in shared["rivals"]:
        for threat in rivals:
            if not {stem, f"{stem}.{threat}"} & own:
                found.append((("rivals", stem), f"{stem}.{threat}"))
    return found


def _believed(stem: str, theories: Any) -> bool:
    """Whether it is no number of a theory, or of one that some worlds may believe."""
    question, _, rest = stem.partition(".")
    if not isinstance(theories, dict) or question not in theories:
        return True
    return rest.split(".")[0] in (theories[question] or ())


@cache
def _parsed(text: str, file: str) -> tree.Plain:
    return tree.flatten(tree.parse(text, file).tree, file)


def _mark(marks: Marks, places: Marks, old: Path, new: Path) -> None:
    for path, place in places.items():
        if path[: len(old)] == old:
            marks[new + path[len(old) :]] = place
