"""The one place that calls the solver: linopy for the model, HiGHS for the optimum."""

import os
import sys
import time
from functools import cache
from typing import Any

import numpy as np

from foedus.closure.network import Number
from foedus.closure.programme import Floats, Ints, Programme
from foedus.errors import PlanError

# A move costs this share of the least weighted tonne-day, so that nothing moves for nothing. A
# better schedule gains at least one tonne-day on some cycle of fewer than a million legs.
_IDLE = 1e-6


def solved(model: Programme, seconds: Number) -> tuple[str, Floats | None, dict[str, Floats]]:
    """Solve with HiGHS through linopy.

    Returns:
        HiGHS's words for how it ended ("Optimal", "Infeasible", "Time limit reached", ...), the
        amount of each column, and the price of each row by kind; 0 for rows that hold nothing.

    Raises:
        PlanError: if the planner's libraries are not installed.
    """
    try:
        import highspy  # noqa: F401
        import linopy
        import xarray as xr
    except ImportError as missing:
        raise PlanError(
            f"The planner needs {missing.name}: install it with pip install 'foedus[plan]'."
        ) from missing

    before = linopy.options["semantics"]
    linopy.options["semantics"] = "v1"  # the default aligns tables by position, without a word
    try:
        return _solved(model, seconds, linopy, xr)
    finally:
        linopy.options["semantics"] = before


def _solved(
    model: Programme, seconds: Number, linopy: Any, xr: Any
) -> tuple[str, Floats | None, dict[str, Floats]]:
    ends = time.monotonic() + seconds  # writing a large model down counts too
    m = linopy.Model()
    names = np.arange(len(model.upper))
    upper = xr.DataArray(model.upper, dims="column", coords={"column": names})
    x = m.add_variables(lower=0, upper=upper, name="amount")
    kept: dict[str, Ints] = {}
    for kind, rows in model.rows.items():
        if not rows.row or not sum(map(len, rows.row)):
            continue
        row, column = np.concatenate(rows.row), np.concatenate(rows.column)
        weight = xr.DataArray(np.concatenate(rows.coefficient), dims="entry")
        terms = x.isel(column=xr.DataArray(column, dims="entry")) * weight
        left = terms.groupby(xr.DataArray(row, dims="entry", name="row")).sum()
        kept[kind] = np.unique(row)
        limit = np.asarray(rows.limit, dtype=np.float64)[kept[kind]]
        right = xr.DataArray(limit, dims="row", coords={"row": kept[kind]})
        m.add_constraints(left >= right if rows.at_least else left <= right, name=kind)
    value = model.worth.copy()
    value[: len(model.move_leg)] -= _IDLE * min(model.worth[model.worth > 0], default=0.0)
    gain = xr.DataArray(value, dims="column", coords={"column": names})
    m.add_objective((x * gain).sum(), sense="max")
    return _run(m, model, kept, max(ends - time.monotonic(), 0.0))


def _run(
    m: Any, model: Programme, kept: dict[str, Ints], seconds: Number
) -> tuple[str, Floats | None, dict[str, Floats]]:
    """Hand linopy's matrices to HiGHS: linopy's own hand-over prints, whatever it is told."""
    import highspy

    _silence()
    table = m.matrices
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("time_limit", float(seconds))
    columns = len(table.vlabels)
    highs.addVars(columns, table.lb, table.ub)
    highs.changeColsCost(columns, np.arange(columns, dtype=np.int32), table.c)
    rows = table.A.tocsr()
    lower = np.where(table.sense == "<", -np.inf, table.b)
    upper = np.where(table.sense == ">", np.inf, table.b)
    highs.addRows(len(table.b), lower, upper, rows.nnz, rows.indptr, rows.indices, rows.data)
    highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
    highs.run()
    status = highs.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        return highs.modelStatusToString(status), None, {}
    solution = highs.getSolution()
    amounts = np.zeros(columns)
    amounts[table.vlabels] = solution.col_value
    price_of = dict(zip(table.clabels.tolist(), solution.row_dual, strict=True))
    prices = {kind: np.zeros(len(rows.limit)) for kind, rows in model.rows.items()}
    for kind, which in kept.items():
        labels = m.constraints[kind].labels.to_numpy().tolist()
        prices[kind][which] = [price_of[label] for label in labels]
    return "Optimal", amounts, prices


@cache
def _silence() -> None:
    """The first solver of a process prints a banner before it can be told not to."""
    import highspy

    sys.stdout.flush()
    kept = os.dup(1)
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 1)
        highspy.Highs()  # type: ignore[no-untyped-call]
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nothing)
