"""Columns of worlds as at most 254 bins each: one byte a world, so that a million worlds fit.

Quantile bins with round cut points: a limit that a reader types back is exactly the limit used.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

MOST_BINS = 200
MOST_CATEGORIES = 254


@dataclass(frozen=True, eq=False)
class Bins:
    """How one column is cut.

    ``continuous``: bin b holds cuts[b - 1] <= x < cuts[b]. ``values``: bin b holds x == cuts[b].
    ``categories``: bin b holds names[b].
    """

    column: str
    kind: Literal["continuous", "values", "categories"]
    cuts: np.ndarray
    names: tuple[str, ...] = ()

    def __len__(self) -> int:
        """The number of bins."""
        return {"continuous": len(self.cuts) + 1, "values": len(self.cuts)}.get(
            self.kind, len(self.names)
        )

    @property
    def ordered(self) -> bool:
        """Whether the bins have an order, so that limits make sense."""
        return self.kind != "categories"


def bins_of(series: pl.Series, most: int = MOST_BINS) -> Bins | str:
    """Cut a column into quantile bins, one bin a value, or one bin a category.

    Args:
        series: numbers, text, categories or truth values; shape (worlds,).
        most: the largest number of quantile bins.

    Returns:
        The bins, or half a sentence that says why the column cannot be used.
    """
    if series.dtype.is_numeric():
        return _number_bins(series, most)
    if series.dtype not in (pl.String, pl.Categorical, pl.Enum, pl.Boolean):
        return f"is neither numbers nor categories but {series.dtype}"
    if series.null_count():
        return f"is missing in {series.null_count():,} of {len(series):,} worlds"
    names = tuple(sorted(series.cast(pl.String).unique().to_list()))
    if len(names) < 2:
        return "never varies"
    if len(names) > MOST_CATEGORIES:
        return f"has {len(names):,} categories, and {MOST_CATEGORIES} are the most foedus can read"
    return Bins(series.name, "categories", np.empty(0), names)


def _number_bins(series: pl.Series, most: int) -> Bins | str:
    x = series.cast(pl.Float64).to_numpy()
    missing = x.size - np.count_nonzero(np.isfinite(x))
    if missing:
        return f"is missing or infinite in {missing:,} of {x.size:,} worlds"
    x = np.sort(x)
    if x.size == 0 or x[0] == x[-1]:
        return "never varies"
    first = np.concatenate(([True], x[1:] != x[:-1]))
    distinct = np.count_nonzero(first)
    # A float column of 100 worlds has 100 values too; only repeated values are values on purpose.
    if distinct <= most and (series.dtype.is_integer() or 4 * distinct <= x.size):
        return Bins(series.name, "values", x[first])
    return Bins(series.name, "continuous", _round_cuts(x, min(most, x.size)))


def _round_cuts(ordered: np.ndarray, bins: int) -> np.ndarray:
    """Quantiles, each rounded to the fewest digits that still tell it from its neighbours."""
    quantiles = np.unique(ordered[np.arange(1, bins) * ordered.size // bins])
    gaps = np.diff(quantiles, prepend=ordered[0], append=ordered[-1])
    gaps = np.where(gaps > 0, gaps, np.inf)
    widths = np.minimum(gaps[:-1], gaps[1:])
    digits = [-math.floor(math.log10(w)) if math.isfinite(w) else 15 for w in widths]
    cuts = np.unique([round(float(q), d) for q, d in zip(quantiles, digits, strict=True)])
    cuts = cuts[(cuts > ordered[0]) & (cuts <= ordered[-1])]
    return cuts if cuts.size else np.array([ordered[-1]])


def code(series: pl.Series, bins: Bins) -> np.ndarray:
    """The bin of each world, as uint8; the column must be the one the bins were made from."""
    if bins.kind == "categories":
        place = {name: k for k, name in enumerate(bins.names)}
        return series.cast(pl.String).replace_strict(place, return_dtype=pl.UInt8).to_numpy()
    x = series.cast(pl.Float64).to_numpy()
    place_of = np.searchsorted(bins.cuts, x, side="right")
    return (place_of - (bins.kind == "values")).astype(np.uint8)
