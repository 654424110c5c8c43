"""What each mechanism rests on: its rivals, and where its published numbers are tested."""

from collections.abc import Iterator
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from foedus import mechanisms
from foedus.mechanisms import QUESTIONS

HERE = Path(__file__).parent
ARITHMETIC = {"base", "choice", "normal"}  # how a theory is written, and functions that all use


class Rests(NamedTuple):
    """What one file of `foedus.mechanisms` rests on."""

    published: tuple[str, ...]  # tests whose published numbers are its own
    unpublished: str  # why there are none
    rivals: dict[str, tuple[str, ...]]  # questions that it answers, and the theories of each
    alone: str  # why there are none


def names() -> list[str]:
    """Every mechanism, in the order of the alphabet."""
    return [m.name for m in iter_modules(mechanisms.__path__) if m.name not in ARITHMETIC]


def rests() -> dict[str, Rests]:
    """What every mechanism rests on, by its name."""
    said = YAML(typ="safe").load(HERE / "mechanisms.yaml")
    if unknown := set(said) - set(names()):
        raise LookupError(f"mechanisms.yaml speaks of no mechanism: {', '.join(sorted(unknown))}")
    return {name: _of(name, **said.get(name, {})) for name in names()}


def _of(
    name: str, unpublished: str = "", alone: str = "", published: tuple[str, ...] = ()
) -> Rests:
    usual = () if unpublished else (f"tests/mechanisms/test_{name}.py",)
    return Rests(tuple(published) or usual, unpublished, dict(_rivals(name)), alone)


def _rivals(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The questions with rival theories of which at least one is in this file."""
    for question, each in QUESTIONS.items():
        if len(each.theories) > 1 and any(home(t) == name for t in each.theories.values()):
            yield question, tuple(each.theories)


def home(theory: Any) -> str:
    """The file of a theory: a function, or a constant with a name."""
    if callable(theory) and not isinstance(theory, tuple):
        return str(theory.__module__).rpartition(".")[2]
    return next(where for where, constant in constants() if constant is theory)


def constants() -> Iterator[tuple[str, Any]]:
    """The constants of all mechanisms, each with the file that has it."""
    for name in names():
        module = getattr(mechanisms, name, None)
        yield from ((name, value) for value in vars(module).values()) if module else ()
