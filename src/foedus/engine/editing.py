"""The JSON Schema of case files: an editor that reads it completes keys and tells slips early.

The types give the shape; what may stand under `assumptions`, `theories`, `sets` and `outcome`
comes from the mechanisms and outcomes that are installed. `foedus check` knows more: this schema
cannot say that a name must be there, or that a range is turned round.
"""

from collections.abc import Iterator
from typing import Any

from foedus import mechanisms
from foedus.case.schema import Case
from foedus.engine.outcomes import every
from foedus.mechanisms import FACTS, QUESTIONS
from foedus.mechanisms.base import Params

SHARED = ("theories", "assumptions", "sources")  # what a file of shared figures may give


def schema() -> dict[str, Any]:
    """The schema, as JSON Schema of 2020."""
    found = Case.model_json_schema(by_alias=True, mode="validation")
    found["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    found["title"] = "A case of foedus"
    found["required"] = [name for name in found["required"] if name not in SHARED]
    found["anyOf"] = [{"required": ["uses"]}, {"required": list(SHARED)}]
    parts = found["properties"]
    numbers = dict(_numbers())
    line = parts["assumptions"]["additionalProperties"]
    parts["assumptions"]["properties"] = {
        name: {**line, "description": said} for name, (said, _) in numbers.items()
    }
    parts["theories"]["properties"] = {name: _question(name) for name in QUESTIONS}
    sets = found["$defs"]["Option"]["properties"]["sets"]
    sets["properties"] = {
        name: {**line, "description": said} for name, (said, lever) in numbers.items() if lever
    }
    for form in ("Comparison", "Interaction", "Level"):
        outcome = found["$defs"][form]["properties"]["outcome"]
        outcome["examples"] = [*every(), *(f"{name}.THREAT" for name in every())]
    return found


def _numbers() -> Iterator[tuple[str, tuple[str, bool]]]:
    """Every number a case may give, for all threats alike: what an editor says, and if a lever."""
    for stem, params in _params():
        for field, number in mechanisms.needs(params).items():
            low, high = number["legal"]
            legal = ", ".join(number["words"]) or f"{low:g} to {high:g}"
            said = f"{number['means']} [{number['unit']}], legal {legal}"
            yield f"{stem}.{field}", (said, number["lever"])


def _params() -> Iterator[tuple[str, type[Params]]]:
    yield from ((name, fact.params) for name, fact in FACTS.items())
    for name, question in QUESTIONS.items():
        for theory, found in question.theories.items():
            yield f"{name}.{theory}", mechanisms.params_of(found)


def _question(name: str) -> dict[str, Any]:
    question = QUESTIONS[name]
    theories = list(question.theories)
    return {
        "description": f"{question.asks} Known: {', '.join(theories)}.",
        "anyOf": [
            {"type": "array", "items": {"type": "string", "examples": theories}},
            {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}},
        ],
    }
