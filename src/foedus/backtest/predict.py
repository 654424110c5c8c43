"""Episodes -> predictions, in a file that says when and with what it was made."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np

from foedus import __version__
from foedus.backtest.episode import EVENTS, Asked, hashes
from foedus.backtest.pairs import PAIRS
from foedus.backtest.past import CASES
from foedus.case.schema import Case
from foedus.engine.many import play
from foedus.engine.reading import bound
from foedus.worlds.points import unit_rows, values

SETS: dict[str, Asked] = {"pairs": PAIRS, "cases": CASES}

Odds = dict[str, dict[str, float]]


def predict(
    of: str, worlds: int, progress: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    """What the model says of every episode.

    Args:
        of: "pairs" or "cases".
        worlds: how many worlds an episode is played in, at most 2,048.
        progress: called with (episodes done, episodes in all).

    Returns:
        The predictions, with all that they hang on and their own hash.
    """
    asked, found = SETS[of], {}
    last: tuple[str, dict[str, np.ndarray]] = ("", {})
    rows = asked.episodes()
    for done, each in enumerate(rows, 1):
        case = each.case()
        if case.text != last[0]:
            last = (case.text, _played(case, worlds))
        found[each.name] = _odds(last[1], list(case.options).index(each.option), each.threat)
        if progress is not None:
            progress(done, len(rows))
    made = datetime.now(UTC).isoformat(timespec="seconds")
    said = {"of": of, "foedus": __version__, "made": made, "worlds": worlds, **hashes(asked)}
    return {**said, "odds": found, "sha256": digest({**said, "odds": found})}


def _played(case: Case, worlds: int) -> dict[str, np.ndarray]:
    model = bound(case)
    return play(case, model, values(case, model, unit_rows(len(model.columns), 0, worlds, 0)))


def _odds(found: dict[str, np.ndarray], option: int, threat: str) -> Odds:
    """Of each event the mean over worlds, and the worlds at 5 and 95 %."""
    kept = found["sound"].astype(bool).all(axis=0)
    said = {}
    for event in EVENTS:
        odds = found[f"{event}.{threat}"][option][kept].astype(float)
        low, high = np.quantile(odds, (0.05, 0.95))
        three = {"mean": odds.mean(), "low": low, "high": high}
        said[event] = {name: round(float(value), 5) for name, value in three.items()}
    return said


def digest(said: dict[str, Any]) -> str:
    """The hash that tells one set of predictions from any other."""
    plain = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode("utf-8")).hexdigest()
