"""Which worlds are set aside, because what they imply is not what has been published."""

import re
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from foedus.case.assumption import Name, Node, Number, Sources, Text

Range = tuple[Number, Number]


def _runs_upward(value: Range | None) -> Range | None:
    if value is not None and value[0] > value[1]:
        raise ValueError(
            f"the range is turned round: {value[0]:g}, {value[1]:g}",
            f"write the lower number first: {value[1]:g}, {value[0]:g}",
        )
    return value


class Change(Node):
    """What an option changes against another, all channels together, within published bounds."""

    outcome: str
    option: Name  # the option with the step
    than: Name
    percent: Range | None = None  # of `than`
    log_odds: Range | None = None  # of an outcome that is a probability
    difference: Range | None = None  # in the outcome's unit

    _upward = field_validator("percent", "log_odds", "difference")(_runs_upward)

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        if sum(x is not None for x in (self.percent, self.log_odds, self.difference)) != 1:
            raise ValueError(
                "says no bounds, or says them in two ways",
                "give exactly one of: percent, log_odds, difference",
            )
        return self

    @property
    def bounds(self) -> Range:
        """The published bounds, in the one measure that is given."""
        found = self.percent or self.log_odds or self.difference
        assert found is not None
        return found


class Span(Node):
    """An option's outcome within published bounds."""

    outcome: str
    option: Name  # the option it is about
    between: Range  # in the outcome's unit

    _upward = field_validator("between")(_runs_upward)

    @property
    def bounds(self) -> Range:
        """The published bounds."""
        return self.between


class Keep(Node):
    """Two numbers of a world in their order."""

    less: str
    more: str


class Screen(Node):
    """A condition on every world; a world that does not meet it is set aside, and counted."""

    says: Text
    source: Sources
    change: Change | None = None  # what a step changes
    level: Span | None = None  # where an outcome lies
    keep: Annotated[str, Field(max_length=200)] | None = None  # "one.number < another.number"
    note: str = ""  # how the limits were chosen

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if sum(x is not None for x in (self.change, self.level, self.keep)) != 1:
            raise ValueError(
                "asks nothing, or two things", "give exactly one of: change, level, keep"
            )
        return self

    @field_validator("keep")
    @classmethod
    def _is_an_order(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"\s*[\w.-]+\s*<\s*[\w.-]+\s*", value):
            raise ValueError(
                f"'{value}' is no order of two numbers", "write 'one.number < another.number'"
            )
        return value

    @property
    def form(self) -> Change | Span | Keep:
        """The one form that is given."""
        if self.keep is not None:
            less, more = (name.strip() for name in self.keep.split("<"))
            return Keep(less=less, more=more)
        found = self.change or self.level
        assert found is not None
        return found
