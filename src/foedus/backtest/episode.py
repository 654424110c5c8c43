"""What is predicted: episodes, each a threat of a case as it stood before a number of years.

What happened after is in another file, which only the scorer reads. No number of the model is
fitted to it.
"""

import hashlib
from collections.abc import Callable
from importlib.resources import files
from typing import NamedTuple

from foedus.case.schema import Case

EVENTS = ("fatal", "war")


class Episode(NamedTuple):
    """One threat, and what is said of it without a model."""

    name: str
    group: str  # episodes of one group are not independent of one another
    case: Callable[[], Case]
    option: str  # what was decided at the time
    threat: str
    base: dict[str, float]  # by event: the odds for any such pair in so many years
    record: dict[str, float]  # the same, weighed with what this pair did before


class Asked(NamedTuple):
    """A set of episodes that are predicted and scored together."""

    what: str  # they are, in the plural
    episodes: Callable[[], list[Episode]]
    inputs: Callable[[], dict[str, str]]  # name -> text, of all that predictions are made from
    outcomes: str  # the file of what happened
    limits: str  # what a reader of the scores must know


def text_of(name: str) -> str:
    """A file of the backtest."""
    return files("foedus.backtest").joinpath(name).read_text("utf-8")


def hashes(asked: Asked) -> dict[str, str]:
    """Hashes of what predictions are made from: another text needs other predictions."""
    return {
        f"{name}_sha256": hashlib.sha256(text.encode("utf-8")).hexdigest()
        for name, text in asked.inputs().items()
    }
