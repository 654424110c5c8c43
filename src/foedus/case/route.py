"""The ways on which help would come, as types: lines and places, at a day's resolution."""

from typing import Annotated, Literal

from pydantic import Field

from foedus.case.assumption import Cited, Name, Node, Text, YesNo


class Denier(Node):
    """Whoever can close a stage of a route for a time: a transit state, a season, a decision."""

    says: Text


class Stage(Node):
    """A line or place that takes so much a day, and the way from it to the next."""

    says: str = ""
    denied_by: Cited = ()  # the deniers who may close this stage


class Route(Node):
    """A row of stages from the helper to the theatre."""

    says: Text
    mode: Literal["air", "rail", "road", "sea"]
    stages: Annotated[dict[Name, Stage], Field(min_length=1, max_length=12)]
    carries: Literal["cargo", "people"] = "cargo"  # what moves on it
    lift: YesNo = False  # whether it flies or sails on the helper's own lift fleet
    # the states it crosses from helper to host, in order, by ISO code; `[]` for none
    through: Cited | None = None
    planned: YesNo = False  # whether it is still to be opened, in a year that the case gives


class Reception(Node):
    """Where all cargo is received."""

    denied_by: Cited = ()  # the deniers who may close the places of arrival
