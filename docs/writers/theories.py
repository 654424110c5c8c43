"""docs/theories.md: every question, the theories that answer it, and the numbers they need."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import griffe

import foedus
from foedus import mechanisms
from foedus.case import shipped
from foedus.case.read import read
from foedus.mechanisms import FACTS, QUESTIONS, Fact
from foedus.mechanisms.base import Params
from foedus.mechanisms.beside import Beside
from writers.markdown import code, page, table
from writers.mechanisms import Rests, rests


def text() -> str:
    """The whole page."""
    return page(
        "theories",
        questions=(part for name in QUESTIONS for part in _question(name)),
        facts=(part for name, fact in _facts().items() for part in _fact(name, fact)),
        mechanisms=(part for name, each in rests().items() for part in _mechanism(name, each)),
        sources=["\n".join(f"- [{key}]: {cite}" for key, cite in _sources().items())],
    )


def _question(name: str) -> Iterator[str]:
    question = QUESTIONS[name]
    yield f"## {name}: {question.asks}"
    if question.by_threat:
        yield "Its numbers may be given *by threat*."
    for word, theory in question.theories.items():
        yield f"### {name}: {word}"
        yield from _said(_docstring(theory))
        yield _numbers(f"{name}.{word}", mechanisms.params_of(theory))


def _docstring(theory: Any) -> griffe.Docstring:
    """Of a function, or of a constant that a string below it describes."""
    if callable(theory) and not isinstance(theory, tuple):
        module, name = theory.__module__, theory.__name__
    else:
        module, name = next(_where(theory))
    found = _load(module)[name].docstring
    if found is None:
        raise LookupError(f"{module}.{name} has no docstring, so a reader cannot know what it says")
    return found


def _where(constant: Any) -> Iterator[tuple[str, str]]:
    for module in vars(mechanisms).values():
        if getattr(module, "__name__", "").startswith("foedus.mechanisms."):
            for name, value in vars(module).items():
                if value is constant:
                    yield module.__name__, name


def _load(module: str) -> griffe.Object:
    found = griffe.load(module, search_paths=[str(Path(foedus.__file__).parents[1])])
    assert isinstance(found, griffe.Object)
    return found


def _said(docstring: griffe.Docstring) -> Iterator[str]:
    """What a docstring says, section by section."""
    plain = {"returns_multiple_items": False, "returns_named_value": False}
    for section in docstring.parse("google", **plain):
        if isinstance(section, griffe.DocstringSectionText):
            yield "\n".join(_no_link(line) for line in section.value.splitlines())
        elif isinstance(section, griffe.DocstringSectionParameters):
            lines = [f"- `{each.name}`: {_line(each.description)}" for each in section.value]
            yield "Takes\n\n" + "\n".join(lines)
        elif isinstance(section, griffe.DocstringSectionReturns):
            yield f"Gives: {_line(section.value[0].description)}"
        elif isinstance(section, griffe.DocstringSectionAdmonition):
            yield f"{section.title}: {_line(section.value.description)}"


def _line(words: str) -> str:
    return _no_link(" ".join(words.split()))


def _no_link(line: str) -> str:
    """A unit or a key in brackets before a bracket is no link; a formula stays as it is."""
    return line if line.startswith("    ") else line.replace("](", "] (")


def _numbers(stem: str, params: type[Params]) -> str:
    rows = [
        (code(f"{stem}.{name}"), about["means"], code(about["unit"]), _legal(about),
         "lever" if about["lever"] else "")
        for name, about in mechanisms.needs(params).items()
    ]  # fmt: skip
    if not rows:
        return "It needs no number from the case."
    return table(("number", "means", "unit", "legal range", ""), rows)


def _legal(about: dict[str, Any]) -> str:
    if about["words"]:
        return "one of: " + ", ".join(map(code, about["words"]))
    low, high = about["legal"]
    return f"{low:,g} to {high:,g}"


def _facts() -> dict[str, Fact]:
    """Those that all cases know, and those of quarrels that a case names."""
    return {**FACTS, "beside.PAIR": Fact(Beside, by_threat=False)}


def _mechanism(name: str, each: Rests) -> Iterator[str]:
    """What one file asks, who disagrees, and where its published numbers are."""
    said = _load(f"foedus.mechanisms.{name}").docstring
    assert said is not None
    asks, _, _ = said.value.partition("\n\n")
    yield f"### mechanism: {name}"
    yield asks
    rivals = [
        f"{', '.join(map(code, theories))} (question {code(question)})"
        for question, theories in each.rivals.items()
    ]
    lines = [f"- Rivals: {'; '.join(rivals)}." if rivals else f"- No rival theory: {each.alone}."]
    if each.published:
        tests = ", ".join(map(code, each.published))
        lines.append(f"- [Published numbers](validation.md): {tests}.")
    else:
        lines.append(f"- No published number: {each.unpublished}.")
    yield "\n".join(lines)


def _fact(name: str, fact: Fact) -> Iterator[str]:
    yield f"### {name}"
    described = (fact.params.__doc__ or "").strip()
    yield described + (" These may be given *by threat*." if fact.by_threat else "")
    yield _numbers(name, fact.params)


def _sources() -> dict[str, str]:
    """Every key in brackets, with the citation that a shipped case gives it."""
    theories = [each for question in QUESTIONS.values() for each in question.theories.values()]
    keys = sorted({key for each in theories for key in cited(_docstring(each).value)})
    cites = {
        key: source.cite
        for name in reversed(shipped.names())
        for key, source in read(shipped.find(name)).sources.items()
    }
    if missing := [key for key in keys if key not in cites]:
        raise LookupError(f"no shipped case says what these sources are: {', '.join(missing)}")
    return {key: cites[key] for key in keys}


def cited(docstring: str) -> set[str]:
    """The keys of sources that a docstring names, in brackets in its last section.

    >>> sorted(cited("In [0, 1].\\n\\nSource:\\n    Two studies [gml, atop]; one [lee2023]."))
    ['atop', 'gml', 'lee2023']
    """
    _, _, source = docstring.partition("Source:")
    lists = re.findall(r"\[([a-z][a-z0-9_]*(?:,\s+[a-z][a-z0-9_]*)*)\]", source)
    return {key for each in lists for key in re.split(r",\s+", each)}
