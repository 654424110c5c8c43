"""Small runs written as a run writes them, so that a report is tested without the engine."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl

from foedus import table
from foedus.case.read import read_text
from foedus.case.schema import Case
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
  rates.war: {low: 0.02, central: 0.04, high: 0.08, unit: probability, source: [book]}
  rates.rare: {between: [0.002, 0.2], scale: log, unit: probability/year, source: [judgement]}
  pact.spiral.alarm: {between: [0, 0.7], unit: log-odds, source: [judgement]}
  prices.discount: {choices: [0.02, 0.05], unit: 1/year, source: [judgement]}
  prices.rent: {exactly: 0, unit: M USD/year, source: [book], note: Nobody pays.}
options:
  status_quo: {says: As today.}
  light_base:
    says: A light base.
    sets: {base.troops: {between: [500, 3000], unit: persons, source: [judgement]}}
  heavy_base: {says: A heavy base.}
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
    record:
      status: contested
      confidence: medium
      for: One study finds fewer.
      against: Another study finds more.
      source: [book, page]
  SAFE:
    quote: it is safe and cheap
    offset: 40
    says: War stays rare, and a heavy base hardly changes that.
    kind: counterfactual
    tests:
      rare:
        says: War stays rare.
        because: One in ten is often named.
        level: {outcome: war.CCC-AAA, option: status_quo, is: at_most, value: 0.1}
      same:
        says: A heavy base hardly changes disputes.
        because: Five percent is small.
        compare: {outcome: disputes, option: heavy_base, is: same, than: status_quo, by: 5 %}
      steps:
        says: The step to a heavy base does no more than that to a light one.
        because: Any difference counts.
        compare_difference:
          outcome: disputes
          first: {option: heavy_base, than: status_quo}
          second: {option: light_base, than: status_quo}
          is: no_higher
  SINCE:
    quote: began in 1992
    offset: 60
    says: It began in 1992.
    kind: fact
    record: {status: partly supported, confidence: high, for: So it did., against: ""}
  BETTER:
    quote: better uses of the money
    offset: 80
    says: The money is better spent elsewhere.
    kind: value
    untested: needs a list of other uses and what they bring
sources:
  judgement: Our own judgement.
  book: A Book (2001)
  page: {cite: A Page, url: "https://example.org/page?a=1&b=2"}
"""
STATES = CASE.replace("AAA", "AZE").replace("BBB", "TUR").replace("CCC", "IRN")
PARTS = """
parts:
  BASE: {says: A heavy base., option: heavy_base, than: status_quo, outcomes: [disputes, readiness, resist], claims: FEWER}
  TODAY: {says: Forces as they are., outcomes: [readiness]}
  ARMS: {says: Own arms., missing: no option buys any, claims: [SINCE, BETTER]}
"""  # noqa: E501
OUTCOMES = {
    "disputes": {"means": "expected disputes", "unit": "disputes", "better": "lower"},
    "war.CCC-AAA": {"means": "odds of a war", "unit": "probability", "better": "lower"},
    "readiness": {"means": "readiness", "unit": "1", "better": "higher"},
    "cost": {"means": "cost to both", "unit": "M USD", "better": "lower"},
    "resist": {"means": "odds of an answer", "unit": "probability", "better": "neither"},
}

MakeRun = Callable[..., Run]


def write_run(
    folder: Path,
    text: str = CASE,
    worlds: int = 320,
    refused: int = 0,
    blocks: int = 1,
    told: Mapping[str, Any] = MappingProxyType({}),
) -> Run:
    """A run of a case, `refused` of whose worlds could not be computed; `told` in its manifest."""
    case = read_text(text, "small.yaml")
    options, columns = list(case.options), {
        "theory.pact": {"unit": "theory", "means": "What does a pact do?", "lever": False,
                        "words": ["deters", "spiral"]},
        "rates.war": {"unit": "probability", "means": "a dispute becomes a war",
                      "lever": False, "words": []},
    }  # fmt: skip
    plan = {"title": case.title, "worlds": worlds, "seed": 7, "block": worlds,
            "blocks": blocks, "scrambles": 16, "options": options,
            "reference": case.reference, "threats": list(case.threats),
            "years": list(case.years), "columns": columns,
            "outcomes": _named(case, OUTCOMES), **told}  # fmt: skip
    run = table.begin(folder, case, plan)
    frames = _frames(options, worlds, refused)
    frames["outcomes"] = frames["outcomes"].rename(_by_threat(case))
    return table.add(run, 0, frames, refused)


def write_years(run: Run, refused: int = 0, sound: int = 101, *, grows: bool = True) -> None:
    """The design `years` of a run: in world k, option i, `disputes` grows by k + i a year."""
    first, last = run.case.years
    at = {f"disputes@{year}": year - first + 1 if grows else 1 for year in range(first, last + 1)}
    options, worlds = run.manifest["options"], sound + refused
    plan = {**run.manifest, "worlds": worlds, "block": worlds, "blocks": 1,
            "design": {"kind": "years", "outcomes": ["disputes"]}}  # fmt: skip
    world = np.arange(worlds)
    drawn = pl.DataFrame({"world": world, "scramble": (world % 16).astype(np.int8),
                          "sound": world >= refused})  # fmt: skip
    rows = [
        pl.DataFrame({"world": world, "option": pl.repeat(option, worlds, eager=True),
                      **{name: n * (world - refused + i) for name, n in at.items()}})
        .cast({"option": pl.Enum(options)})
        for i, option in enumerate(options)
    ]  # fmt: skip
    folder = run.folder / table.DESIGNS / "years"
    design = table.begin(folder, run.case, plan)
    table.add(design, 0, {"worlds": drawn, "outcomes": pl.concat(rows)}, refused)


def _by_threat(case: Case) -> dict[str, str]:
    """Outcomes of the one threat, by the name it has in this case."""
    return {"war.CCC-AAA": f"war.{next(iter(case.threats))}"}


def _named(case: Case, outcomes: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {_by_threat(case).get(name, name): told for name, told in outcomes.items()}


def _frames(options: list[str], worlds: int, refused: int) -> dict[str, pl.DataFrame]:
    rng = np.random.default_rng(7)
    believes = rng.integers(2, size=worlds)
    base = rng.uniform(2, 10, worlds)
    world = np.arange(worlds)
    drawn = pl.DataFrame(
        {
            "world": world,
            "scramble": (world % 16).astype(np.int8),
            "theory.pact": pl.Series(
                [("deters", "spiral")[i] for i in believes], dtype=pl.Enum(["deters", "spiral"])
            ),
            "rates.war": rng.uniform(0.02, 0.08, worlds),
            "sound": world >= refused,
        }
    )
    rows = [
        pl.DataFrame(
            {
                "world": world,
                "option": pl.Series([option] * worlds, dtype=pl.Enum(options)),
                "disputes": base + i * (believes - 0.4 + rng.normal(0, 0.1, worlds)),
                "war.CCC-AAA": base / 60 + 0.01 * i,
                "readiness": rng.uniform(0.4, 0.9, worlds),
                "cost": 1_500.0 * i + base,
                "resist": rng.uniform(0.4, 0.9, worlds),
            }
        )
        for i, option in enumerate(options)
    ]
    return {"worlds": drawn, "outcomes": pl.concat(rows)}
