"""One world's help on the move, planned exactly: what could close by when, and what holds it up."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl

from foedus.case.schema import Case
from foedus.closure.corridor import Corridor, Numbers, movement
from foedus.closure.network import Window
from foedus.closure.plan import Plan, plan
from foedus.engine import arriving
from foedus.engine.reading import bound
from foedus.errors import CaseError, PlanError, Problem, did_you_mean
from foedus.mechanisms import arrival
from foedus.worlds.model import Model
from foedus.worlds.points import MOST_WORLDS, unit_rows, values
from foedus.worlds.world import believes

Kind = Literal["cargo", "people"]
Floats = np.ndarray

BEFORE = 14  # days before the crisis on which movement may already run, as in `arrival.DAYS`
DAYS = 60
NO_ORDER = "no order yet"


@dataclass(frozen=True)
class Moved:
    """The help of one world under one option, for one threat in one year."""

    option: str
    world: int
    threat: str
    year: int
    corridor: Corridor
    numbers: Numbers
    curve: Floats  # share closed by each of `arrival.DAYS`, as worlds are played
    nodes: Floats  # the eight deciding days; they weigh `arrival.WEIGHTS`
    decided: float  # the median deciding day
    believes: bool  # whether this world believes that help comes on these routes


@dataclass(frozen=True)
class Planned:
    """The best schedule of a world's help.

    `share`: of complete packages by the start of each day from day 0 on, exactly.
    `plans`: by what is carried; nothing where all of it stands in the theatre already.
    `warned`: days by which the average promised tonne or person comes earlier with one more day
    of warning.
    """

    moved: Moved
    plans: dict[Kind, Plan]
    windows: tuple[Window, ...]  # days counted from day 0 of the crisis
    share: Floats
    warned: dict[Kind, float]

    def on_deciding_days(self, curve: Floats | None = None) -> float:
        """Mean share on the deciding days; of the exact curve, or of another by `arrival.DAYS`."""
        days: Floats = np.arange(len(self.share)) if curve is None else np.asarray(arrival.DAYS)
        there = np.interp(self.moved.nodes, days, self.share if curve is None else curve)
        return float(np.asarray(arrival.WEIGHTS) @ there)


def moved(
    case: Case, option: str, number: int, *, seed: int = 0, threat: str = "", year: int = 0
) -> Moved:
    """The help of world `number` of a design.

    Args:
        case: a case in which some world asks on which routes help comes.
        option: one of its options.
        number: of the world, from 0.
        seed: of the design.
        threat: whom help is against; by default the first that the alliance guards.
        year: by default the first that is played.

    Raises:
        CaseError: if the case, the option or the threat makes no sense.
        PlanError: if no world of the case asks for routes, or the year is not played.
    """
    model = bound(case)
    if model.routes is None:
        raise PlanError(
            f"{case.file} names no routes: no world of it believes the theory `closure` of "
            "`arrival`, so there is nothing to plan."
        )
    which = _threat(case, model, threat)
    played = range(case.years[0], case.years[1] + 1)
    when = year or played[0]
    if when not in played:
        raise PlanError(f"The year {when} is not played: choose from {played[0]} to {played[-1]}.")
    if not 0 <= number < MOST_WORLDS:
        raise PlanError(f"There is no world {number}: there are {MOST_WORLDS:,}, counted from 0.")
    if seed < 0:
        raise PlanError(f"There is no seed {seed}: they are counted from 0.")
    rows = values(case, model, unit_rows(len(model.columns), number, number + 1, seed))
    row = rows[_place(case, option, model.options), 0]
    with jax.enable_x64(True):
        found = _moving(model, jnp.asarray(row), which, jnp.asarray(float(when - played[0])))
        numbers, curve, nodes, decided, believes = jax.tree.map(np.asarray, found)
    return Moved(
        option, number, model.threats[which].name, when, model.routes.corridor, numbers, curve,
        nodes, float(decided), bool(believes),
    )  # fmt: skip


def _place(case: Case, option: str, options: tuple[str, ...]) -> int:
    if option not in options:
        hint = did_you_mean(option, options)
        raise CaseError([Problem(case.file, "options", f"no option '{option}'", hint)])
    return options.index(option)


def _threat(case: Case, model: Model, wanted: str) -> int:
    """The threat that is meant; the alliance must guard it."""
    guarded = {t.name: i for i, t in enumerate(model.threats) if t.guarded}
    name = wanted or next(iter(guarded))
    if name not in guarded:
        what = f"no threat '{name}' in which help would come on these routes"
        raise CaseError([Problem(case.file, "threats", what, did_you_mean(name, guarded))])
    return guarded[name]


@partial(jax.jit, static_argnames=("model", "threat"))
def _moving(
    model: Model, row: jax.Array, threat: int, year: jax.Array
) -> tuple[Numbers, jax.Array, jax.Array, jax.Array, jax.Array]:
    """Numbers, curve, deciding days, their median, and whether this world believes in routes."""
    common, here, there, curve = arriving.crisis(model, row, threat, year)
    held = believes(model, common, "arrival", "closure")
    nodes = arrival.deciding_days(here.timing)
    return arriving.numbers(model, here, there), curve, nodes, here.timing.decided, held


def planned(
    what: Moved, *, days: int = DAYS, seconds: float = 60.0, warning: bool = True
) -> Planned:
    """The exact plan of a world's help.

    Args:
        what: the world.
        days: last day of the crisis that is planned.
        seconds: time limit of each solve.
        warning: also ask what one more day of warning is worth.

    Raises:
        PlanError: if the time is up (with the best bound), or the numbers make no sense.
    """
    n = what.numbers
    plans: dict[Kind, Plan] = {}
    windows: dict[str, Window] = {}
    warned: dict[Kind, float] = {}
    share = np.ones(days + 1)
    for kind, promised, there in _carried(n):
        closed = np.full(days + 1, min(there, promised))
        if there < promised:
            network, denied = movement(what.corridor, n, kind, BEFORE)
            best = plan(network, BEFORE + days, denied, seconds, warning=False)
            plans[kind] = best
            windows |= {each.denier: each for each in denied if each.denier != NO_ORDER}
            closed = closed + best.closed("theatre").to_numpy()[BEFORE:]
            if warning:
                earlier = n._replace(warning=n.warning + 1.0)
                network, denied = movement(what.corridor, earlier, kind, BEFORE)
                sooner = plan(network, BEFORE + days, denied, seconds, warning=False)
                warned[kind] = (sooner.tonne_days - best.tonne_days) / (promised - there)
        share = np.minimum(share, closed / promised)
    dated = (Window(w.denier, w.start - BEFORE, w.end - BEFORE, w.left) for w in windows.values())
    return Planned(what, plans, tuple(dated), share, warned)


def _carried(n: Numbers) -> Iterator[tuple[Kind, float, float]]:
    """What is promised, and what of it stands in the theatre already."""
    if float(n.promised) > 0:
        yield "cargo", float(n.promised), float(n.base)
    if float(n.people) > 0:
        yield "people", float(n.people), float(n.base_people)


def movements(found: Planned) -> pl.DataFrame:
    """Every move: leg, mode, cargo, day of the crisis, tonnes, day of arrival; one row each."""
    frames = [
        each.movements.select(
            "leg", "mode", "cargo", (pl.col("day") - BEFORE).alias("day"), "tonnes",
            (pl.col("arrives") - BEFORE).alias("arrives"),
        ).filter(pl.col("mode") != "handling")
        for each in found.plans.values()
    ]  # fmt: skip
    found_ = pl.concat(frames) if frames else pl.DataFrame(schema=_MOVES)
    return found_.sort("day", "leg")


_MOVES = {
    "leg": pl.String, "mode": pl.String, "cargo": pl.String, "day": pl.Int64,
    "tonnes": pl.Float64, "arrives": pl.Float64,
}  # fmt: skip


def curves(found: Planned) -> pl.DataFrame:
    """Share closed by day: planned exactly, and as worlds are played. Columns: day, exact, fast."""
    days = np.arange(len(found.share))
    fast = np.interp(days, np.asarray(arrival.DAYS), found.moved.curve)
    return pl.DataFrame({"day": days, "exact": found.share, "fast": fast})


def prices(found: Planned) -> pl.DataFrame:
    """What one more of each thing is worth, the dearest first.

    Columns: kind, what, name, days_earlier: by which the average promised tonne comes earlier,
    at most, for 100 tonnes (or persons) more: a day, or of stock.
    """
    frames = [
        each.values.select(
            pl.lit(kind).alias("kind"), "what", "name", pl.col("days_earlier") * 100.0
        ).filter(pl.col("days_earlier") > 1e-6)
        for kind, each in found.plans.items()
    ]
    found_ = pl.concat(frames) if frames else pl.DataFrame(schema=_PRICES)
    return found_.sort("days_earlier", descending=True, maintain_order=True)


_PRICES = {"kind": pl.String, "what": pl.String, "name": pl.String, "days_earlier": pl.Float64}


def first_day(share: Iterable[float], wanted: float) -> int | None:
    """First day by whose start that share has closed; None if none has."""
    return next((day for day, each in enumerate(share) if each >= wanted - 1e-9), None)
