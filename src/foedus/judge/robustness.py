"""Which option is never badly wrong? Robustness metrics, fronts, reweightings, sell-by years.

The metrics and their names are those of McPhail et al. 2018, doi:10.1002/2017EF000649, which
cites for each: maximin Wald 1950; maximax; Hurwicz 1953; Laplace; minimax regret Savage 1951;
percentile regret Savage 1951; mean-variance Hamarat et al. 2014; undesirable deviations Takriti &
Ahmed 2004 and Kwakkel et al. 2016; percentile-based skewness and peakedness Voudouris et al. 2014
and Kwakkel et al. 2016; Starr's domain criterion Starr 1963, Schneller & Sphicas 1983.
They often disagree; that is why all are shown (Herman et al. 2015,
doi:10.1061/(ASCE)WR.1943-5452.0000509).
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import polars as pl

from foedus.errors import FoedusError
from foedus.judge.reweighting import (
    break_even,
    ratio_to_reach,
    sell_by,
    sell_by_curve,
    share_bounds,
)

__all__ = [
    "break_even",
    "front",
    "ratio_to_reach",
    "regret",
    "robustness",
    "sell_by",
    "sell_by_curve",
    "share_bounds",
]

Better = Literal["higher", "lower"]


def robustness(
    outcome: np.ndarray,
    options: Sequence[str],
    *,
    better: Better,
    threshold: float | None = None,
    optimism: float = 0.5,
) -> pl.DataFrame:
    """Every metric of every option for one outcome.

    Args:
        outcome: (worlds, options); worlds with a missing outcome for any option are left out.
        options: names of the columns.
        better: whether higher or lower outcomes are better.
        threshold: what satisfies, in the outcome's unit; None leaves Starr's domain out.
        optimism: Hurwicz's weight on the best world, in [0, 1].

    Returns:
        One row a metric and option: metric, option, value (in the outcome's unit where the metric
        has one; null where it is undefined), prefer ("higher" or "lower" value), rank (1 is most
        robust, ties share it), worlds.

    Raises:
        FoedusError: shapes or names do not fit, or no world has all its outcomes.
    """
    outcome = _complete(outcome, options=options)[0]
    if not 0.0 <= optimism <= 1.0:
        raise FoedusError(f"Hurwicz's optimism is a weight between 0 and 1, not {optimism}.")
    sign = _sign(better)
    gain = sign * outcome  # more is better
    rows = []
    for name, (values, direction) in _metrics(gain, sign, optimism).items():
        prefer = better if direction is None else direction
        rows += _rows(name, values, prefer, options, len(outcome))
    if threshold is not None:
        met = (gain >= sign * threshold).mean(axis=0)
        rows += _rows("Starr's domain", met, "higher", options, len(outcome))
    return pl.DataFrame(rows, schema_overrides={"value": pl.Float64, "rank": pl.Int64})


def _metrics(
    gain: np.ndarray, sign: float, optimism: float
) -> dict[str, tuple[np.ndarray, Better | None]]:
    """Values, and which are preferred; None: as for the outcome, whose unit and sign they have."""
    worst, best, mean = gain.min(axis=0), gain.max(axis=0), gain.mean(axis=0)
    lost = regret(gain)
    spread = gain.std(axis=0, ddof=1) if len(gain) > 1 else np.zeros(gain.shape[1])
    median = np.median(gain, axis=0)
    half = np.sort(gain, axis=0)[: -(-len(gain) // 2)]
    p10, p25, p75, p90 = np.percentile(gain, [10, 25, 75, 90], axis=0)
    # (mean + 1) / (deviation + 1) if more is better, (mean + 1) (deviation + 1) if less is.
    steady = (mean + 1) / (spread + 1) if sign > 0 else (sign * mean + 1) * (spread + 1)
    return {
        "maximin": (sign * worst, None),
        "maximax": (sign * best, None),
        "Hurwicz": (sign * (optimism * best + (1 - optimism) * worst), None),
        "Laplace": (sign * mean, None),
        "minimax regret": (lost.max(axis=0), "lower"),
        "90th percentile regret": (np.percentile(lost, 90, axis=0), "lower"),
        "mean-variance": (steady, None),
        "undesirable deviations": ((median - half).mean(axis=0), "lower"),
        "percentile-based skewness": (_over(median - (p90 + p10) / 2, (p90 - p10) / 2), "higher"),
        "percentile-based peakedness": (_over(p90 - p10, p75 - p25), "higher"),
    }


def _over(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """A ratio, NaN where it has none: an option that never varies has no shape."""
    return np.asarray(np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0))


def _rows(
    name: str, values: np.ndarray, prefer: Better, options: Sequence[str], worlds: int
) -> list[dict[str, object]]:
    order = _sign(prefer) * values
    return [
        {
            "metric": name,
            "option": option,
            "value": float(value) if np.isfinite(value) else None,
            "prefer": prefer,
            "rank": 1 + int(np.sum(order > at)) if np.isfinite(value) else None,
            "worlds": worlds,
        }
        for option, value, at in zip(options, values, order, strict=True)
    ]


def regret(gain: np.ndarray) -> np.ndarray:
    """What each option loses against the best option of the same world; >= 0, same shape.

    It is a difference, not a share of a baseline, so a baseline of zero does no harm.
    """
    return np.asarray(gain.max(axis=1, keepdims=True) - gain)


def front(
    outcomes: Mapping[str, np.ndarray], options: Sequence[str], better: Mapping[str, Better]
) -> pl.DataFrame:
    """Which options no other option beats across several outcomes.

    An option is beaten if another is at least as good in every outcome and better in one.

    Args:
        outcomes: outcome -> (worlds, options); worlds where any is missing are left out.
        options: names of the columns.
        better: outcome -> which direction is better.

    Returns:
        One row an option: the mean of every outcome; ``front``, whether it is unbeaten in the
        means; beaten_by, an option that beats it there; ``share``, the share of worlds in which
        it is unbeaten.

    Raises:
        FoedusError: shapes or names do not fit, or no world has all its outcomes.
    """
    whole = _complete(*outcomes.values(), options=options)
    means = whole.mean(axis=1, keepdims=True)
    sign = np.array([_sign(better[name]) for name in outcomes])[:, None, None]
    losers = np.zeros(whole.shape[1:], bool)
    beaten_by: list[str | None] = [None] * len(options)
    for k, option in enumerate(options):
        losers |= _beats(sign * whole, k)
        for loser in np.flatnonzero(_beats(sign * means, k)[0]):
            beaten_by[loser] = option
    return pl.DataFrame(
        {
            "option": list(options),
            **dict(zip(outcomes, means[:, 0], strict=True)),
            "front": [by is None for by in beaten_by],
            "beaten_by": beaten_by,
            "share": 1.0 - losers.mean(axis=0),
        },
        schema_overrides={"beaten_by": pl.String},
    )


def _beats(gains: np.ndarray, k: int) -> np.ndarray:
    """Which options option k beats; gains (outcomes, worlds, options) -> (worlds, options)."""
    ahead = gains[:, :, k : k + 1] - gains
    return np.asarray((ahead >= 0).all(axis=0) & (ahead > 0).any(axis=0))


def _complete(*outcomes: np.ndarray, options: Sequence[str]) -> np.ndarray:
    """The outcomes, stacked, in worlds that have all of them; (outcomes, worlds, options)."""
    for values in outcomes:
        if np.ndim(values) != 2 or np.shape(values)[1] != len(options):
            raise FoedusError(
                f"{len(options)} options need outcomes of shape (worlds, {len(options)}), "
                f"not {np.shape(values)}."
            )
    if len({len(values) for values in outcomes}) != 1:
        raise FoedusError("The outcomes are not of the same worlds, or there are none.")
    whole = np.stack([np.asarray(values, np.float64) for values in outcomes])
    whole = whole[:, np.isfinite(whole).all(axis=(0, 2))]
    if not whole.size:
        raise FoedusError("No world has every outcome of every option.")
    return whole


def _sign(better: str) -> float:
    if better not in ("higher", "lower"):
        raise FoedusError(f"better is 'higher' or 'lower', not {better!r}.")
    return 1.0 if better == "higher" else -1.0
