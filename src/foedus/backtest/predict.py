"""Episodes -> predictions, in a file that says when and with what it was made.

An episode is a pair of rivals as it stood at the end of 1990; what happened after is in another
file, which nothing here reads. No number of the model is fitted to it.
"""

import csv
import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import numpy as np
from scipy import stats

from foedus import __version__
from foedus.case import figures
from foedus.case.read import read_text
from foedus.case.schema import Case
from foedus.engine.many import play
from foedus.engine.reading import bound
from foedus.worlds.points import unit_rows, values

EVENTS = ("fatal", "war")
# First moves of neighbouring rivals 1946-1990, as rates that differ by a gamma law: shape, years.
PRIOR = (1.278, 11.76)
HIGHEST = 0.5  # what the mechanism takes as a rate of challenges a year; two pairs reach it
SOLDIERS = 4.0  # thousand persons to a brigade

Row = dict[str, str]


def text_of(name: str) -> str:
    """A file of the backtest."""
    return files("foedus.backtest").joinpath(name).read_text("utf-8")


def episodes() -> list[Row]:
    """What was known of each pair at the end of 1990."""
    return list(csv.DictReader(text_of("episodes.csv").splitlines()))


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


def predict(worlds: int, progress: Callable[[int, int], None] | None = None) -> dict[str, Any]:
    """What the model says of every episode.

    Args:
        worlds: how many worlds an episode is played in.
        progress: called with (episodes done, episodes in all).

    Returns:
        The predictions, with all that they hang on and their own hash.
    """
    rows, found = episodes(), {}
    for done, row in enumerate(rows, 1):
        found[row["episode"]] = _odds(episode_case(row), worlds)
        if progress is not None:
            progress(done, len(rows))
    made = datetime.now(UTC).isoformat(timespec="seconds")
    said = {"foedus": __version__, "made": made, "worlds": worlds, **inputs(), "odds": found}
    return {**said, "sha256": digest(said)}


def _odds(case: Case, worlds: int) -> dict[str, dict[str, float]]:
    """Of each event the mean over worlds, and the worlds at 5 and 95 %."""
    model = bound(case)
    found = play(case, model, values(case, model, unit_rows(len(model.columns), 0, worlds, 0)))
    kept = found["sound"][0]
    said = {}
    for event in EVENTS:
        odds = found[f"{event}.T"][0][kept].astype(float)
        low, high = np.quantile(odds, (0.05, 0.95))
        three = {"mean": odds.mean(), "low": low, "high": high}
        said[event] = {name: round(float(value), 5) for name, value in three.items()}
    return said


def inputs() -> dict[str, str]:
    """Hashes of what the predictions are made from: another text needs other predictions."""
    texts = {name: text_of(f"{name}.{kind}") for name, kind in _INPUTS}
    texts["common"] = figures.text("common")
    return {
        f"{name}_sha256": hashlib.sha256(text.encode("utf-8")).hexdigest()
        for name, text in texts.items()
    }


_INPUTS = (("episodes", "csv"), ("template", "yaml"))


def digest(said: dict[str, Any]) -> str:
    """The hash that tells one set of predictions from any other."""
    plain = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode("utf-8")).hexdigest()
