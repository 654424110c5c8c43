"""The linear programme of a movement on a day grid, as tables of columns and coefficients.

Columns: moves (cargo, leg, day of entry), stock let go (origin, day), cargo that waits (cargo,
place, day) and deliveries (demand, day). Rows: balance, leg, fleet, stock, demand, deadline.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from foedus.closure.network import Demand, Network, Window, reach
from foedus.closure.shape import daily_capacity

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass
class Rows:
    """Rows of one kind in coordinate form: sum of coefficient x column (<= or >=) limit."""

    row: list[Ints] = field(default_factory=list)
    column: list[Ints] = field(default_factory=list)
    coefficient: list[Floats] = field(default_factory=list)
    limit: list[float] = field(default_factory=list)
    at_least: bool = False

    def add(self, row: Ints | int, column: Ints, coefficient: float) -> None:
        """Add entries; the three broadcast."""
        r, c, v = np.broadcast_arrays(row, column, coefficient)
        self.row.append(r.ravel().astype(np.int64))
        self.column.append(c.ravel().astype(np.int64))
        self.coefficient.append(v.ravel().astype(np.float64))


@dataclass(frozen=True)
class Programme:
    """Columns, rows and the names behind them."""

    network: Network
    days: int
    move_cargo: Ints
    move_leg: Ints
    move_day: Ints
    deliveries: tuple[Ints, ...]  # columns of each demand, one a day
    upper: Floats
    worth: Floats  # weighted tonne-days of each column
    rows: dict[str, Rows]
    leg_rows: Ints  # the leg behind each row of "leg"
    fleet_rows: Ints
    stock_rows: Ints

    def without_deadlines(self) -> tuple["Programme", list[tuple[Demand, Ints]]]:
        """The programme that only asks for as much as possible before the deadlines."""
        worth = np.zeros_like(self.worth)
        late = []
        for demand, columns in zip(self.network.demands, self.deliveries, strict=True):
            if demand.by_day is not None:
                late.append((demand, columns[: int(demand.by_day)]))
                worth[late[-1][1]] = 1.0
        rows = {name: rows for name, rows in self.rows.items() if name != "deadline"}
        return replace(self, worth=worth, rows=rows), late


class _Columns:
    """Hands out column numbers."""

    def __init__(self) -> None:
        self.count = 0
        self.upper: list[Floats] = []

    def take(self, many: int, upper: float = np.inf) -> Ints:
        self.upper.append(np.full(many, upper))
        self.count += many
        return np.arange(self.count - many, self.count)


def programme(
    network: Network, days: int, windows: Sequence[Window] = (), skip: int = 0
) -> Programme:
    """Write the movement as a linear programme.

    Args:
        network: checked, without hubs.
        days: periods of the grid.
        windows: denial.
        skip: first days whose closed tonnes do not count (a longer warning).
    """
    columns = _Columns()
    rows = {name: Rows() for name in ("balance", "leg", "fleet", "stock", "demand")}
    rows["deadline"] = Rows(at_least=True)
    places = sorted({p for g in network.legs for p in (g.start, g.end)} | set(network.destinations))
    node = {
        (cargo, place): i * days
        for i, (cargo, place) in enumerate((c, p) for c in network.cargoes for p in places)
    }
    rows["balance"].limit = [0.0] * (len(node) * days)
    capacities = {leg.name: daily_capacity(leg, days, windows) for leg in network.legs}
    moves, where = _moves(network, days, capacities, columns)
    _transits(network, days, where, node, rows["balance"])
    leg_rows = _leg_limits(network, capacities, where, rows["leg"])
    fleet_rows = _fleet_limits(network, days, where, rows["fleet"])
    stock_rows = _stocks(network, days, node, columns, rows)
    _waiting(network, days, node, columns, rows["balance"])
    deliveries = _deliveries(network, days, node, columns, rows)
    worth = np.zeros(columns.count)
    for demand, column in zip(network.demands, deliveries, strict=True):
        worth[column] = demand.weight * (days - np.maximum(np.arange(days), skip))
    return Programme(
        network, days, *moves, deliveries, np.concatenate(columns.upper), worth, rows,
        leg_rows, fleet_rows, stock_rows,
    )  # fmt: skip


Where = dict[tuple[int, int], tuple[Ints, Ints]]  # (cargo, leg) -> days of entry, columns


def _moves(
    network: Network, days: int, capacities: dict[str, Floats], columns: _Columns
) -> tuple[tuple[Ints, Ints, Ints], Where]:
    where: Where = {}
    table = []
    for c, cargo in enumerate(network.cargoes):
        starts = [o.at for o in network.origins if o.cargo == cargo and o.tonnes > 0]
        there = reach(network, starts, cargo)
        for i, leg in enumerate(network.legs):
            if not leg.carries(cargo) or leg.start not in there:
                continue
            day = np.flatnonzero(capacities[leg.name] > 0)
            day = day[day + np.floor(leg.days) < days]  # later ones never arrive
            column = columns.take(len(day))
            where[c, i] = day, column
            table.append(np.stack([np.full(len(day), c), np.full(len(day), i), day]))
    stacked = np.concatenate(table, axis=1) if table else np.zeros((3, 0), dtype=np.int64)
    return (stacked[0], stacked[1], stacked[2]), where


def _transits(
    network: Network, days: int, where: Where, node: dict[tuple[str, str], int], balance: Rows
) -> None:
    """What enters a leg leaves its start, and is at its end after the transit."""
    for (c, i), (day, column) in where.items():
        leg, cargo = network.legs[i], network.cargoes[c]
        balance.add(node[cargo, leg.start] + day, column, 1.0)
        whole = int(np.floor(leg.days))
        part = leg.days - whole
        for late, share in ((whole, 1.0 - part), (whole + 1, part)):
            if share > 0:
                inside = day + late < days
                balance.add(node[cargo, leg.end] + day[inside] + late, column[inside], -share)


def _leg_limits(
    network: Network, capacities: dict[str, Floats], where: Where, limits: Rows
) -> Ints:
    behind: list[int] = []
    for i, leg in enumerate(network.legs):
        capacity = capacities[leg.name]
        row = np.full(len(capacity), -1)
        bounded = np.flatnonzero((capacity > 0) & np.isfinite(capacity))
        row[bounded] = len(limits.limit) + np.arange(len(bounded))
        users = [where[c, i] for c in range(len(network.cargoes)) if (c, i) in where]
        limits.limit.extend(capacity[bounded])
        behind.extend([i] * len(bounded))
        for day, column in users:
            keep = row[day] >= 0
            limits.add(row[day][keep], column[keep], 1.0)
    return np.array(behind, dtype=np.int64)


def _fleet_limits(network: Network, days: int, where: Where, limits: Rows) -> Ints:
    """Tonnes under way at once: a vehicle is away for its cycle, the last day in part."""
    number = {leg.name: i for i, leg in enumerate(network.legs)}
    for f, fleet in enumerate(network.fleets):
        for name, cycle in fleet.cycles:
            whole = int(np.floor(cycle))
            for c in range(len(network.cargoes)):
                day, column = where.get((c, number[name]), (np.zeros(0, int), np.zeros(0, int)))
                for later in range(whole + 1):
                    share = 1.0 if later < whole else cycle - whole
                    inside = day + later < days
                    if share > 0:
                        limits.add(f * days + day[inside] + later, column[inside], share)
        limits.limit.extend([float(fleet.lift)] * days)
    return np.repeat(np.arange(len(network.fleets)), days)


def _stocks(
    network: Network,
    days: int,
    node: dict[tuple[str, str], int],
    columns: _Columns,
    rows: dict[str, Rows],
) -> Ints:
    behind = []
    for i, origin in enumerate(network.origins):
        if (origin.cargo, origin.at) not in node:
            continue
        column = columns.take(max(days - origin.ready, 0))
        day = origin.ready + np.arange(len(column))
        rows["balance"].add(node[origin.cargo, origin.at] + day, column, -1.0)
        if np.isfinite(origin.tonnes) and len(column):
            rows["stock"].add(len(rows["stock"].limit), column, 1.0)
            rows["stock"].limit.append(float(origin.tonnes))
            behind.append(i)
    return np.array(behind, dtype=np.int64)


def _waiting(
    network: Network,
    days: int,
    node: dict[tuple[str, str], int],
    columns: _Columns,
    balance: Rows,
) -> None:
    held = defaultdict(set)
    for origin in network.origins:
        held[origin.cargo].add(origin.at)
    for cargo in network.cargoes:
        there = reach(network, held[cargo], cargo)
        for place in sorted(there):
            if (cargo, place) in node:
                column, day = columns.take(days - 1), np.arange(days - 1)
                balance.add(node[cargo, place] + day, column, 1.0)
                balance.add(node[cargo, place] + day + 1, column, -1.0)


def _deliveries(
    network: Network,
    days: int,
    node: dict[tuple[str, str], int],
    columns: _Columns,
    rows: dict[str, Rows],
) -> tuple[Ints, ...]:
    found = []
    for demand in network.demands:
        column = columns.take(days)
        rows["balance"].add(node[demand.cargo, demand.at] + np.arange(days), column, 1.0)
        rows["demand"].add(len(rows["demand"].limit), column, 1.0)
        rows["demand"].limit.append(float(demand.tonnes))
        if demand.by_day is not None:
            in_time = column[: max(int(demand.by_day), 0)]
            rows["deadline"].add(len(rows["deadline"].limit), in_time, 1.0)
            rows["deadline"].limit.append(float(demand.tonnes))
        found.append(column)
    return tuple(found)
