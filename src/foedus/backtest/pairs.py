"""Rivals of the end of 1990, each with an ally that owed it defence, and the years 1991-2000."""

import csv
from collections.abc import Iterator
from functools import partial

import numpy as np
from scipy import stats

from foedus.backtest.episode import Asked, Episode, text_of
from foedus.case import figures
from foedus.case.read import read_text
from foedus.case.schema import Case

# First moves of neighbouring rivals 1946-1990, as rates that differ by a gamma law: shape, years.
PRIOR = (1.278, 11.76)
HIGHEST = 0.5  # what the mechanism takes as a rate of challenges a year; two pairs reach it
SOLDIERS = 4.0  # thousand persons to a brigade
YEARS = 10
# Shares of directed pairs of neighbouring rivals with such a dispute in 1981-1990, of 112.
BEFORE = {"fatal": 29 / 112, "war": 4 / 112}
# What a first move led to in 1946-1990, of 442: deaths (317 answered, 125 not), war.
LED_TO = {"fatal": 0.72 * 0.534 + 0.28 * 0.048, "war": 27 / 442}

Row = dict[str, str]


def episodes() -> list[Episode]:
    """Every pair, with what was known of it at the end of 1990."""
    return [
        Episode(
            row["episode"], row["episode"], partial(episode_case, row), "as_it_was", "T", BEFORE,
            _record(row),
        )
        for row in csv.DictReader(text_of("episodes.csv").splitlines())
    ]  # fmt: skip


def episode_case(row: Row) -> Case:
    """The case of one pair."""
    lines = [text_of("template.yaml").rstrip()]
    lines += [f"  {name}: {{{given}}}" for name, given in _numbers(row)]
    lines.append("options:\n  as_it_was: {says: As things stood at the end of 1990.}")
    return read_text("\n".join(lines) + "\n", "episode.yaml")


def _numbers(row: Row) -> Iterator[tuple[str, str]]:
    for role in ("challenger", "target", "helper"):
        size = float(row[f"{role}_thousands"]) / SOLDIERS
        span = f"between: [{0.8 * size:.4g}, {1.2 * size:.4g}]"
        yield f"forces.{role.upper()}", f"{span}, unit: brigades, source: [nmc]"
    law = stats.gamma(PRIOR[0] + int(row["disputes"]), scale=1 / (PRIOR[1] + int(row["years"])))
    low, central, high = np.minimum(law.ppf((0.05, 0.5, 0.95)), HIGHEST)
    span = f"low: {low:.4f}, central: {central:.4f}, high: {high:.4f}, scale: linear"
    yield "rates.challenge", f"{span}, unit: probability/year, source: [gml, tss]"
    yield "memory.since", f"exactly: {row['since']}, unit: years, source: [gml]"
    yield "base.troops", f"exactly: {row['troops']}, unit: persons, source: [judgement]"


def _record(row: Row) -> dict[str, float]:
    """The pair's own record, weighed with that of all pairs: the mean of its gamma law."""
    rate = (PRIOR[0] + int(row["disputes"])) / (PRIOR[1] + int(row["years"]))
    return {event: float(1 - np.exp(-YEARS * rate * led)) for event, led in LED_TO.items()}


def _inputs() -> dict[str, str]:
    return {
        "episodes": text_of("episodes.csv"),
        "template": text_of("template.yaml"),
        "common": figures.text("common"),
    }


PAIRS = Asked(
    "pairs",
    episodes,
    _inputs,
    "outcomes.csv",
    "The pairs are those that had an ally in 1990, not a sample of all. The figures of the shared "
    "file that are not rates (pacts, troops, honour) come from research on years that include "
    "1991-2000. Pairs with a state in common are not independent, so the intervals are too narrow.",
)
