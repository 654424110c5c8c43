"""What decides a claim or an outcome: indices from the run itself, in the case's own words."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import polars as pl

from foedus.errors import FoedusError, RunError, did_you_mean
from foedus.judge.assumptions import column_words, drawn, options_of
from foedus.judge.boxes import share
from foedus.judge.claims import Standing, standing
from foedus.judge.designs import saltelli, sobol
from foedus.judge.screens import keeping
from foedus.judge.sensitivity import given_data
from foedus.table import Run

MOST = 8  # assumptions that are shown

About = Literal["whether it holds", "by how much"]
Total = tuple[float | None, ...]  # index, low, high; empty where no Sobol design was played


@dataclass(frozen=True)
class Decides:
    """How much of a claim one assumption decides alone, and with all others."""

    column: str
    words: str
    index: float  # share of the variance that goes if this assumption is known
    low: float  # 95 %
    high: float
    floor: float  # what the largest of all assumptions reaches by chance, in 95 % of permutations
    delta: float  # shift of the distribution (moment-independent), 0 to 1
    delta_floor: float
    total: float | None = None  # Sobol: with all interactions; where a design was run
    total_low: float | None = None
    total_high: float | None = None


@dataclass(frozen=True)
class Deciding:
    """The assumptions that matter, by the rule of `given_data`, most telling first."""

    about: About
    assumptions: tuple[Decides, ...]
    others: int  # that do not rise above chance
    note: str = ""


def deciding(run: Run, claim: str, stands: Standing, *, most: int | None = None) -> Deciding:
    """What decides a claim, told from `most` worlds at most, of those that screens keep.

    Where the claim is right in every world, or in none, it is what decides by how much.
    """
    options = options_of(run.case.claims[claim])
    constant = stands.holds.all() or not stands.holds.any()
    about: About = "by how much" if constant else "whether it holds"
    totals, no_totals = ({}, "") if constant else _totals(run, claim)
    outcome = stands.slack if constant else stands.holds
    found = ranked(run, options, outcome, about, most=most, totals=totals)
    if found is None:
        return Deciding(about, (), 0)
    rows, others, note = found
    return Deciding(about, rows, others, " ".join(filter(None, (note, no_totals))))


def ranked(
    run: Run,
    options: list[str],
    outcome: np.ndarray,
    about: str,
    *,
    most: int | None = None,
    totals: dict[str, Total] | None = None,
) -> tuple[tuple[Decides, ...], int, str] | None:
    """The assumptions that decide an outcome of worlds, most telling first.

    Args:
        run: a run.
        options: those whose levers count among the assumptions.
        outcome: of each world that the screens keep.
        about: what is decided, in words.
        most: the first so many of these worlds are looked at; None for all.
        totals: total Sobol indices, where they are known.

    Returns:
        Those that matter, how many do not, and a note if there is no index; None if no assumption
        differs from world to world.
    """
    kept = keeping(run)
    worlds = drawn(kept, options)[:most]
    if not worlds.width:
        return None
    group = kept.sound["scramble"][:most].to_numpy()
    found = given_data(worlds, outcome[:most], group=group)
    notes = found["note"].drop_nulls().unique(maintain_order=True).to_list()
    telling = found.filter("matters").sort("first_order", "delta", descending=True)
    rows = tuple(
        _told(run, row, about, (totals or {}).get(row["assumption"], ()))
        for row in telling.head(MOST).to_dicts()
    )
    return rows, found.height - telling.height, notes[0] if notes and not rows else ""


def _told(run: Run, row: dict[str, Any], about: str, total: Total = ()) -> Decides:
    """One row of `given_data` in words; `about` is what is decided."""
    column = str(row["assumption"])
    index, low, high, floor, delta, delta_floor = (
        float(row[name])
        for name in (
            "first_order", "first_low", "first_high", "first_floor", "delta", "delta_floor",
        )
    )  # fmt: skip
    subject = column_words(run, column)
    many = "" if subject.startswith("the odds that") else "s"
    if low > floor:
        words = f"{subject} decide{many} {share(index)} of {about} ({share(low)} to {share(high)})"
    else:
        words = f"{subject} bear{many} on {about} together with others"
    return Decides(
        column, words[:1].upper() + words[1:], index, low, high, floor, delta, delta_floor, *total
    )


def _totals(run: Run, claim: str) -> tuple[dict[str, Total], str]:
    """Total Sobol indices of whether a claim holds, where the run has that design.

    They need all worlds of the design, so no screen sets any aside. With them, or in their place,
    what a reader must know.
    """
    design = run.design("sobol")
    if design is None:
        return {}, ""
    says = design.manifest["design"]
    names = says["columns"]
    every = design.frame("worlds").select("world").collect()
    holds = design.sound.select("world").with_columns(
        y=pl.Series(standing(design, run.case.claims[claim]).holds, dtype=pl.Float64)
    )
    outputs = every.join(holds, on="world", how="left", maintain_order="left")["y"].to_numpy()
    try:
        found = sobol(saltelli(says["points"], len(names), says["seed"]), outputs, names)
    except FoedusError as error:  # too many of its worlds could not be computed
        return {}, str(error)
    rows = [row for row in found.to_dicts() if row["total"] is not None]
    ends = [(row["assumption"], row["total"], row["total_half"]) for row in rows]
    told: dict[str, Total] = {name: (at, at - half, at + half) for name, at, half in ends}
    return told, " ".join(found["note"].drop_nulls().unique().to_list())


def sensitivity(run: Run, outcome: str) -> pl.DataFrame:
    """What decides an outcome, under each option, from the run itself.

    Args:
        run: a run.
        outcome: the name of an outcome of the run.

    Returns:
        One row an option and assumption: option, then the columns of
        `foedus.judge.sensitivity.given_data`: first-order and delta index with 95 % intervals
        and noise floors; shares in [0, 1]. Assumptions that never vary are left out.

    Raises:
        RunError: the run has no such outcome.
    """
    if outcome not in run.manifest["outcomes"]:
        hint = did_you_mean(outcome, run.manifest["outcomes"])
        raise RunError(f"no outcome '{outcome}' in {run.folder}: {hint}")
    options = run.manifest["options"]
    kept = keeping(run)
    values = kept.kept(outcome, options)
    group = kept.sound["scramble"].to_numpy()
    return pl.concat(
        given_data(drawn(kept, [o]), values[o].to_numpy(), group=group).select(
            pl.lit(o).alias("option"), "*"
        )
        for o in options
    )
