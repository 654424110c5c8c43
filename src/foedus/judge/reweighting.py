"""Beyond the shares: what if some worlds counted more, and when does a claim stop holding?

Sources: the reweightings are the density bounded class of Lavine 1991, JASA 86, 396-399;
break-even odds of a vulnerable region as in Lempert & Groves 2010,
doi:10.1016/j.techfore.2010.04.007; sell-by dates as in Haasnoot et al. 2013,
doi:10.1016/j.gloenvcha.2012.12.006.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import polars as pl

from foedus.errors import FoedusError


def share_bounds(share: float, ratios: Sequence[float]) -> pl.DataFrame:
    """How far a share of worlds could move if some worlds counted more than others.

    The worlds are reweighted by any density with mean 1 and values within [1/k, k]; weights that
    are constant on either side of the claim reach the bounds, so they are exact.

    Args:
        share: of the worlds in which a claim holds; in [0, 1].
        ratios: the k, each >= 1; k = 1 gives the share itself.

    Returns:
        One row a k: ratio, low, high.

    Raises:
        FoedusError: a share or ratio is out of range.
    """
    k = np.asarray(ratios, np.float64)
    if not 0.0 <= share <= 1.0 or not (k >= 1.0).all():
        raise FoedusError("A share lies between 0 and 1, and a density ratio is at least 1.")
    low = np.maximum(share / k, 1.0 - k * (1.0 - share))
    high = np.minimum(k * share, 1.0 - (1.0 - share) / k)
    return pl.DataFrame({"ratio": k, "low": low, "high": high})


def ratio_to_reach(share: float, target: float) -> float | None:
    """The smallest density ratio k at which some reweighting moves a share to a target.

    Args:
        share: in [0, 1].
        target: in [0, 1], e.g. the .9 below which a claim no longer holds.

    Returns:
        k >= 1, or None if no finite ratio reaches it.

    Raises:
        FoedusError: a share is out of range.
    """
    if not (0.0 <= share <= 1.0 and 0.0 <= target <= 1.0):
        raise FoedusError("A share lies between 0 and 1.")
    if share == target:
        return 1.0
    if share in (0.0, 1.0) or target in (0.0, 1.0):
        return None
    change = (target / share, (1.0 - target) / (1.0 - share))
    return max(*change, *(1.0 / factor for factor in change))


def break_even(
    outcome: np.ndarray,
    region: np.ndarray,
    options: Sequence[str],
    *,
    better: Literal["higher", "lower"],
) -> pl.DataFrame:
    """How probable must a vulnerable region be before another option is better on average?

    Args:
        outcome: (worlds, options); worlds with a missing outcome are left out.
        region: which worlds are in the vulnerable region; bool (worlds,).
        options: names of the columns.
        better: whether higher or lower outcomes are better.

    Returns:
        One row a rival of the option with the best mean: preferred, rival, region_share (of the
        sampled worlds), inside and outside (by how much the preferred option is better there),
        break_even (probability of the region at which both are equal, null if the order is the
        same inside and outside), rival_wins ("above" or "below" it), first (whether it is the
        first rival to win in that direction).

    Raises:
        FoedusError: shapes do not fit, or no world is inside, or none outside.
    """
    outcome, region = np.asarray(outcome, np.float64), np.asarray(region, bool)
    if outcome.shape != (region.size, len(options)) or better not in ("higher", "lower"):
        raise FoedusError(
            f"{region.size} worlds and {len(options)} options need outcomes of that shape, not "
            f"{outcome.shape}; better is 'higher' or 'lower', not {better!r}."
        )
    good = np.isfinite(outcome).all(axis=1)
    gain, region = outcome[good] * (1.0 if better == "higher" else -1.0), region[good]
    if not region.any() or region.all():
        raise FoedusError("A vulnerable region needs worlds inside it and worlds outside it.")
    best = int(gain.mean(axis=0).argmax())
    inside = (gain[:, [best]] - gain)[region].mean(axis=0)
    outside = (gain[:, [best]] - gain)[~region].mean(axis=0)
    flips = inside * outside < 0
    rivals = [k for k in range(len(options)) if k != best]
    frame = pl.DataFrame(
        {
            "preferred": [options[best]] * len(rivals),
            "rival": [options[k] for k in rivals],
            "region_share": [float(region.mean())] * len(rivals),
            "inside": inside[rivals],
            "outside": outside[rivals],
            "break_even": [
                float(outside[k] / (outside[k] - inside[k])) if flips[k] else None for k in rivals
            ],
            "rival_wins": [
                ("above" if inside[k] < 0 else "below") if flips[k] else None for k in rivals
            ],
        },
        schema_overrides={"break_even": pl.Float64, "rival_wins": pl.String},
    )
    return frame.with_columns(first=_first_to_win())


def _first_to_win() -> pl.Expr:
    """Of the rivals that win above their break-even the lowest, of those below it the highest."""
    at, side = pl.col("break_even"), pl.col("rival_wins")
    lowest = (side == "above") & (at == at.filter(side == "above").min())
    highest = (side == "below") & (at == at.filter(side == "below").max())
    return (lowest | highest).fill_null(False)


def sell_by(holds: np.ndarray, years: Sequence[int]) -> pl.Series:
    """The first year in which a claim fails, world by world; null where it never does.

    Args:
        holds: whether the claim holds; bool (worlds, years).
        years: the calendar years, in order.

    Raises:
        FoedusError: the shapes do not fit.
    """
    holds = np.asarray(holds, bool)
    if holds.ndim != 2 or holds.shape[1] != len(years) or not len(years):
        raise FoedusError(f"{len(years)} years need one column each, not shape {holds.shape}.")
    first = np.asarray(years)[np.argmin(holds, axis=1)]
    never = pl.Series(holds.all(axis=1))
    return pl.select(
        pl.when(~never).then(pl.Series(first, dtype=pl.Int64)).alias("sell_by")
    ).to_series()


def sell_by_curve(holds: np.ndarray, years: Sequence[int]) -> pl.DataFrame:
    """The distribution of the sell-by year.

    Args:
        holds: whether the claim holds; bool (worlds, years), at least one world.
        years: the calendar years, in order.

    Returns:
        One row a year: year, fails_first (share of worlds whose first failing year it is),
        held_so_far (share of worlds in which the claim held in that year and all before).

    Raises:
        FoedusError: the shapes do not fit, or there is no world.
    """
    first = sell_by(holds, years)
    if not len(first):
        raise FoedusError("Without worlds there is no sell-by year.")
    fails = np.array([(first == year).sum() for year in years]) / len(first)
    return pl.DataFrame(
        {"year": list(years), "fails_first": fails, "held_so_far": 1.0 - fails.cumsum()}
    )
