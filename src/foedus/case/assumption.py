"""A number we do not know, or know, and the types that all parts of a case are made of."""

import itertools
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, model_validator

Path = tuple[str | int, ...]
Text = Annotated[str, Field(min_length=1, max_length=20_000)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=60)]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Positive = Annotated[float, Strict(), Field(gt=0, allow_inf_nan=False)]
Year = Annotated[int, Strict(), Field(ge=1800, le=2300)]
YesNo = Annotated[bool, Strict()]


def _year_as_a_key(value: Any) -> Any:
    """Keys of a file are words; a year among them is a number."""
    if isinstance(value, str) and not (value.isascii() and value.isdecimal()):
        raise ValueError(f"'{value}' is no year", "write a year of the calendar: `2030: 8`")
    return int(value) if isinstance(value, str) else value


YearKey = Annotated[
    int, BeforeValidator(_year_as_a_key, json_schema_input_type=int), Field(ge=1800, le=2300)
]


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


_OneOrMore = BeforeValidator(_listed, json_schema_input_type=Name | tuple[Name, ...])
Cited = Annotated[tuple[Name, ...], _OneOrMore]  # one key is a list of one
Names = Annotated[tuple[Name, ...], _OneOrMore, Field(min_length=1)]
Sources = Names  # keys of `sources`


class Node(BaseModel):
    """A part of a case: fixed once read, and nothing in it that foedus does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Assumption(Node):
    """A number: a value, a range, a choice, three points, or, of an option, a schedule."""

    exactly: Number | Name | None = None  # one value, or one word
    between: tuple[Number, Number] | None = None  # a range, every value as likely
    # a lever's value from each of these years to the next, until the first as in the reference
    yearly: Annotated[dict[YearKey, Number | Name], Field(min_length=1, max_length=60)] | None = (
        None
    )
    # some values, or some words
    choices: Annotated[tuple[Number | Name, ...], Field(min_length=1)] | None = None
    weights: tuple[Positive, ...] | None = None  # of the choices, else all alike
    low: Number | None = None  # with central and high: half of the worlds below central
    central: Number | None = None  # half of the worlds lie on either side of it
    high: Number | None = None  # the upper end; nothing lies beyond
    scale: Literal["linear", "log"] | None = None  # log: every factor as likely
    unit: Text
    source: Sources
    means: str = ""  # what the number is, in this case's own words
    note: str = ""  # how the range was made

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        three = (self.low, self.central, self.high)
        one_of = (self.exactly, self.between, self.choices, self.yearly)
        ways = [each is not None for each in one_of]
        if sum(ways) + any(each is not None for each in three) != 1:
            raise ValueError(
                "says no value, or says it in two ways",
                "give exactly one of: exactly, between, choices, yearly, or low + central + high",
            )
        if any(each is not None for each in three) and None in three:
            raise ValueError(
                "three points need all of low, central and high",
                "with two points write `between: [low, high]`",
            )
        if self.weights is not None and len(self.weights) != len(self.choices or ()):
            raise ValueError("weights go with choices, one for each", "count both lists")
        if self.scale is not None and not (self.between or self.low is not None):
            raise ValueError(
                "a scale without a range", "it goes with between, or with low + central + high"
            )
        self._range_is_sound(self.points())
        return self

    def _range_is_sound(self, points: tuple[float, ...]) -> None:
        said = ", ".join(f"{point:g}" for point in points)
        if any(a > b for a, b in itertools.pairwise(points)):
            raise ValueError(
                f"the range is turned round: {said}",
                f"write the lower number first: {', '.join(f'{x:g}' for x in sorted(points))}",
            )
        if self.scale == "log" and points[0] <= 0:
            raise ValueError(
                f"a log scale needs numbers above 0, not {points[0]:g}", "or say `scale: linear`"
            )
        if self.low is not None and points[0] > 0 and points[2] > 10 * points[0] and not self.scale:
            raise ValueError(
                f"high ({points[2]:g}) is over ten times low ({points[0]:g})",
                "say `scale: log` (each factor of ten as likely) or `scale: linear`",
            )

    def points(self) -> tuple[float, ...]:
        """The corners of the range, in order; empty for a value or a choice."""
        if self.between is not None:
            return self.between
        if self.low is not None and self.central is not None and self.high is not None:
            return (self.low, self.central, self.high)
        return ()

    def values(self) -> tuple[float | str, ...]:
        """Every value that is written: to be checked against what is legal."""
        if self.exactly is not None:
            return (self.exactly,)
        if self.yearly is not None:
            return tuple(self.yearly.values())
        return self.choices if self.choices is not None else self.points()

    @property
    def varies(self) -> bool:
        """Whether it differs from world to world."""
        return self.yearly is None and len(set(self.values())) > 1

    def steps(self) -> dict[int, "Assumption"]:
        """A schedule as one value for each of its years, in order; empty for anything else."""
        taken = {"yearly": None}
        return {
            year: self.model_copy(update={**taken, "exactly": value})
            for year, value in sorted((self.yearly or {}).items())
        }

    @property
    def judged(self) -> bool:
        """Whether it rests on judgement alone."""
        return self.source == ("judgement",)
