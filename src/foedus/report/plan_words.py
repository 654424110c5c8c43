"""A planned movement in words and rows."""

from typing import Any

import numpy as np
import polars as pl

from foedus.closure.corridor import Route
from foedus.engine.movements import Planned, first_day, movements, prices
from foedus.errors import PlanError
from foedus.report.words import label

STEP = 100  # tonnes or persons: what `prices` is about
SHOWN = 4  # prices said in words

Row = dict[str, Any]


def sentences(found: Planned) -> list[str]:
    """What the plan comes to, and what more of each thing would be worth."""
    return [_headline(found), *_setting(found), *_worth(found)]


def _headline(found: Planned) -> str:
    what = found.moved
    half, most = first_day(found.share, 0.5), first_day(found.share, 0.9)
    return (
        f"{found.on_deciding_days():.0%} of the promised help is there on the deciding day "
        f"(median: day {what.decided:.1f}); half of it {_by(half, found)}, nine tenths "
        f"{_by(most, found)}. The worlds are played with a quicker calculation, which says "
        f"{found.on_deciding_days(what.curve):.0%}."
    )


def _by(day: int | None, found: Planned) -> str:
    return f"by day {day}" if day is not None else f"not by day {len(found.share) - 1}"


def _setting(found: Planned) -> list[str]:
    what, n = found.moved, found.moved.numbers
    said = []
    if not what.believes:
        said.append(
            "This world believes in a log-normal day of arrival instead: it was played without "
            "these routes."
        )
    begin = float(n.decision - n.warning)
    said.append(
        f"{float(n.promised):,.0f} t are promised, {float(n.base):,.0f} t of them stand at a base "
        f"and {float(n.stock):,.0f} t in stores; movement begins on day {begin:.1f}."
    )
    for each in found.windows:
        if each.end > each.start:
            said.append(
                f"{label(each.denier).capitalize()} denies transit from day {each.start:.1f} to "
                f"day {each.end:.1f}; {each.left:.0%} is left."
            )
    return said


def _worth(found: Planned) -> list[str]:
    """Prices as sentences: no step gains more, and small ones gain just that."""
    said = []
    for row in prices(found).head(SHOWN).to_dicts():
        unit, one = ("t", "tonne") if row["kind"] == "cargo" else ("persons", "person")
        gain = (
            f"would bring the average promised {one} {_days(row['days_earlier'])} earlier, at most."
        )
        if row["what"] == "stock":
            said.append(f"{STEP} {unit} more in stores {gain}")
        else:
            said.append(f"{STEP} {unit} a day more at “{label(row['name'])}” {gain}")
    for kind, days in found.warned.items():
        one = "tonne" if kind == "cargo" else "person"
        more = f"would bring the average promised {one} {_days(days)} earlier."
        said.append(f"One more day of warning {more}")
    return said


def _days(days: float) -> str:
    if days >= 0.95:
        return f"{days:.1f} days"
    return f"{24 * days:.1f} hours"


def ask_for(found: Planned, day: int) -> None:
    """See that all of the help can be there by a day.

    One plan is the best on every day at once, so its curve decides.

    Raises:
        PlanError: if it cannot: how much can, and what holds it up most.
    """
    last = len(found.share) - 1
    if not 0 <= day <= last:
        raise PlanError(f"Day {day} is not planned: choose from 0 to {last}.")
    if found.share[day] >= 1 - 1e-9:
        return
    holds = prices(found).filter(pl.col("what") == "slot")["name"].to_list()
    why = (
        f"What holds it up most is “{label(holds[0])}”."
        if holds
        else "Nothing more can move at all."
    )
    raise PlanError(
        f"Not all of the promised help can be there by day {day}: {found.share[day]:.1%} can, "
        f"whatever the plan. {why}"
    )


def table(found: Planned) -> list[Row]:
    """By leg, in the order of the routes: what it carries, and when."""
    moves = movements(found)
    rows: list[Row] = []
    for leg in legs(found):
        mine = moves.filter(pl.col("leg") == leg)
        if mine.is_empty():
            rows.append({"leg": label(leg), "first": None, "last": None, "amount": 0.0, "kind": ""})
            continue
        rows.append(
            {
                "leg": label(leg),
                "first": int(mine["day"].to_numpy().min()),
                "last": int(mine["day"].to_numpy().max()),
                "amount": float(mine["tonnes"].sum()),
                "kind": "t" if mine["cargo"][0] == "cargo" else "persons",
            }
        )
    return rows


def open_routes(found: Planned) -> list[Route]:
    """The routes that are there in the year."""
    routes = zip(found.moved.corridor.routes, found.moved.numbers.open, strict=True)
    return [route for route, there in routes if float(there) > 0]


def legs(found: Planned) -> list[str]:
    """Every stage that is there, in the order of the routes; last, what is issued from stores."""
    stages = [
        f"{route.name}: {stage.name}" for route in open_routes(found) for stage in route.stages
    ]
    issued = any(leg == "issue" for leg in movements(found)["leg"])
    return stages + ["issue"] * issued


def title(found: Planned) -> str:
    """What was planned, in a line."""
    what = found.moved
    return f"World {what.world} under “{label(what.option)}”, {what.threat} in {what.year}"


def how(found: Planned) -> str:
    """How the plan was made."""
    plans = list(found.plans.values())
    if not plans:
        return "All of the promised help stands in the theatre already: there is nothing to plan."
    return plans[0].sentence


def as_json(found: Planned) -> Row:
    """A plan for scripts."""
    return {
        "option": found.moved.option,
        "world": found.moved.world,
        "threat": found.moved.threat,
        "year": found.moved.year,
        "deciding_day": found.moved.decided,
        "share_on_deciding_day": found.on_deciding_days(),
        "share_as_played": found.on_deciding_days(found.moved.curve),
        "days_to_half": first_day(found.share, 0.5),
        "days_to_most": first_day(found.share, 0.9),
        "share": [float(each) for each in np.round(found.share, 9)],
        "prices": prices(found).to_dicts(),
        "one_more_day_of_warning": dict(found.warned),
        "sentences": sentences(found),
    }
