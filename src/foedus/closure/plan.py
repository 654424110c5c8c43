"""The exact planner: a time-expanded linear programme on HiGHS.

It answers what the fast methods cannot: several destinations, several kinds of cargo with legs
of their own, fleets that serve many legs, denial windows in a mesh. It maximises the sum over
days of what has closed, weighted by priority: with one destination that is the earliest arrival
on every day at once; with several the weights decide who is served first, so the plan shows them.

Conventions are those of `foedus.closure.curve`, so both agree to rounding where both are exact.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from foedus.closure.check import check
from foedus.closure.network import Network, Number, Window, without_hubs
from foedus.closure.paths import Floats, bound
from foedus.closure.programme import Programme, programme
from foedus.closure.solve import solved
from foedus.errors import PlanError

MOST_COLUMNS = 500_000  # more take minutes to solve, and many seconds to write down


@dataclass(frozen=True)
class Plan:
    """An optimal schedule, and what more of each thing would be worth.

    `movements`: leg, mode, start, end, cargo, day, tonnes, arrives (day).
    `curve`: destination, cargo, day, tonnes, share; by the start of each day 0..days.
    `values`: what, name, step, tonne_days, days_earlier: the price of one more step, in weighted
    tonne-days and as days by which the average promised tonne comes earlier (a tonne that does
    not come counts as coming on the last day). No step gains more than its price, and small ones
    gain just that unless the optimum is degenerate; what has no price gains nothing. The day of
    warning is no price but the gain itself, from a second solve.
    `weights`: destination, cargo, weight.
    """

    movements: pl.DataFrame
    curve: pl.DataFrame
    values: pl.DataFrame
    weights: pl.DataFrame
    tonne_days: float
    seconds: float
    sentence: str

    def closed(self, destination: str) -> pl.Series:
        """Tonnes of all cargo closed at a destination by the start of each day."""
        here = self.curve.filter(pl.col("destination") == destination)
        return here.group_by("day", maintain_order=True).agg(pl.col("tonnes").sum())["tonnes"]


def plan(
    network: Network,
    days: int,
    windows: Sequence[Window] = (),
    seconds: Number = 60.0,
    warning: bool = True,
) -> Plan:
    """The best schedule on a grid of days.

    Args:
        network: the movement. Give it in whole days (`network.rounded`) or with hours; a
            fraction of a day then spreads arrivals over two days, as `curve.shift` does.
        days: length of the grid, >= 1.
        windows: when deniers deny.
        seconds: time limit of the solver, for all solves together, > 0.
        warning: also solve again with one more day of warning.

    Raises:
        PlanError: if the network makes no sense, a deadline cannot be met (it says which and by
            how much) or lies beyond the grid, the grid is too large, or the time is up (with the
            best bound).
    """
    check(network, windows)
    _affordable(network, days, seconds)
    began = time.monotonic()
    model = programme(without_hubs(network), days, windows)
    found = _solve(model, network, seconds)
    left = seconds - (time.monotonic() - began)
    gain = _one_more_day(network, days, windows, left, found.tonne_days) if warning else None
    promised = sum(d.weight * d.tonnes for d in network.demands)
    return Plan(
        _movements(model, found.amounts),
        _curve(model, found.amounts, network),
        _values(model, found.prices, gain, promised),
        pl.DataFrame(
            {
                "destination": [d.at for d in network.demands],
                "cargo": [d.cargo for d in network.demands],
                "weight": [float(d.weight) for d in network.demands],
            }
        ),
        found.tonne_days,
        time.monotonic() - began,
        _sentence(network),
    )


def _affordable(network: Network, days: int, seconds: Number) -> None:
    if days < 1:
        raise PlanError(f"A plan needs at least one day, not {days}.")
    if not seconds > 0:  # HiGHS would take it for no limit at all
        raise PlanError(f"A plan needs some time to be solved in, not {seconds} seconds.")
    for demand in network.demands:
        if demand.by_day is not None and demand.by_day > days:
            raise PlanError(
                f"The deadline of day {demand.by_day} at '{demand.at}' lies beyond the {days} days "
                "that are planned: plan for more days."
            )
    places = {place for leg in network.legs for place in (leg.start, leg.end)}
    columns = (len(network.legs) + len(places)) * days * len(network.cargoes)
    if columns > MOST_COLUMNS:
        raise PlanError(
            f"The plan would have about {columns:,} unknowns, more than {MOST_COLUMNS:,}: take "
            "fewer days, places or kinds of cargo, or use the fast method."
        )


def _sentence(network: Network) -> str:
    if len(network.destinations) == 1 and len({d.weight for d in network.demands}) == 1:
        return "Linear programme on HiGHS: as much as possible has closed on every day at once."
    return (
        "Linear programme on HiGHS: the weighted sum of tonne-days is the largest possible; the "
        "weights decide who is served first."
    )


@dataclass(frozen=True)
class _Found:
    amounts: Floats
    prices: dict[str, Floats]
    tonne_days: float


def _solve(model: Programme, network: Network, seconds: Number) -> _Found:
    status, amounts, prices = solved(model, seconds)
    if status in ("Infeasible", "Primal infeasible or unbounded"):
        raise PlanError(_missed(model, seconds))
    if status == "Time limit reached":
        raise PlanError(
            f"No best plan within {round(seconds, 3):g} s. Not more than "
            f"{bound(network, model.days):,.0f} tonnes can have closed by day {model.days}, "
            "whatever the plan. Allow more time, or take fewer days."
        )
    if status != "Optimal" or amounts is None:
        raise PlanError(f"The solver stopped with '{status}': some leg or demand is not bounded.")
    return _Found(amounts, prices, float(model.worth @ amounts))


def _missed(model: Programme, seconds: Number) -> str:
    """Which deadlines cannot be met together, when as much as possible is there in time."""
    relaxed, late = model.without_deadlines()
    status, amounts, _ = solved(relaxed, seconds)
    if status != "Optimal" or amounts is None:
        return "Some deadline cannot be met, and the time was too short to say which."
    sentences = []
    for demand, columns in late:
        there = float(amounts[columns].sum())
        if there < demand.tonnes * (1 - 1e-9):
            sentences.append(
                f"The deadline of day {demand.by_day} for {demand.tonnes:,.0f} tonnes of "
                f"'{demand.cargo}' at '{demand.at}' cannot be met: {there:,.0f} can be there."
            )
    almost = "The deadlines cannot be met, by less than a billionth of what they ask."
    return "\n".join(sentences) or almost


def _one_more_day(
    network: Network, days: int, windows: Sequence[Window], seconds: Number, before: float
) -> float | None:
    """Weighted tonne-days gained if movement starts a day earlier; None if time runs out.

    The grid gets a day in front: denial, and readiness after day 0, come a day later on it.
    """
    later = [replace(w, start=w.start + 1, end=w.end + 1) for w in windows]
    stocks = [replace(o, ready=o.ready + 1 if o.ready > 0 else 0) for o in network.origins]
    wanted = [d if d.by_day is None else replace(d, by_day=d.by_day + 1) for d in network.demands]
    ahead = replace(network, origins=tuple(stocks), demands=tuple(wanted))
    model = programme(without_hubs(ahead), days + 1, later, skip=1)
    status, amounts, _ = solved(model, max(seconds, 0.1))
    if status != "Optimal" or amounts is None:
        return None
    return float(model.worth @ amounts) - before


def _movements(model: Programme, amounts: Floats) -> pl.DataFrame:
    legs = model.network.legs
    used = np.flatnonzero(amounts[: len(model.move_leg)] > 1e-6)
    which = [legs[i] for i in model.move_leg[used]]
    day = model.move_day[used]
    return pl.DataFrame(
        {
            "leg": [leg.name for leg in which],
            "mode": [leg.mode.value for leg in which],
            "start": [leg.start for leg in which],
            "end": [leg.end for leg in which],
            "cargo": [model.network.cargoes[i] for i in model.move_cargo[used]],
            "day": day,
            "tonnes": amounts[used],
            "arrives": day + np.array([leg.days for leg in which], dtype=np.float64),
        },
        schema_overrides={
            "leg": pl.String, "mode": pl.String, "start": pl.String, "end": pl.String,
            "cargo": pl.String,
        },
    ).sort("day", "leg", "cargo")  # fmt: skip


def _curve(
    model: Programme,
    amounts: Floats,
    network: Network,
) -> pl.DataFrame:
    frames = []
    for demand, columns in zip(network.demands, model.deliveries, strict=True):
        tonnes = np.concatenate([[0.0], np.cumsum(amounts[columns])])
        frames.append(
            pl.DataFrame(
                {
                    "destination": [demand.at] * len(tonnes),
                    "cargo": [demand.cargo] * len(tonnes),
                    "day": np.arange(len(tonnes)),
                    "tonnes": tonnes,
                    "share": tonnes / demand.tonnes if demand.tonnes else np.ones(len(tonnes)),
                }
            )
        )
    return pl.concat(frames)


def _values(
    model: Programme,
    prices: dict[str, Floats],
    warning: float | None,
    promised: Number,
) -> pl.DataFrame:
    network, rows = model.network, []
    for i, leg in enumerate(network.legs):
        price = prices["leg"][model.leg_rows == i].sum() * leg.slot
        step = f"one more slot of {leg.slot:g} t every day"
        rows.append(("slot", leg.name, step, float(price)))
    for i, fleet in enumerate(network.fleets):
        price = prices["fleet"][model.fleet_rows == i].sum() * fleet.vehicle
        step = f"one more vehicle of {fleet.vehicle:g} t"
        rows.append(("vehicle", fleet.name, step, float(price)))
    for i, origin in enumerate(network.origins):
        name = f"{origin.cargo} at {origin.at}"
        price = prices["stock"][model.stock_rows == i].sum()
        rows.append(("stock", name, "one more tonne", float(price)))
    if warning is not None:
        rows.append(("warning", "all", "one more day", warning))
    frame = pl.DataFrame(rows, schema=["what", "name", "step", "tonne_days"], orient="row")
    return frame.with_columns(days_earlier=pl.col("tonne_days") / promised).sort(
        "tonne_days", descending=True, maintain_order=True
    )
