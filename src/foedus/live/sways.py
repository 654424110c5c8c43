"""What moves a claim most: its share of worlds at one end of an assumption and at the other."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from foedus.judge.assumptions import column_words, drawn, options_of
from foedus.judge.claims import standing
from foedus.judge.screens import screened
from foedus.table import Table

SHOWN = 6
THIRD = 1 / 3
SURE = 4.0  # standard errors by which the ends must differ: some hundred assumptions are looked at


@dataclass(frozen=True)
class Sway:
    """One assumption, and the share of worlds in which a claim is right at its ends."""

    key: str  # of its control
    title: str
    ends: tuple[tuple[str, float], ...]

    @property
    def size(self) -> float:
        """By how much the share differs between the ends."""
        shares = [share for _, share in self.ends]
        return max(shares) - min(shares)


def sways(table: Table, claim: str) -> list[Sway]:
    """The assumptions whose ends differ most, most first; none that chance could explain.

    Of a range the ends are its lowest and its highest third; of words, each word.
    """
    table = screened(table)
    if table.sound.is_empty():
        return []
    right = standing(table, table.case.claims[claim]).holds
    columns = drawn(table, options_of(table.case.claims[claim]))
    found = [each for column in columns.iter_columns() for each in _sway(table, column, right)]
    return sorted(found, key=lambda each: -each.size)[:SHOWN]


def _sway(table: Table, column: pl.Series, right: np.ndarray) -> Iterator[Sway]:
    groups = list(_groups(column))
    shares = [float(right[group].mean()) for _, group in groups]
    counts = [int(group.sum()) for _, group in groups]
    low, high = int(np.argmin(shares)), int(np.argmax(shares))
    mean = float(right.mean())
    error = (mean * (1 - mean) * (1 / counts[low] + 1 / counts[high])) ** 0.5
    if shares[high] - shares[low] > SURE * error:
        ends = tuple((name, share) for (name, _), share in zip(groups, shares, strict=True))
        yield Sway(_key(column.name), column_words(table, column.name), ends)


def _groups(column: pl.Series) -> Iterator[tuple[str, np.ndarray]]:
    if column.dtype == pl.Enum:
        for word in column.unique().sort():
            yield str(word).replace("_", " "), (column == word).to_numpy()
        return
    values = column.to_numpy()
    low, high = np.quantile(values, (THIRD, 1 - THIRD))
    yield "in its lowest third", values <= low
    yield "in its highest third", values >= high


def _key(name: str) -> str:
    """The key of the control that moves a column of the worlds."""
    stem, _, option = name.partition("@")
    if option:
        return f"o:{option}:{stem}"
    return f"t:{stem.removeprefix('theory.')}" if stem.startswith("theory.") else f"a:{stem}"
