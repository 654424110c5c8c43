"""What a case can speak of, as rows: for `foedus list`."""

from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from typing import Any

Row = dict[str, str]


def rows(kind: str) -> list[Row]:
    """One row a thing; `kind` is one of questions, theories, outcomes, cases, levers."""
    found: dict[str, Callable[[], Iterator[Row]]] = {
        "questions": _questions,
        "theories": _theories,
        "outcomes": _outcomes,
        "cases": _cases,
        "levers": _levers,
    }
    return list(found[kind]())


def _questions() -> Iterator[Row]:
    from foedus.mechanisms import QUESTIONS

    for name, question in QUESTIONS.items():
        yield {
            "question": name,
            "asks": question.asks,
            "theories": ", ".join(question.theories),
        }


def _theories() -> Iterator[Row]:
    from foedus.mechanisms import QUESTIONS

    for name, question in QUESTIONS.items():
        for theory, found in question.theories.items():
            says = (getattr(found, "__doc__", None) or "").strip().split("\n")[0]
            yield {"question": name, "theory": theory, "says": says if callable(found) else ""}
    for entry in entry_points(group="foedus.theories"):  # of installed packages
        name, _, theory = entry.name.partition(".")
        says = (entry.load().__doc__ or "").strip().split("\n")[0]
        yield {"question": name, "theory": theory, "says": says}


def _outcomes() -> Iterator[Row]:
    from foedus.engine.outcomes import every

    for name, outcome in every().items():
        each = [] if outcome.total is None else [name]
        each += [] if outcome.by_threat is None else [f"{name}.THREAT"]
        yield {"outcome": ", ".join(each), "means": outcome.means, "unit": outcome.unit}


def _cases() -> Iterator[Row]:
    from foedus.case import shipped
    from foedus.case.read import read

    for name in shipped.names():
        yield {"case": name, "question": read(shipped.find(name)).question}


def _levers() -> Iterator[Row]:
    for name, number in _numbers():
        if number["lever"]:
            low, high = number["legal"]
            yield {
                "lever": name,
                "means": number["means"],
                "unit": number["unit"],
                "can be": ", ".join(number.get("words", ())) or f"{low:g} to {high:g}",
            }


def _numbers() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every number a case may have to give, by its name."""
    from foedus import mechanisms
    from foedus.worlds import routes

    for name, fact in mechanisms.FACTS.items():
        for field, number in mechanisms.needs(fact.params).items():
            yield f"{name}.{field}", number
    for name, question in mechanisms.QUESTIONS.items():
        for theory in question.theories:
            params = mechanisms.params_of(mechanisms.theory(name, theory))
            for field, number in mechanisms.needs(params).items():
                yield f"{name}.{theory}.{field}", number
    for name, _, number in routes.patterns():
        yield name, number
