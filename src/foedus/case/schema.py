"""What an analyst writes, as types. A case says all it knows; foedus adds no number."""

from typing import Annotated, Any, Literal, Self

from pydantic import (
    Field,
    PrivateAttr,
    Strict,
    field_validator,
    model_validator,
)

from foedus.case.assumption import (
    Assumption,
    Cited,
    Name,
    Node,
    Path,
    Sources,
    Text,
    Year,
    YesNo,
)
from foedus.case.claim import (
    Check,
    Claim,
    Comparison,
    Interaction,
    Level,
    Pair,
    Record,
)
from foedus.case.part import Part
from foedus.case.route import Denier, Reception, Route, Stage
from foedus.case.screen import Screen
from foedus.case.theories import Theories
from foedus.errors import Problem

__all__ = [
    "Actor", "Alliance", "Assumption", "Beside", "Case", "Check", "Claim", "Comparison", "Denier",
    "Document", "Interaction", "Level", "Node", "Option", "Pair", "Part", "Path", "Reception",
    "Record", "Route", "Source", "Stage", "Threat", "Thresholds", "Treaty",
    "Trigger",
]  # fmt: skip


class Source(Node):
    """Where a figure or a statement comes from."""

    cite: Text
    url: str = ""  # where it can be read, if anywhere


class Actor(Node):
    """A state."""

    name: Text  # as a reader knows it; the key is its short name
    says: str = ""


class Alliance(Node):
    """Whose base in whose land: the pair of states the options are about."""

    host: Name  # the actor on whose land a base would stand
    helper: Name  # the actor whose base it would be


class Treaty(Node):
    """A treaty in force, in neutral words."""

    between: Annotated[tuple[Name, ...], Field(min_length=2)]  # the actors bound by it
    since: Annotated[int, Strict(), Field(ge=1, le=2300)]  # the year it took effect
    says: Text
    source: Sources


class Threat(Node):
    """Who might challenge whom, and who might help."""

    challenger: Name  # the actor that might start a dispute
    target: Name  # the actor it would start it with
    helper: Name | None = None  # the actor that might come to the target's help
    rivals: YesNo  # whether the two are strategic rivals today
    says: str = ""


class Beside(Node):
    """Two states of the region that may quarrel without the host: its helper, and a neighbour."""

    between: Annotated[tuple[Name, ...], Field(min_length=2, max_length=2)]  # the two actors
    says: str = ""


class Trigger(Node):
    """When an option begins: in a year, or after a dispute, or once tension was first that high."""

    tension: Name | None = None  # the threat whose odds of a dispute in a year are watched
    # ... and how high it must have been [1/year]
    above: Annotated[float, Strict(), Field(gt=0, lt=1, allow_inf_nan=False)] | None = None
    dispute: Name | None = None  # the threat whose two states must have had one, whoever began it
    year: Year | None = None  # of the calendar, from which it acts

    @model_validator(mode="after")
    def _one_event(self) -> Self:
        given = sum(x is not None for x in (self.tension, self.dispute, self.year))
        if given != 1 or (self.tension is None) != (self.above is None):
            raise ValueError(
                "an option waits for one thing: a year, a dispute, or tension above a number",
                "`{year: 2030}`, `{dispute: THREAT}` or `{tension: THREAT, above: 0.1}`",
            )
        return self


class Option(Node):
    """What is decided: a setting of levers."""

    says: Text
    sets: dict[str, Assumption] = Field(default_factory=dict)  # levers; the rest stays as today
    without: tuple[Literal["denial", "tripwire", "provocation", "host"], ...] = ()  # channels off
    when: Trigger | None = None  # until then as the reference; None: from the first year


class Thresholds(Node):
    """From which share of worlds a claim holds, and below which it fails."""

    # right in at least this share of worlds
    holds: Annotated[float, Strict(), Field(gt=0.5, le=1, allow_inf_nan=False)] = 0.9
    # right in at most this share of worlds
    fails: Annotated[float, Strict(), Field(ge=0, lt=0.5, allow_inf_nan=False)] = 0.1


class Document(Node):
    """The text whose claims are tested. It is cited, never copied."""

    title: Text  # of the text, not of the case
    author: str = ""  # who wrote it
    date: str = ""  # when it was written or published
    note: str = ""  # which copy was read, and how it is cited


class Case(Node):
    """One case file."""

    foedus: Literal[1]
    title: Text
    question: Text
    about: str = ""  # a paragraph of background, neutral and sourced
    uses: Cited = ()  # files of figures that give what the case does not say itself
    document: Document | None = None  # the text that makes the claims
    years: tuple[Year, Year]
    price_year: Year = 2025  # the year in whose prices money is given
    alliance: Alliance
    reference: Name
    actors: Annotated[dict[Name, Actor], Field(min_length=2, max_length=50)]
    treaties: dict[Name, Treaty] = Field(default_factory=dict)  # in force, for the reader
    threats: Annotated[dict[Name, Threat], Field(min_length=1, max_length=50)]
    # quarrels of the region that the host is no part of
    beside: Annotated[dict[Name, Beside], Field(max_length=50)] = Field(default_factory=dict)
    theories: dict[str, Theories]
    # who may close a stage of a route
    deniers: Annotated[dict[Name, Denier], Field(max_length=10)] = Field(default_factory=dict)
    # the ways by which help can come
    routes: Annotated[dict[Name, Route], Field(max_length=20)] = Field(default_factory=dict)
    reception: Reception = Reception()  # where help is received, and who may close it
    assumptions: Annotated[dict[str, Assumption], Field(max_length=2_000)]
    options: Annotated[dict[Name, Option], Field(min_length=1, max_length=50)]
    # published effects that a world must not contradict
    screens: Annotated[dict[Name, Screen], Field(max_length=100)] = Field(default_factory=dict)
    # what people say about the options
    claims: Annotated[dict[Name, Claim], Field(max_length=500)] = Field(default_factory=dict)
    # the parts of the argument, and what shows each
    parts: Annotated[dict[Name, Part], Field(max_length=50)] = Field(default_factory=dict)
    verdicts: Thresholds = Thresholds()  # from which share of worlds a claim holds or fails
    sources: dict[Name, Source]

    _marks: dict[Path, str] = PrivateAttr(default_factory=dict)
    _text: str = PrivateAttr(default="")
    _file: str = PrivateAttr(default="case.yaml")
    _unread: dict[str, tuple[str, ...]] = PrivateAttr(default_factory=dict)
    _broken: frozenset[Path] = PrivateAttr(default=frozenset())
    _figures: dict[str, str] = PrivateAttr(default_factory=dict)
    _borrowed: dict[str, str] = PrivateAttr(default_factory=dict)

    @field_validator("sources", mode="before", json_schema_input_type=dict[Name, Source | str])
    @classmethod
    def _a_source_may_be_one_line(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {k: {"cite": v} if isinstance(v, str) else v for k, v in value.items()}

    @field_validator("years")
    @classmethod
    def _years_run_forward(cls, value: tuple[int, int]) -> tuple[int, int]:
        if not 1 <= value[1] - value[0] + 1 <= 60:
            raise ValueError(
                f"from {value[0]} to {value[1]} is not 1 to 60 years",
                "give the first and the last year that are played: [2027, 2046]",
            )
        return value

    @property
    def horizon(self) -> int:
        """How many years are played."""
        return self.years[1] - self.years[0] + 1

    @property
    def text(self) -> str:
        """The file as it was read."""
        return self._text

    @property
    def file(self) -> str:
        """The name of the file it was read from, without its folder."""
        return self._file

    @property
    def figures(self) -> dict[str, str]:
        """The files of figures it uses, by name, as they were read."""
        return self._figures

    @property
    def borrowed(self) -> dict[str, str]:
        """Of each number or `theories.QUESTION` it took from a file of figures, that file."""
        return self._borrowed

    def knows(self, *path: str | int) -> bool:
        """Whether the part at `path`, and all that it is in, could be read.

        False only in what is left of a file with problems: what hangs on that part is then not
        judged, because its own problem is told already.
        """
        return not any(path[:n] in self._broken for n in range(len(path) + 1))

    def written(self, *path: str | int) -> bool:
        """Whether the file has a part at `path`."""
        return path in self._marks

    def names(self, section: str) -> list[str]:
        """The names that a section gives, also those whose value could not be read."""
        return [*getattr(self, section), *self._unread.get(section, ())]

    def problem(self, path: Path, what: str, hint: str = "") -> Problem:
        """A problem at `path`, pointing at the line of its deepest part that is written."""
        where = next(
            (self._marks[path[:n]] for n in range(len(path), -1, -1) if path[:n] in self._marks),
            self.title,
        )
        return Problem(where, ".".join(map(str, path)), what, hint)
