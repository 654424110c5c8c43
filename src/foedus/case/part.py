"""The parts of the system that an argument describes, and where each shows in a run."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from foedus.case.assumption import Cited, Name, Node, Text


class Part(Node):
    """One part: what it is, which outcomes it moves, and which claims speak of it.

    Where `option` and `than` are given, what the part moves is the difference between the two in
    the same world; where they are not, the outcomes are shown as they are under the reference.
    """

    says: Text
    option: Name | None = None  # with this part
    than: Name | None = None  # without it
    # those that show what the part does
    outcomes: Annotated[tuple[str, ...], Field(max_length=12)] = ()
    claims: Cited = ()  # the claims that speak of it
    missing: str = ""  # what a run cannot show of it

    @model_validator(mode="after")
    def _shows_somewhere(self) -> Self:
        if (self.option is None) != (self.than is None):
            raise ValueError(
                "names one option of a comparison",
                "give both: `option` with this part, `than` without it",
            )
        if not self.outcomes and not self.missing:
            raise ValueError(
                "says neither which outcomes it moves nor what is missing",
                "give `outcomes`, or say under `missing` what a run cannot show of it",
            )
        return self
