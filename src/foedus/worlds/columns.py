"""The numbers a case must give: their names, units and legal ranges."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from foedus import mechanisms
from foedus.case.schema import Case
from foedus.mechanisms import FACTS, QUESTIONS, beside
from foedus.worlds import routes


@dataclass(frozen=True)
class Column:
    """One number of a world: its name in the case file, and what it must be."""

    name: str  # "contest.decisiveness", "rates.challenge.ARM-AZE", "forces.AZE", "theory.pact"
    unit: str
    legal: tuple[float, float]
    means: str
    lever: bool = False
    words: tuple[str, ...] = ()


def columns(case: Case) -> Iterator[Column]:
    """The numbers a case must give, in the order in which a world holds them.

    A number that may differ from threat to threat stands once for all, or once for each
    threat that the case names.
    """
    given = set(case.names("assumptions"))
    for question in QUESTIONS:
        chosen = mechanisms.chosen(case.theories, question)
        if len(chosen) > 1:
            name = f"theory.{question}"
            asks = QUESTIONS[question].asks
            yield Column(name, "theory", (0.0, len(chosen) - 1.0), asks, words=chosen)
    for actor in case.names("actors"):
        yield Column(f"forces.{actor}", "brigades", (0.0, 10_000.0), f"forces of {actor}")
    for stem, by_threat, number in numbers(case):
        threats = case.names("threats")
        names = [n for t in threats if (n := f"{stem}.{t}") in given]
        shared = stem in given or not by_threat or len(names) < len(threats)
        for name in [stem] * shared + names * by_threat:
            yield Column(name, **number)


def numbers(case: Case) -> Iterator[tuple[str, bool, dict[str, Any]]]:
    """Every number that facts, theories and routes need: stem, by threat?, what it is."""
    seen: set[str] = set()
    for name, fact in FACTS.items():
        if not mechanisms.asked(case.theories, fact.of):
            continue
        for field, number in mechanisms.needs(fact.params).items():
            yield f"{name}.{field}", fact.by_threat, number
    for name, question in QUESTIONS.items():
        for chosen in filter(
            partial(mechanisms.known, name), mechanisms.chosen(case.theories, name)
        ):
            found = mechanisms.params_of(mechanisms.theory(name, chosen))
            for field, number in mechanisms.needs(found).items():
                stem = f"{name}.{chosen}.{field}"
                if stem not in seen:
                    seen.add(stem)
                    yield stem, question.by_threat, number
    yield from routes.numbers(case)
    for pair in case.names("beside"):
        for field, number in mechanisms.needs(beside.Beside).items():
            yield f"beside.{pair}.{field}", False, number
