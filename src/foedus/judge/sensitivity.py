"""What decides an outcome? Shares of its variance and shifts of its distribution, from the run.

These given-data indices need no extra worlds. Sobol indices and DGSM, which need a design or
gradients of their own, are in designs.py and offered here too.

Sources: Plischke, Borgonovo & Smith 2013, doi:10.1016/j.ejor.2012.11.047 (given-data estimators);
Borgonovo 2007, doi:10.1016/j.ress.2006.04.015 (delta); Kelley 1935, doi:10.1073/pnas.21.9.554
(the bias correction, epsilon squared); Westfall & Young 1993 (the largest permuted value as the
floor).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy import stats

from foedus.judge.bins import Bins, bins_of, code
from foedus.judge.designs import dgsm, saltelli, sobol

__all__ = ["dgsm", "given_data", "saltelli", "sobol"]

GROUPS = 16  # scrambles of the design: world k belongs to scramble k mod 16
PERMUTATIONS = 20
LARGEST_NULL = 20_000  # worlds permuted; what chance gives in more worlds is scaled from these
FEWEST = 100  # worlds
GIVEN_DATA = pl.Schema(
    {
        "assumption": pl.String,
        "first_order": pl.Float64,
        "first_low": pl.Float64,
        "first_high": pl.Float64,
        "first_floor": pl.Float64,
        "delta": pl.Float64,
        "delta_low": pl.Float64,
        "delta_high": pl.Float64,
        "delta_floor": pl.Float64,
        "matters": pl.Boolean,
        "worlds": pl.Int64,
        "note": pl.String,
    }
)


@dataclass(frozen=True, eq=False)
class _Outcome:
    y: np.ndarray  # (worlds,), mean 0
    codes: np.ndarray  # (worlds,), its own quantile bins
    bins: int
    group: np.ndarray | None  # (worlds,); None if no interval is wanted


def given_data(
    worlds: pl.DataFrame,
    outcome: np.ndarray,
    *,
    group: np.ndarray | None = None,
    seed: int = 0,
) -> pl.DataFrame:
    """First-order and delta index of every assumption, from the run itself.

    The first-order index is the share of the outcome's variance that goes if the assumption is
    known: the variance of the means over its bins, corrected for the noise of those means. Delta
    is half the expected area between the outcome's density with the assumption known and unknown;
    it sees changes of spread and shape too. What permuted outcomes give by chance is subtracted.

    Args:
        worlds: one row a world in order of its index, one column an assumption.
        outcome: (worlds,); worlds where it is missing or infinite are left out.
        group: the scramble of each world, 0 to 15; by default worlds are numbered from 0, none
            missing, and world k is of scramble k mod 16.
        seed: of the permutations.

    Returns:
        One row an assumption: the indices in [0, 1]; 95 % intervals by leaving out each of the
        16 scrambles of the design; the floors, which in 95 % of permutations no assumption
        exceeds; ``matters``, whether the whole interval of either index is above its floor: the
        points of a design are not quite independent across assumptions, which the intervals,
        from independent scrambles, show and the permuted floor does not; a note where there is
        no index.
    """
    outcome = np.asarray(outcome, np.float64)
    if outcome.shape != (worlds.height,):
        raise ValueError(f"{worlds.height} worlds, but the outcome has {outcome.shape}")
    finite = np.isfinite(outcome)
    kept = worlds
    group = np.arange(worlds.height) % GROUPS if group is None else np.asarray(group, np.int64)
    if not finite.all():
        kept, outcome, group = worlds.filter(finite), outcome[finite], group[finite]
    y_bins = bins_of(pl.Series("outcome", outcome), _fine(outcome.size)[1])
    if outcome.size < FEWEST:
        return _empty(worlds.columns, f"{outcome.size} worlds are too few: {FEWEST} are needed.")
    if not isinstance(y_bins, Bins):
        return _empty(worlds.columns, f"The outcome {y_bins}.")
    codes = code(pl.Series("outcome", outcome), y_bins)
    target = _Outcome(outcome - outcome.mean(), codes, len(y_bins), group)
    cuts = {s.name: bins_of(s, _fine(outcome.size)[0]) for s in kept}
    columns = {
        name: (code(kept[name], b), len(b), b.ordered)
        for name, b in cuts.items()
        if isinstance(b, Bins)
    }
    left_out = {name: f"It {why}." for name, why in cuts.items() if isinstance(why, str)}
    return _frame(worlds.columns, columns, target, left_out, seed)


def _fine(n: int) -> tuple[int, int]:
    """Bins of an assumption and of the outcome: fine enough for curvature, coarse for noise."""
    return int(np.clip(n // 40, 2, 200)), int(np.clip(round(n ** (1 / 3)), 4, 50))


def _frame(
    names: Sequence[str],
    columns: dict[str, tuple[np.ndarray, int, bool]],
    target: _Outcome,
    left_out: dict[str, str],
    seed: int,
) -> pl.DataFrame:
    """Indices, intervals and floors as a frame, in the order of the names."""
    null = _null(columns, target, np.random.default_rng(seed))
    chance = null[:, :, 1].mean(axis=0)
    null[:, :, 1] = _above(null[:, :, 1], chance)
    floors = np.quantile(null.max(axis=1, initial=0.0), 0.95, axis=0)
    rows: dict[str, dict[str, object]] = {
        name: {"assumption": name, "matters": False, "note": left_out.get(name)} for name in names
    }
    for (name, column), by_chance in zip(columns.items(), chance, strict=True):
        first, delta = _indices(*column, target)
        values = np.array([first, _above(delta, by_chance)])
        rows[name] |= _row(values, floors) | {"worlds": target.y.size}
    return pl.DataFrame(list(rows.values()), schema=GIVEN_DATA)


def _null(
    columns: dict[str, tuple[np.ndarray, int, bool]], target: _Outcome, rng: np.random.Generator
) -> np.ndarray:
    """Both indices of every column for permuted outcomes; (permutations, columns, 2)."""
    n = target.y.size
    rows = np.arange(0, n, -(-n // LARGEST_NULL))
    null = np.zeros((PERMUTATIONS, len(columns), 2))
    for p in range(PERMUTATIONS):
        mixed = rng.permutation(rows)
        permuted = _Outcome(target.y[mixed], target.codes[mixed], target.bins, None)
        for c, (codes, bins, ordered) in enumerate(columns.values()):
            null[p, c] = _indices(codes[rows], bins, ordered, permuted)[:, 0]
    # By chance a share of variance is as 1/worlds, a sum of absolute values as its root.
    return np.asarray(null * np.array([rows.size / n, np.sqrt(rows.size / n)]))


def _above(delta: np.ndarray, chance: np.ndarray | float) -> np.ndarray:
    """Delta without what chance adds, in quadrature, as noise adds to each of its cells."""
    return np.asarray(np.sqrt(np.maximum(delta**2 - np.square(chance), 0.0)))


def _row(values: np.ndarray, floors: np.ndarray) -> dict[str, object]:
    """Index and delete-a-group jackknife interval, for both kinds of index."""
    row: dict[str, Any] = {}
    for kind, (whole, *parts), floor in zip(("first", "delta"), values, floors, strict=True):
        spread = np.sqrt((GROUPS - 1) / GROUPS * np.sum((parts - np.mean(parts)) ** 2))
        half = stats.t.ppf(0.975, GROUPS - 1) * spread
        row |= {
            "first_order" if kind == "first" else "delta": float(np.clip(whole, 0, 1)),
            f"{kind}_low": float(np.clip(whole - half, 0, 1)),
            f"{kind}_high": float(np.clip(whole + half, 0, 1)),
            f"{kind}_floor": float(floor),
        }
    row["matters"] = any(row[f"{k}_low"] > row[f"{k}_floor"] for k in ("first", "delta"))
    return row


def _indices(codes: np.ndarray, bins: int, ordered: bool, target: _Outcome) -> np.ndarray:
    """First-order index and raw delta: of all worlds, then without each group; (2, 17)."""
    groups, group = GROUPS, target.group
    if group is None:
        groups, group = 1, np.zeros(1, np.int64)
    at = codes.astype(np.int32) * groups + group
    n = np.bincount(at, minlength=bins * groups).reshape(bins, groups).T
    s = np.bincount(at, target.y, bins * groups).reshape(bins, groups).T
    squares = np.bincount(np.broadcast_to(group, at.shape), target.y**2, groups)
    few = min(bins, target.bins) if ordered else bins
    merged = codes.astype(np.int32) * few // bins
    at = (merged * target.bins + target.codes) * groups + group
    shape = (few, target.bins, groups)
    joint = np.moveaxis(np.bincount(at, minlength=few * target.bins * groups).reshape(shape), 2, 0)
    return np.array(
        [
            _epsilon_squared(_and_without(n), _and_without(s), _and_without(squares)),
            _delta(_and_without(joint)),
        ]
    )


def _and_without(parts: np.ndarray) -> np.ndarray:
    """The sum over groups, then the sum without each group."""
    whole = parts.sum(axis=0, keepdims=True)
    return np.concatenate([whole, whole - parts])


def _epsilon_squared(n: np.ndarray, s: np.ndarray, squares: np.ndarray) -> np.ndarray:
    """Variance of the conditional means over the variance, corrected for noise; (sets,)."""
    worlds, mean = n.sum(axis=1), s.sum(axis=1) ** 2 / np.maximum(n.sum(axis=1), 1)
    between = (s**2 / np.maximum(n, 1)).sum(axis=1) - mean
    total = squares - mean
    bins = np.count_nonzero(n, axis=1)
    noise = (total - between) / np.maximum(worlds - bins, 1)
    return np.asarray((between - (bins - 1) * noise) / np.maximum(total, 1e-300))


def _delta(joint: np.ndarray) -> np.ndarray:
    """Half the sum of |joint - product of margins|; (sets,)."""
    p = joint / np.maximum(joint.sum(axis=(1, 2), keepdims=True), 1)
    apart = p - p.sum(axis=1, keepdims=True) * p.sum(axis=2, keepdims=True)
    return np.asarray(0.5 * np.abs(apart).sum(axis=(1, 2)))


def _empty(names: Sequence[str], note: str) -> pl.DataFrame:
    rows = [{"assumption": name, "matters": False, "note": note} for name in names]
    return pl.DataFrame(rows, schema=GIVEN_DATA)
