"""How many worlds lie where: counts in fixed bins, which add up exactly in any order.

A bin holds the numbers that share their sign, their power of two and the next seven binary
digits: it is at most 1/128 of its number wide, so the middle of a bin is within 0.4 % of every
number in it. Numbers nearer to zero than 1e-12 count as zero. The bins are the same for every
run, so histograms of parts of a run add up to that of the whole, whatever the parts: no sketch
that samples (KLL) or whose answer hangs on the order of merging (t-digest) can promise that.
"""

from collections.abc import Sequence

import numpy as np

Keys = np.ndarray  # int64

DIGITS = 7
_SHIFT = np.int64(52 - DIGITS)
_TINY = 2.0**-40  # about 1e-12
_SMALLEST = np.float64(_TINY).view(np.int64) >> _SHIFT
_LARGEST = np.float64(2.0**60).view(np.int64) >> _SHIFT  # and beyond: 1e18 and more are alike


def keys_of(values: np.ndarray) -> Keys:
    """The bin of each number: a whole number that rises with it; 0 holds zero."""
    size = np.abs(np.asarray(values, np.float64))
    key = np.clip((size.view(np.int64) >> _SHIFT) - _SMALLEST + 1, 0, _LARGEST - _SMALLEST + 1)
    return np.asarray(np.where(np.asarray(values) < 0, -key, key))


def edges(keys: Keys) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and the highest number of each bin."""
    near, far = _from_zero(np.abs(keys)), _from_zero(np.abs(keys) + 1)
    near, far = np.where(keys == 0, -_TINY, near), np.where(keys == 0, _TINY, far)
    return np.where(keys < 0, -far, near), np.where(keys < 0, -near, far)


def _from_zero(key: Keys) -> np.ndarray:
    return np.asarray(((key + _SMALLEST - 1) << _SHIFT).astype(np.int64).view(np.float64))


class Histogram:
    """How many worlds lie in each bin, from the lowest bin that holds any to the highest."""

    def __init__(self) -> None:
        """Of no worlds."""
        self.first, self.worlds = 0, np.zeros(0, np.int64)

    def add(self, values: np.ndarray) -> None:
        """Count these numbers; there must be no NaN among them."""
        if len(values):
            keys = keys_of(values)
            first = int(keys.min())
            self.add_counts(first, np.bincount(keys - first))

    def add_counts(self, first: int, worlds: np.ndarray) -> None:
        """Add what another histogram of the same quantity counts."""
        low, high = first, first + len(worlds)
        if len(self.worlds):
            low, high = min(low, self.first), max(high, self.first + len(self.worlds))
        if (low, high - low) != (self.first, len(self.worlds)):
            wider = np.zeros(high - low, np.int64)
            wider[self.first - low :][: len(self.worlds)] = self.worlds
            self.first, self.worlds = low, wider
        self.worlds[first - low :][: len(worlds)] += worlds

    @property
    def count(self) -> int:
        """How many worlds in all."""
        return int(self.worlds.sum())

    @property
    def middles(self) -> np.ndarray:
        """The middle of each bin."""
        low, high = edges(self._keys)
        return np.asarray((low + high) / 2)

    @property
    def _keys(self) -> Keys:
        return self.first + np.arange(len(self.worlds))

    def quantiles(self, shares: Sequence[float]) -> tuple[float, ...]:
        """Numbers below which these shares of the worlds lie, each within 0.4 % of the true one."""
        middles = self.middles
        return tuple(float(middles[self._at(share)]) for share in shares)

    def quantile_within(self, share: float) -> tuple[float, float]:
        """Two numbers with the true quantile between them."""
        low, high = edges(self._keys)
        at = self._at(share)
        return float(low[at]), float(high[at])

    def _at(self, share: float) -> int:
        """The bin of the world that has this share of the others below it."""
        rank = share * (self.count - 1)
        return int(np.searchsorted(np.cumsum(self.worlds), rank, side="right"))

    def share_within(self, at_most: float) -> tuple[float, float]:
        """The share of worlds with numbers up to this: two shares with the true one between them.

        They differ by what lies in the bin of the number, which can be split anywhere.
        """
        (key,) = keys_of(np.array([at_most]))
        below, here = self.worlds[self._keys < key].sum(), self.worlds[self._keys == key].sum()
        return float(below / self.count), float((below + here) / self.count)

    def share(self, right: np.ndarray) -> float:
        """The share of worlds in the bins for which `right`, bool (bins,), says so."""
        return float(self.worlds[right].sum() / self.count)
