"""Predictions and what happened -> scores, beside two baselines, with the interval of few cases.

Scores are refused for predictions that were not made, and written down, before: whoever scores
must give the hash that was printed when they were made.
"""

import csv
import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from foedus.backtest.predict import EVENTS, PRIOR, digest, episodes, inputs, text_of
from foedus.errors import FoedusError

# Shares of directed pairs of neighbouring rivals with such a dispute in 1981-1990, of 112.
BEFORE = {"fatal": 29 / 112, "war": 4 / 112}
# What a first move led to in 1946-1990, of 442: deaths (317 answered, 125 not), war.
LED_TO = {"fatal": 0.72 * 0.534 + 0.28 * 0.048, "war": 27 / 442}
YEARS = 10
RESAMPLES = 4000
FLOOR = 1e-3  # odds are held this far from 0 and 1 in the log score: one miss must not be infinite

Odds = np.ndarray


class Score(NamedTuple):
    """How well one set of odds foretold one event; lower is better."""

    event: str
    who: str  # "model", "base rate" or "pair's record"
    brier: float
    log: float
    low: float  # 95 % interval of Brier score minus that of the base rate, over resampled pairs
    high: float


class Bin(NamedTuple):
    """Pairs with about the same odds, and how often it happened."""

    event: str
    said: float
    happened: float
    pairs: int


class Report(NamedTuple):
    """What a scoring says."""

    pairs: int
    happened: dict[str, int]
    scores: list[Score]
    bins: list[Bin]
    sharpness: dict[str, float]  # standard deviation of the model's odds over pairs


def opened(path: Path, registered: str) -> dict[str, Any]:
    """Predictions as they were made.

    Args:
        path: the file that `predict` wrote.
        registered: the hash that was printed then, whole or its first 12 letters or more.

    Raises:
        FoedusError: if they are not those, were changed, or were made from other inputs.
    """
    try:
        said = json.loads(path.read_text("utf-8"))
        own = {name: value for name, value in said.items() if name != "sha256"}
        was = said["sha256"]
    except (OSError, ValueError, KeyError, AttributeError):
        raise FoedusError(f"{path} holds no predictions; make them first") from None
    if digest(own) != was:
        raise FoedusError(f"{path} was changed after the predictions were made; make them again")
    if len(registered) < 12 or not was.startswith(registered):
        raise FoedusError(
            f"{path} has the hash {was[:12]}..., not the one that was written down: "
            "predictions that were made or changed later are not scored"
        )
    differs = [name for name, value in inputs().items() if own.get(name) != value]
    if differs:
        names = ", ".join(name.removesuffix("_sha256") for name in differs)
        raise FoedusError(f"{path} was made from other inputs ({names}); make predictions again")
    return own


def score(said: dict[str, Any]) -> Report:
    """Scores of predictions that `opened` let through: only now the outcomes are read."""
    happened = {row["episode"]: row for row in csv.DictReader(text_of("outcomes.csv").splitlines())}
    rows = episodes()
    scores: list[Score] = []
    bins: list[Bin] = []
    counts, sharp = {}, {}
    for event in EVENTS:
        true = np.array([float(happened[row["episode"]][event]) for row in rows])
        model = np.array([said["odds"][row["episode"]][event]["mean"] for row in rows])
        record = np.array([_record(row, event) for row in rows])
        base = np.full(len(rows), BEFORE[event])
        for who, odds in (("model", model), ("base rate", base), ("pair's record", record)):
            scores.append(_scored(event, who, odds, base, true))
        bins += _bins(event, model, true)
        counts[event], sharp[event] = int(true.sum()), float(model.std())
    return Report(len(rows), counts, scores, bins, sharp)


def _record(row: dict[str, str], event: str) -> float:
    """The pair's own record, weighed with that of all pairs: the mean of its gamma law."""
    rate = (PRIOR[0] + int(row["disputes"])) / (PRIOR[1] + int(row["years"]))
    return float(1 - np.exp(-YEARS * rate * LED_TO[event]))


def _scored(event: str, who: str, odds: Odds, base: Odds, true: Odds) -> Score:
    held = np.clip(odds, FLOOR, 1 - FLOOR)
    log = -(true * np.log(held) + (1 - true) * np.log(1 - held)).mean()
    gain = (odds - true) ** 2 - (base - true) ** 2
    picks = np.random.default_rng(0).integers(len(true), size=(RESAMPLES, len(true)))
    low, high = np.quantile(gain[picks].mean(axis=1), (0.025, 0.975))
    brier = float(((odds - true) ** 2).mean())
    return Score(event, who, brier, float(log), float(low), float(high))


def _bins(event: str, odds: Odds, true: Odds) -> list[Bin]:
    """Fifths of the pairs, by their odds."""
    parts = np.array_split(np.argsort(odds, kind="stable"), 5)
    return [Bin(event, float(odds[p].mean()), float(true[p].mean()), len(p)) for p in parts]


def verdict(found: Score) -> str:
    """In plain words, what the interval lets one say."""
    if found.high < 0:
        return "better than the base rate"
    if found.low > 0:
        return "worse than the base rate"
    return "no better than the base rate, as far as these pairs can tell"
