"""Predictions and what happened -> scores, beside two baselines, with the interval of few cases.

Scores are refused for predictions that were not made, and written down, before: whoever scores
must give the hash that was printed when they were made.
"""

import csv
import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from foedus.backtest.episode import EVENTS, Asked, hashes, text_of
from foedus.backtest.predict import SETS, digest
from foedus.errors import FoedusError

RESAMPLES = 4000
FLOOR = 1e-3  # odds are held this far from 0 and 1 in the log score: one miss must not be infinite

Odds = np.ndarray


class Score(NamedTuple):
    """How well one set of odds foretold one event; lower is better."""

    event: str
    who: str  # "model", "base rate" or "pair's record"
    brier: float
    log: float
    low: float  # 95 % interval of Brier score minus that of the base rate, over resampled groups
    high: float


class Bin(NamedTuple):
    """Episodes with about the same odds, and how often it happened."""

    event: str
    said: float
    happened: float
    episodes: int


class Report(NamedTuple):
    """What a scoring says."""

    episodes: int
    happened: dict[str, int]
    scores: list[Score]
    bins: list[Bin]
    sharpness: dict[str, float]  # standard deviation of the model's odds over episodes


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
        was, _ = said["sha256"], asked_of(said)
    except (OSError, ValueError, KeyError, AttributeError):
        raise FoedusError(f"{path} holds no predictions; make them first") from None
    if digest(own) != was:
        raise FoedusError(f"{path} was changed after the predictions were made; make them again")
    if len(registered) < 12 or not was.startswith(registered):
        raise FoedusError(
            f"{path} has the hash {was[:12]}..., not the one that was written down: "
            "predictions that were made or changed later are not scored"
        )
    made_from = hashes(asked_of(own)).items()
    differs = [name for name, value in made_from if own.get(name) != value]
    if differs:
        names = ", ".join(name.removesuffix("_sha256") for name in differs)
        raise FoedusError(f"{path} was made from other inputs ({names}); make predictions again")
    return own


def asked_of(said: dict[str, Any]) -> Asked:
    """What predictions are of; the first ones did not say, and are of pairs."""
    return SETS[said.get("of", "pairs")]


def score(said: dict[str, Any]) -> Report:
    """Scores of predictions that `opened` let through: only now the outcomes are read."""
    asked = asked_of(said)
    happened = {row["episode"]: row for row in csv.DictReader(text_of(asked.outcomes).splitlines())}
    rows = asked.episodes()
    groups = np.unique([row.group for row in rows], return_inverse=True)[1]
    scores: list[Score] = []
    bins: list[Bin] = []
    counts, sharp = {}, {}
    for event in EVENTS:
        true = np.array([float(happened[row.name][event]) for row in rows])
        model = np.array([said["odds"][row.name][event]["mean"] for row in rows])
        record = np.array([row.record[event] for row in rows])
        base = np.array([row.base[event] for row in rows])
        for who, odds in (("model", model), ("base rate", base), ("pair's record", record)):
            scores.append(_scored(event, who, odds, base, true, groups))
        bins += _bins(event, model, true)
        counts[event], sharp[event] = int(true.sum()), float(model.std())
    return Report(len(rows), counts, scores, bins, sharp)


def _scored(event: str, who: str, odds: Odds, base: Odds, true: Odds, groups: np.ndarray) -> Score:
    held = np.clip(odds, FLOOR, 1 - FLOOR)
    log = -(true * np.log(held) + (1 - true) * np.log(1 - held)).mean()
    gain = (odds - true) ** 2 - (base - true) ** 2
    sizes, gains = np.bincount(groups), np.bincount(groups, weights=gain)
    picks = np.random.default_rng(0).integers(len(sizes), size=(RESAMPLES, len(sizes)))
    means = gains[picks].sum(axis=1) / sizes[picks].sum(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    brier = float(((odds - true) ** 2).mean())
    return Score(event, who, brier, float(log), float(low), float(high))


def _bins(event: str, odds: Odds, true: Odds) -> list[Bin]:
    """Fifths of the episodes by their odds, or as many parts of three as there are."""
    parts = np.array_split(np.argsort(odds, kind="stable"), max(1, min(5, len(odds) // 3)))
    return [Bin(event, float(odds[p].mean()), float(true[p].mean()), len(p)) for p in parts]


def verdict(found: Score) -> str:
    """In plain words, what the interval lets one say."""
    if found.high < 0:
        return "better than the base rate"
    if found.low > 0:
        return "worse than the base rate"
    return "no better than the base rate, as far as so few can tell"
