"""What people say, and how it is tested in one world."""

from typing import Annotated, Literal, Self

from pydantic import Field, Strict, field_validator, model_validator

from foedus.case.assumption import Cited, Name, Names, Node, Number, Positive, Text

Part = Annotated[float, Strict(), Field(ge=0, le=1, allow_inf_nan=False)]


class Comparison(Node):
    """An option against another, world by world."""

    outcome: str
    option: Name  # the option that the claim is about
    is_: Annotated[Literal["lower", "higher", "no_lower", "no_higher", "same"], Field(alias="is")]
    than: Name
    by: Number | Text = 0.0  # in the outcome's unit, or "5 %" of `than`


class Pair(Node):
    """An option, and the one it is compared with."""

    option: Name  # the option with the step
    than: Name  # the option without it


class Interaction(Node):
    """Whether the difference one step makes is itself different after another step."""

    outcome: str
    first: Pair  # the step whose difference is asked about
    second: Pair  # the step it is compared with
    is_: Annotated[Literal["lower", "higher", "no_lower", "no_higher", "same"], Field(alias="is")]
    by: Number | Text = 0.0  # in the outcome's unit, or "5 %" of `first.than`


class Level(Node):
    """An option's outcome against a number."""

    outcome: str
    option: Name  # the option that the claim is about
    is_: Annotated[Literal["at_least", "at_most"], Field(alias="is")]
    value: Number  # in the outcome's unit


class Check(Node):
    """How a claim can be right or wrong in one world."""

    says: Text
    because: Text  # why this margin
    compare: Comparison | None = None  # one option against another
    compare_difference: Interaction | None = None  # one step against another
    level: Level | None = None  # one option against a number

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if sum(x is not None for x in (self.compare, self.compare_difference, self.level)) != 1:
            raise ValueError(
                "asks nothing, or two things",
                "give exactly one of: compare, compare_difference, level",
            )
        return self

    @property
    def form(self) -> Comparison | Interaction | Level:
        """The one form that is given."""
        found = self.compare or self.compare_difference or self.level
        assert found is not None
        return found


class Aim(Node):
    """One of the outcomes that a value claim weighs."""

    better: Literal["lower", "higher"]  # which way this outcome is wanted
    swing: Positive | Literal["changes", "levels"]  # what one unit of weight is worth
    weight: tuple[Part, Part] = (0.0, 1.0)  # between which its weight may lie

    @field_validator("weight")
    @classmethod
    def _leaves_room(cls, value: tuple[float, float]) -> tuple[float, float]:
        if not value[0] < value[1]:
            raise ValueError(
                f"{value[0]:g} to {value[1]:g} leaves a weight no room",
                "the lower first, such as `weight: [0.2, 0.6]`",
            )
        return value


class Weigh(Node):
    """How a value claim is tested: does the option rank so, whatever the outcomes weigh?

    Weights are at least 0 and add up to 1. A swing says what one unit of weight is worth: a
    number in the outcome's unit; or `changes`, the range from 5 to 95 % of what the options
    change against the option, over worlds, no change included; or `levels`, that of the outcome.
    """

    says: Text
    because: Text  # why these outcomes, and these swings
    option: Name  # the option that is weighed against the others
    better_than: Names | None = None  # the options that it must beat
    ranks: Literal["best"] | None = None  # better than every other option of the case
    # what is weighed together: each outcome with its swing
    outcomes: Annotated[dict[str, Aim], Field(min_length=2, max_length=10)]

    @model_validator(mode="after")
    def _one_rank(self) -> Self:
        if (self.better_than is None) == (self.ranks is None):
            raise ValueError(
                "says no rank, or says it in two ways",
                "give exactly one of: `better_than: [an_option, another]`, `ranks: best`",
            )
        return self

    @model_validator(mode="after")
    def _weights_can_add_up(self) -> Self:
        low, high = (sum(aim.weight[i] for aim in self.outcomes.values()) for i in (0, 1))
        if not low < 1 < high:
            raise ValueError(
                f"weights from {low:g} to {high:g} in all leave no room to add up to 1",
                "the lower ends must add up to less than 1, the upper ends to more",
            )
        return self


class Record(Node):
    """What the public record says, for and against alike."""

    # how far the record bears the claim out
    status: Literal["supported", "partly supported", "contested", "unsupported", "untested"]
    confidence: Literal["high", "medium", "low"]  # in the status
    evidence_for: Annotated[str, Field(alias="for")]  # the evidence for it
    against: str  # the evidence against it, or that none was found
    source: Cited = ()  # keys of `sources`
    note: str = ""  # such as: as of which date


class Claim(Node):
    """Something people say, in their words and in neutral ones."""

    quote: str = ""  # as it stands in the document; none where a claim is only reported
    offset: Annotated[int, Strict(), Field(ge=0, le=10**9)] = 0  # letters before the quote
    by: str = ""  # who says so, and when
    says: Text
    kind: Literal["fact", "cause", "counterfactual", "value"]
    tests: dict[Name, Check] = Field(default_factory=dict)  # all of them must be right
    weigh: Weigh | None = None  # how outcomes are weighed, for a value claim
    untested: str = ""  # what is missing, where there is no test
    record: Record | None = None  # what is known about it from outside the model

    @property
    def words(self) -> str:
        """The claim in its own words, or in ours where none are quoted."""
        return f"“{self.quote}”" if self.quote else self.says

    @field_validator("quote")
    @classmethod
    def _a_quote_is_short(cls, value: str) -> str:
        if len(value.split()) > 12:
            raise ValueError(
                f"the quote has {len(value.split())} words",
                "quote twelve words at most, and say the rest in your own under `says`",
            )
        return value

    @model_validator(mode="after")
    def _can_be_answered(self) -> Self:
        tested = bool(self.tests) or self.weigh is not None
        if not tested and not self.untested and self.record is None:
            raise ValueError(
                "says neither how it is tested nor why it cannot be",
                "give tests, a record, or say what is missing under `untested`",
            )
        if self.weigh is not None and self.kind != "value":
            raise ValueError(
                f"weighs outcomes, but its kind is {self.kind}",
                "write `kind: value`, or say what is to be tested under `tests`",
            )
        if tested and self.untested:
            raise ValueError("has tests and says it is untested", "leave one of the two out")
        return self
