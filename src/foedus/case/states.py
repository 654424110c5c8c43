"""Public figures of states that come with foedus: armed forces and where the capital lies."""

import csv
import math
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from foedus.errors import FoedusError, did_you_mean

EARTH = 6371.0  # mean radius [km]


class State(NamedTuple):
    """A state, as `figures/states.csv` has it."""

    key: str  # three letters, ISO 3166
    name: str
    persons: int  # armed forces on active duty, 2022, rounded to thousands
    latitude: float  # of the capital [degrees]
    longitude: float


@cache
def states() -> dict[str, State]:
    """Every state of the table, by its three letters."""
    lines = (files("foedus") / "figures" / "states.csv").read_text("utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return {
        row["state"]: State(
            row["state"], row["name"], int(row["persons"]),
            float(row["latitude"]), float(row["longitude"]),
        )
        for row in rows
    }  # fmt: skip


def state(said: str) -> State:
    """The state that is meant: by three letters, or by its name.

    Raises:
        FoedusError: if the table has none of that name.
    """
    known = states()
    by_name = {each.name.casefold(): each for each in known.values()}
    found = known.get(said.strip().upper()) or by_name.get(said.strip().casefold())
    if found is None:
        hint = did_you_mean(said.strip(), [*known, *(each.name for each in known.values())])
        raise FoedusError(f"no figures of a state '{said}': {hint}")
    return found


def distance(one: State, other: State) -> float:
    """Great-circle distance between two capitals [km]."""
    a, b = math.radians(one.latitude), math.radians(other.latitude)
    turn = math.radians(one.longitude - other.longitude)
    cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(turn)
    return EARTH * math.acos(min(1.0, max(-1.0, cosine)))
