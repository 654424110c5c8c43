"""By when does help come? The closure curves of many worlds, under every option."""

import json
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from foedus import disk
from foedus.case.schema import Case
from foedus.engine import arriving
from foedus.mechanisms import arrival
from foedus.worlds.model import Model, bind
from foedus.worlds.points import unit_rows, values

FILE = "closing.json"
POINTS = (0.1, 0.5, 0.9)
DAYS = tuple(day for day in arrival.DAYS if 0 <= day <= 60)  # of a crisis: those that are drawn
SAME = 1e-9  # of the promised help: curves that differ by less are one
AT_ONCE = 128  # worlds computed together


@dataclass(frozen=True)
class Closing:
    """How much of the promised help has arrived by when, over worlds that believe in routes.

    `year`: that of the crisis, the last one played, so that all that an option opens is open.
    `decided`: the median deciding day under the reference, in the worlds; `POINTS` of them.
    `curves`: of the reference, and of each option under which help comes otherwise in any world:
    by option, one row a `POINTS`, one share a day of `days`.
    """

    threat: str
    year: int
    worlds: int
    days: tuple[int, ...]
    decided: tuple[float, ...]
    curves: dict[str, list[list[float]]]


def closing(case: Case, worlds: np.ndarray, seed: int) -> Closing | None:
    """The closure curves of a design's worlds.

    Args:
        case: a case that makes sense.
        worlds: their numbers, from 0; those that do not believe in routes are left out.
        seed: of the design.

    Returns:
        None if the case names no routes, or none of these worlds believes in them.
    """
    model = bind(case)
    guarded = [i for i, threat in enumerate(model.threats) if threat.guarded]
    if model.routes is None or not guarded or not len(worlds):
        return None
    unit = unit_rows(len(model.columns), 0, int(worlds.max()) + 1, seed)[worlds]
    rows = _believing(model, values(case, model, unit))
    if not rows.size:
        return None
    with jax.enable_x64(True):
        found = [_followed(model, each, guarded[0]) for each in rows]
    curves, decided = (np.stack(each) for each in zip(*found, strict=True))
    home = model.reference
    other = np.abs(curves - curves[home]).max(axis=(1, 2)) > SAME
    return Closing(
        threat=model.threats[guarded[0]].name,
        year=case.years[1],
        worlds=rows.shape[1],
        days=DAYS,
        decided=tuple(np.quantile(decided[home], POINTS).tolist()),
        curves={
            option: np.quantile(curves[o], POINTS, axis=0).tolist()
            for o, option in enumerate(model.options)
            if o == home or other[o]
        },
    )


def _believing(model: Model, rows: np.ndarray) -> np.ndarray:
    """Of worlds by option, those in which help comes along the routes."""
    names = dict(model.theories)["arrival"]
    if names == ("closure",):
        return rows
    held = rows[model.reference][:, model.at("theory.arrival")]
    return rows[:, held == names.index("closure")]


def _followed(model: Model, rows: np.ndarray, threat: int) -> tuple[np.ndarray, np.ndarray]:
    """Of each world under one option: its curve by `DAYS`, and its deciding day.

    In batches of one size, the last world again and again: each size would compile anew.
    """
    last = jnp.asarray(float(model.years - 1))
    filled = np.pad(rows, ((0, -len(rows) % AT_ONCE), (0, 0)), mode="edge")
    parts = [
        _many(model, jnp.asarray(part), threat, last)
        for part in np.split(filled, len(filled) // AT_ONCE)
    ]
    curves, decided = (np.concatenate(each)[: len(rows)] for each in zip(*parts, strict=True))
    return curves, decided


@partial(jax.jit, static_argnames=("model", "threat"))
def _many(
    model: Model, rows: jax.Array, threat: int, year: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """Of each row: the curve by `DAYS`, and the deciding day."""
    drawn = jnp.asarray([arrival.DAYS.index(day) for day in DAYS])

    def one(row: jax.Array) -> tuple[jax.Array, jax.Array]:
        met = arriving.crisis(model, row, threat, year)
        return met.curve[drawn], met.here.timing.decided

    found: tuple[jax.Array, jax.Array] = jax.vmap(one)(rows)
    return found


def keep(found: Closing, folder: Path) -> Path:
    """Write curves where the report of a run looks for them."""
    path = folder / FILE
    disk.replace(path, json.dumps(asdict(found)).encode("utf-8"))
    return path
