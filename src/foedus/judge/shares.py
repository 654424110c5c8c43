"""In what share of the worlds something is so, how well that is known, and what to call it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
import polars.selectors as cs
from scipy import stats

from foedus.case.schema import Thresholds
from foedus.table import Table

Beliefs = dict[str, tuple[tuple[str, ...], np.ndarray]]
Word = Literal["holds", "depends", "fails", "too close to call", "untested"]


@dataclass(frozen=True)
class Share:
    """A share of worlds and its 95 % interval over the run's independent scrambles."""

    share: float
    low: float
    high: float


def share_of(held: np.ndarray, run: Table) -> Share:
    """The share of a table's worlds in which something is so.

    It is a ratio, worlds in which it is so over worlds, for screens may leave each scramble
    another number of them. The interval is Student's t over the scrambles, with the variance of
    a ratio (Cochran 1977, Sampling Techniques, section 6.3); where all scrambles have the same
    number of worlds this is Student's t over their shares. Where it is so in every world, or in
    none, the scrambles show no spread, and the interval is the exact one for as many independent
    worlds (Clopper & Pearson 1934): few worlds that agree prove little.

    Args:
        held: for each world of `run.sound`, whether it is so, or how far, from 0 to 1.
        run: whose worlds they are, at least one.
    """
    return share_of_counts(per_scramble(run), per_scramble(run, held))


def per_scramble(run: Table, numbers: np.ndarray | None = None) -> np.ndarray:
    """How many worlds of a table each scramble has; or the sum of their numbers."""
    scramble = run.sound["scramble"].to_numpy().astype(np.int64)
    return np.bincount(scramble, weights=numbers, minlength=int(run.manifest["scrambles"]))


def share_of_counts(worlds: np.ndarray, true: np.ndarray) -> Share:
    """The same from how many worlds each scramble has, and in how many of these it is so."""
    share = float(true.sum() / worlds.sum())
    if share in (0.0, 1.0):
        open_end = float(1.0 - 0.025 ** (1.0 / worlds.sum()))
        return Share(share, 0.0, open_end) if share == 0.0 else Share(share, 1.0 - open_end, 1.0)
    error = error_over(true - share * worlds) / worlds.sum()
    half = float(stats.t.ppf(0.975, len(worlds) - 1) * error)
    return Share(share, max(0.0, share - half), min(1.0, share + half))


def error_over(off: np.ndarray) -> float:
    """Standard error of a sum, from how far each scramble's part of it is off."""
    count = len(off)
    return float(np.sqrt(count / (count - 1) * np.sum(off**2)))


def word_for(share: Share, bars: Thresholds) -> Word:
    """Holds, fails, depends; too close to call where the interval straddles a threshold."""
    if any(share.low < bar < share.high for bar in (bars.holds, bars.fails)):
        return "too close to call"
    if share.share >= bars.holds:
        return "holds"
    return "fails" if share.share <= bars.fails else "depends"


def beliefs(worlds: pl.DataFrame) -> Beliefs:
    """By question: the names of its theories, and the place of the one that each world believes."""
    found: Beliefs = {}
    for column in worlds.select(cs.starts_with("theory.")):
        assert isinstance(column.dtype, pl.Enum)
        names, codes = tuple(column.dtype.categories), column.to_physical().to_numpy()
        found[column.name.removeprefix("theory.")] = names, codes
    return found


def by_theory(among: Beliefs, held: np.ndarray) -> dict[str, dict[str, float]]:
    """The share of worlds in which something is so, among those that believe each theory."""
    found = {}
    for question, (names, codes) in among.items():
        believe = np.bincount(codes, minlength=len(names))
        right = np.bincount(codes, weights=held, minlength=len(names))
        found[question] = {
            name: float(right[i] / believe[i]) for i, name in enumerate(names) if believe[i]
        }
    return found
