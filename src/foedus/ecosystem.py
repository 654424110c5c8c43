"""A run in the shapes that other tools expect: ema_workbench's and SALib's. Neither is needed."""

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from foedus.errors import FoedusError

if TYPE_CHECKING:
    import pandas as pd

    from foedus.table import Run

KEYS = ("world", "scramble")


def to_ema(run: "Run") -> "tuple[pd.DataFrame, dict[str, np.ndarray]]":
    """The experiments and outcomes of a run, as `perform_experiments` of ema_workbench gives them.

    Returns:
        A pandas frame with one row a world and option, all worlds of the first option first: the
        numbers of the world, then `scenario` (the world), `policy` (the option) and `model` (the
        case); and each outcome by name, with one value a row.

    Raises:
        FoedusError: pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError:
        raise FoedusError("pandas is needed for this: pip install pandas") from None
    worlds, options = run.sound.drop("scramble"), run.manifest["options"]
    keys = pl.DataFrame({"policy": options}).join(worlds, how="cross").select("world", "policy")
    rows = keys.join(
        run.frame("outcomes").with_columns(policy=pl.col("option").cast(pl.String)).collect(),
        on=["world", "policy"], how="left", maintain_order="left",
    )  # fmt: skip
    columns: dict[str, Any] = {}
    for column in worlds.drop("world"):
        words = isinstance(column.dtype, pl.Enum)
        one = pd.Categorical(column.cast(pl.String).to_list()) if words else column.to_numpy()
        columns[column.name] = pd.Series(one).take(np.tile(np.arange(len(one)), len(options)))
    experiments = pd.DataFrame({n: each.reset_index(drop=True) for n, each in columns.items()})
    experiments["scenario"] = rows["world"].to_numpy()
    experiments["policy"] = pd.Categorical(rows["policy"].to_list(), categories=options)
    experiments["model"] = pd.Categorical([run.case.file.partition(".")[0]] * len(rows))
    return experiments, {name: rows[name].to_numpy() for name in run.manifest["outcomes"]}


def problem(run: "Run") -> dict[str, Any]:
    """What SALib calls a problem: names and bounds of all that differs from world to world.

    Words, such as theories, are numbered from 0 in the order of the case; `inputs` gives the
    numbers of the worlds in the same order of columns.
    """
    worlds = _varying(run)
    bounds = [
        [0.0, float(len(column.dtype.categories) - 1)]
        if isinstance(column.dtype, pl.Enum)
        else [float(x) for x in np.quantile(column.to_numpy(), (0.0, 1.0))]
        for column in worlds
    ]
    return {"num_vars": worlds.width, "names": worlds.columns, "bounds": bounds}


def inputs(run: "Run") -> np.ndarray:
    """The numbers of the worlds, in the order of `problem`; shape (worlds, names)."""
    worlds = _varying(run)
    numbers = np.empty((run.sound.height, worlds.width))
    for k, column in enumerate(worlds):
        codes = column.to_physical() if isinstance(column.dtype, pl.Enum) else column
        numbers[:, k] = codes.to_numpy()
    return numbers


def _varying(run: "Run") -> pl.DataFrame:
    worlds = run.sound.drop(KEYS)
    return worlds.select(name for name in worlds.columns if worlds[name].n_unique() > 1)
