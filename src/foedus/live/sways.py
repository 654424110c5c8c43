"""What moves a claim most: its share of worlds at one end of an assumption and at the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy import stats

from foedus.judge.assumptions import column_words, drawn, options_of
from foedus.judge.claims import standing
from foedus.judge.screens import screened
from foedus.judge.shares import error_over, per_scramble
from foedus.table import Table
from foedus.worlds.points import SCRAMBLES

SHOWN = 6
THIRD = 1 / 3
CHANCE = 1e-4  # with which an assumption that moves nothing is shown: some hundred are looked at
SURE = float(stats.t.isf(CHANCE / 2, SCRAMBLES - 1))  # standard errors by which ends must differ


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
    """What an assumption is called at its ends, and which worlds are there: `worlds` x ends."""

    names: tuple[str, ...]
    there: np.ndarray

    def shares(self, right: np.ndarray) -> np.ndarray:
        """The share of the worlds at each end that are right."""
        return np.asarray(right @ self.there / self.there.sum(axis=0))


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
    sizes = {c.name: float(np.ptp(_ends(c).shares(right))) for c in columns.iter_columns()}
    return sorted(sizes, key=sizes.__getitem__, reverse=True)[:most]


def _ends(column: pl.Series) -> _Ends:
    names, groups = zip(*_groups(column), strict=True)
    return _Ends(names, np.stack(groups, axis=1).astype(float))


def _sway(table: Table, column: pl.Series, right: np.ndarray) -> Iterator[Sway]:
    """The assumption, if its ends differ by more than the spread between the scrambles explains.

    Worlds of one scramble are not independent, and in few worlds some pairs of columns are alike:
    what would hold for independent worlds would find movers where there are none.
    """
    ends = _ends(column)
    shares = ends.shares(right)
    low, high = np.argmin(shares), np.argmax(shares)
    off = (right[:, None] - shares) * ends.there / ends.there.sum(axis=0)
    error = error_over(per_scramble(table, off[:, high] - off[:, low]))
    if shares[high] - shares[low] > SURE * error:
        told = tuple(zip(ends.names, (float(share) for share in shares), strict=True))
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
