"""A run written as a run writes it, with truths that are known: no engine is needed to judge it.

A light base brings disputes down by `gain`, but in worlds that believe `spiral` and in which a
dispute turns to war often (rates.war of .05 or more) it brings them up.
"""

from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from foedus import table
from foedus.case.read import read_text
from foedus.table import Run

CASE = """
foedus: 1
title: A base in Alphaland
question: Is a base unnecessary?
years: [2027, 2036]
reference: status_quo
alliance: {host: AAA, helper: BBB}
actors: {AAA: {name: Alphaland}, BBB: {name: Betaland}, CCC: {name: Gammaland}}
threats: {CCC-AAA: {challenger: CCC, target: AAA, helper: BBB, rivals: true}}
theories: {pact: [deters, spiral], contest: [ratio]}
assumptions:
  rates.war: {between: [0.02, 0.08], unit: probability, source: [book]}
  timing.warning: {between: [0, 10], unit: days, source: [book]}
  timing.travel: {between: [0, 10], unit: days, source: [book]}
  prices.rent: {exactly: 0, unit: M USD/year, source: [book]}
  base.troops: {exactly: 0, unit: persons, source: [book]}
options:
  status_quo: {says: As today.}
  light_base:
    says: A light base.
    sets: {base.troops: {between: [500, 3000], unit: persons, source: [book]}}
claims:
  FEWER:
    quote: a base brings fewer disputes
    offset: 10
    says: A light base lowers the number of disputes.
    kind: cause
    tests:
      all:
        says: A light base lowers expected disputes.
        because: A tenth of a dispute is the least anyone would notice.
        compare: {outcome: disputes, option: light_base, is: lower, than: status_quo, by: 0.1}
  CHEAP:
    quote: it is cheap
    offset: 40
    says: It is cheap.
    kind: cause
    tests:
      cheap:
        says: Today's arrangement costs little.
        because: Ten is little.
        level: {outcome: cost, option: status_quo, is: at_most, value: 10}
  BOTH:
    quote: both
    offset: 50
    says: Fewer disputes, and few of them.
    kind: cause
    tests:
      fewer:
        says: A light base lowers expected disputes.
        because: Any difference counts.
        compare: {outcome: disputes, option: light_base, is: no_higher, than: status_quo}
      few:
        says: There are at most eight.
        because: Eight is few.
        level: {outcome: disputes, option: light_base, is: at_most, value: 8}
  SINCE:
    quote: began in 1992
    offset: 60
    says: It began in 1992.
    kind: fact
    record: {status: supported, confidence: high, for: So it did., against: ""}
sources: {book: A Book (2001)}
"""
OUTCOMES = {
    "disputes": {"means": "expected disputes", "unit": "disputes", "better": "lower"},
    "cost": {"means": "cost to both", "unit": "M USD", "better": "lower"},
}
COLUMNS: dict[str, dict[str, Any]] = {
    "theory.pact": {"unit": "theory", "means": "What does a pact do?", "lever": False,
                    "words": ["deters", "spiral"]},
    "rates.war": {"unit": "probability", "means": "a dispute becomes a war", "lever": False,
                  "words": []},
    "timing.warning": {"unit": "days", "means": "days of warning", "lever": False, "words": []},
    "timing.travel": {"unit": "days", "means": "days of travel", "lever": False, "words": []},
    "base.troops": {"unit": "persons", "means": "foreign troops", "lever": True, "words": []},
}  # fmt: skip
CHANNELS = ("denial", "tripwire", "provocation", "host")
PARTS = {"denial": -1.0, "tripwire": -0.5, "provocation": 3.0, "host": 0.25}
TOGETHER = 0.5  # denial and tripwire, beyond what either does


def worlds(count: int, seed: int, refused: int = 0) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "world": np.arange(count),
            "scramble": (np.arange(count) % 16).astype(np.int8),
            "theory.pact": pl.Series(
                rng.choice(["deters", "spiral"], count), dtype=pl.Enum(["deters", "spiral"])
            ),
            "rates.war": rng.uniform(0.02, 0.08, count),
            "timing.warning": rng.uniform(0, 10, count),
            "timing.travel": rng.uniform(0, 10, count),
            "prices.rent": np.zeros(count),
            "base.troops": np.zeros(count),
            "base.troops@light_base": rng.uniform(500, 3000, count),
            "sound": np.arange(count) >= refused,
        }
    )


def breaks(drawn: pl.DataFrame) -> np.ndarray:
    return ((drawn["theory.pact"] == "spiral") & (drawn["rates.war"] >= 0.05)).to_numpy()


def gain(drawn: pl.DataFrame) -> np.ndarray:
    """What a light base changes: down by .1 to .6, up where it breaks."""
    size = 0.1001 + 0.05 * drawn["timing.warning"].to_numpy()
    return np.where(breaks(drawn), size, -size)


def years(run: Run, disputes: dict[int, dict[str, np.ndarray]]) -> Run:
    """The run's first worlds, with their disputes after each year: year -> option -> worlds."""
    count = len(next(iter(next(iter(disputes.values())).values())))
    drawn = worlds(3_000, 1).head(count)
    last = {o: each for o, each in disputes[2036].items()}
    outcome = {f"disputes@{year}": OUTCOMES["disputes"] for year in disputes}
    says = {"kind": "years", "outcomes": ["disputes"]}
    more = {f"disputes@{year}": each for year, each in disputes.items()}
    return write(run.folder / "designs" / "years", drawn, last, design=says,
                 outcomes={**OUTCOMES, **outcome}, more=more)  # fmt: skip


def outcomes(
    drawn: pl.DataFrame,
    disputes: dict[str, np.ndarray],
    more: dict[str, dict[str, np.ndarray]] | None = None,
) -> pl.DataFrame:
    options = list(disputes)
    return pl.concat(
        pl.DataFrame(
            {
                "world": drawn["world"],
                "option": pl.Series([option] * drawn.height, dtype=pl.Enum(options)),
                "disputes": value.astype(np.float32),
                "cost": np.full(drawn.height, 5.0, np.float32),
                **{name: each[option].astype(np.float32) for name, each in (more or {}).items()},
            }
        )
        for option, value in disputes.items()
    )


def write(folder: Path, drawn: pl.DataFrame, disputes: dict[str, np.ndarray], **says: Any) -> Run:
    text, more = says.pop("text", CASE), says.pop("more", None)
    case = read_text(text, "small.yaml")
    plan = {"title": case.title, "worlds": drawn.height, "seed": 7, "block": max(drawn.height, 1),
            "blocks": 1, "scrambles": 16, "options": list(disputes),
            "reference": case.reference, "threats": list(case.threats),
            "columns": COLUMNS, "outcomes": OUTCOMES, **says}  # fmt: skip
    run = table.begin(folder, case, plan)
    refused = int((~drawn["sound"]).sum())
    return table.add(
        run, 0, {"worlds": drawn, "outcomes": outcomes(drawn, disputes, more)}, refused
    )


def ordinary(folder: Path, count: int = 3_000, *, seed: int = 1, refused: int = 0) -> Run:
    drawn = worlds(count, seed, refused)
    base = 2.0 + drawn["timing.travel"].to_numpy()
    return write(folder, drawn, {"status_quo": base, "light_base": base + gain(drawn)})


def fresh(run: Run, count: int = 3_000, *, seed: int = 2) -> Run:
    drawn = worlds(count, seed)
    base = 2.0 + drawn["timing.travel"].to_numpy()
    disputes = {"status_quo": base, "light_base": base + gain(drawn)}
    return write(run.folder / "designs" / "fresh", drawn, disputes, design={"kind": "fresh"})


def without(off: tuple[str, ...]) -> str:
    return "without_" + "_".join(off) if off else "whole"


def channels(run: Run, count: int = 200) -> Run:
    """Variants of the light base whose parts are known; the whole is what the run has."""
    drawn = worlds(3_000, 1).head(count)
    whole = 2.0 + drawn["timing.travel"].to_numpy() + gain(drawn)
    every = [off for n in range(5) for off in combinations(CHANNELS, n)]
    off_by = {
        off: -sum(PARTS[c] for c in off) - TOGETHER * bool({"denial", "tripwire"} & set(off))
        for off in every
    }
    disputes = {without(off): whole + off_by[off] for off in every}
    says = {"kind": "channels", "option": "light_base",
            "without": {without(off): list(off) for off in every}}  # fmt: skip
    return write(run.folder / "designs" / "channels-light_base", drawn, disputes, design=says)
