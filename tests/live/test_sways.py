"""What moves a claim: told where the scrambles agree, and not where they contradict one another."""

from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from foedus.live import sways as found
from foedus.worlds.points import SCRAMBLES

WORLDS = 2_048


def movers(right: np.ndarray, column: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is told of one assumption, in worlds dealt in turn to the scrambles."""
    monkeypatch.setattr(found, "column_words", lambda *_: "A number")
    scramble = pl.Series("scramble", np.arange(WORLDS) % SCRAMBLES)
    table = SimpleNamespace(sound=pl.DataFrame([scramble]), manifest={"scrambles": SCRAMBLES})
    return [each.title for each in found._sway(table, pl.Series("x", column), right)]


def test_what_chance_does_to_whole_scrambles_moves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """In ten scrambles the claim goes with the number, in six against it: a difference of a
    quarter, nine times the error of as many independent worlds.
    """
    column = np.random.default_rng(1).random(WORLDS)
    with_it = np.arange(WORLDS) % SCRAMBLES < 10
    right = np.where((column > 0.5) == with_it, 1.0, 0.0)
    low, high = (right[part].mean() for part in (column < 1 / 3, column > 2 / 3))
    assert high - low > 8 * (2 * 0.25 / (WORLDS / 3)) ** 0.5
    assert movers(right, column, monkeypatch) == []
    most = (column > 0.5) == (np.arange(WORLDS) % SCRAMBLES < 14)  # 4.4 errors
    assert movers(most.astype(float), column, monkeypatch) == []
    assert movers((column > 0.6).astype(float), column, monkeypatch) == ["A number"]
