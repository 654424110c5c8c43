"""What moves a claim most: its share of worlds at one end of an assumption and at the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

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


class _Ends(NamedTuple):
    """What an assumption is called at its ends, and how many worlds are right, of how many."""

    names: tuple[str, ...]
    shares: tuple[float, ...]
    counts: tuple[int, ...]

    @property
    def furthest(self) -> tuple[int, int]:
        """Where the share is lowest, and where it is highest."""
        return int(np.argmin(self.shares)), int(np.argmax(self.shares))

    @property
    def size(self) -> float:
        """By how much the share differs."""
        return max(self.shares) - min(self.shares)


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


def leading(table: Table, claim: str, worlds: int, most: int) -> list[str]:
    """The columns whose ends differ most, in every second of so many worlds: the other ones check.

    To look for conditions among these alone is some ten times faster than among all.
    """
    table = screened(table)
    right = standing(table, table.case.claims[claim]).holds[:worlds:2]
    columns = drawn(table, options_of(table.case.claims[claim]))[:worlds].gather_every(2)
    sizes = {c.name: _ends(c, right).size for c in columns.iter_columns()}
    return sorted(sizes, key=sizes.__getitem__, reverse=True)[:most]


def _ends(column: pl.Series, right: np.ndarray) -> _Ends:
    names, groups = zip(*_groups(column), strict=True)
    shares = tuple(float(right[group].mean()) for group in groups)
    return _Ends(names, shares, tuple(int(group.sum()) for group in groups))


def _sway(table: Table, column: pl.Series, right: np.ndarray) -> Iterator[Sway]:
    ends, mean = _ends(column, right), float(right.mean())
    low, high = ends.furthest
    error = (mean * (1 - mean) * (1 / ends.counts[low] + 1 / ends.counts[high])) ** 0.5
    if ends.size > SURE * error:
        told = tuple(zip(ends.names, ends.shares, strict=True))
        yield Sway(_key(column.name), column_words(table, column.name), told)


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
