"""A value claim: for how many ways to weigh the outcomes does an option rank as it says?

Nobody can measure what a war weighs against money. So no weights are assumed: all of them are
tried, evenly over the simplex of weights, in every world. What one unit of weight is worth must
be said, for a weight means nothing without the range it is spent on (swing weights: von Winterfeldt
& Edwards 1986, Decision Analysis and Behavioral Research; Keeney & Raiffa 1976). Values add up
over outcomes.

Source of the sweep over all weights: Lahdelma, Hokkanen & Salminen 1998,
doi:10.1016/S0377-2217(97)00163-X (acceptability: the share of weights under which an alternative
ranks so).
"""

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from scipy.stats import qmc

from foedus.case.claim import Aim, Weigh
from foedus.errors import CaseError
from foedus.judge.measures import CURVE_POINTS
from foedus.judge.screens import Screened
from foedus.judge.shares import Share, by_theory, share_of

WEIGHTINGS = 1_024
TRIED = 1 << 17  # points at most, where bounds on weights leave little room
CHUNK = 4_096  # worlds weighed at once: 4 million values fit the caches and the memory


@dataclass(frozen=True)
class Weighed:
    """What the sweep found."""

    says: str
    because: str
    option: str
    rivals: tuple[str, ...]
    scales: dict[str, float]  # what one unit of weight on each outcome is worth, in its unit
    units: dict[str, str]
    share: Share  # of worlds and weightings, taken together
    unscreened: Share | None
    spread: tuple[float, float, float]  # 5, 50, 95 % over worlds of the share of weightings
    curve: tuple[tuple[float, float], ...]  # so many weightings agree at least: in which share
    by_theory: dict[str, dict[str, float]]
    weightings: int
    frame: pl.DataFrame | None = field(default=None, repr=False, compare=False)
    """One row a weighting: the weight of each outcome, and the `share` of worlds it is right in."""


def weigh(run: Screened, name: str, claim: Weigh) -> tuple[Weighed, np.ndarray]:
    """Sweep over the weights of a value claim.

    Args:
        run: the worlds, at least one.
        name: of the claim, for messages.
        claim: what is weighed.

    Returns:
        What was found; and for each world, those set aside included, the share of weightings
        under which the option ranks as the claim says.

    Raises:
        CaseError: if the bounds on weights leave too little room to try any.
    """
    weights = weightings(list(claim.outcomes.values()))
    if not len(weights):
        path = ("claims", name, "weigh", "outcomes")
        hint = "widen the ranges of `weight`"
        raise CaseError([run.case.problem(path, "the weights have almost no room", hint)])
    rivals = claim.better_than or tuple(o for o in run.case.options if o != claim.option)
    gains, scales = _gains(run, claim, rivals)
    agree, right = _sweep(gains, weights, run.passes)
    here = agree[run.passes]
    five, middle, most = (float(x) for x in np.quantile(here, (0.05, 0.5, 0.95)))
    frame = pl.DataFrame(weights, schema=list(claim.outcomes), orient="row")
    bars = np.linspace(0.0, 1.0, CURVE_POINTS)
    found = Weighed(
        says=claim.says,
        because=claim.because,
        option=claim.option,
        rivals=rivals,
        scales=scales,
        units={outcome: run.manifest["outcomes"][outcome]["unit"] for outcome in scales},
        share=share_of(here, run),
        unscreened=share_of(agree, run.every) if run.screens else None,
        spread=(five, middle, most),
        curve=tuple((float(bar), float(np.mean(here >= bar))) for bar in bars),
        by_theory=by_theory(run.beliefs, here),
        weightings=len(weights),
        frame=frame.with_columns(share=pl.Series(right)),
    )
    return found, agree


def weightings(aims: list[Aim]) -> np.ndarray:
    """Weights spread evenly over what the bounds allow, shape (weightings, outcomes).

    Points of an unscrambled Sobol sequence, always the same ones, say how much of what is left
    each weight in turn takes, so that the weights are even over the simplex (Fang & Wang 1994,
    Number-theoretic Methods in Statistics, section 1.5); the lower bounds are given first, and
    what exceeds an upper bound is left out. Empty if even of 131,072 points too few are left.
    """
    low, high = (np.array([aim.weight[i] for aim in aims]) for i in (0, 1))
    count = WEIGHTINGS
    while count <= TRIED:
        points = qmc.Sobol(len(aims) - 1, scramble=False).random(count) + 0.5 / count
        weights = low + (1.0 - low.sum()) * _parts(points)
        weights = weights[(weights <= high).all(axis=1)]
        if len(weights) >= WEIGHTINGS:
            return np.asarray(weights[:WEIGHTINGS])
        count *= 2
    return np.empty((0, len(aims)))


def _parts(points: np.ndarray) -> np.ndarray:
    """Points of the unit cube, shape (n, m - 1), to parts that add up to 1, shape (n, m)."""
    left, parts = np.ones(len(points)), []
    for i, u in enumerate(points.T):
        parts.append(left * (1.0 - (1.0 - u) ** (1.0 / (points.shape[1] - i))))
        left = left - parts[-1]
    return np.stack([*parts, left], axis=1)


def _gains(
    run: Screened, claim: Weigh, rivals: tuple[str, ...]
) -> tuple[np.ndarray, dict[str, float]]:
    """How much better the option is than each rival, in units of weight.

    Returns:
        Shape (rivals, worlds, outcomes), worlds set aside included; and what a unit is worth.
    """
    gains, scales = [], {}
    for outcome, aim in claim.outcomes.items():
        frame = run.every.kept(outcome, [claim.option, *rivals])
        ours = frame[claim.option].to_numpy().astype(np.float64)
        theirs = np.stack([frame[rival].to_numpy().astype(np.float64) for rival in rivals])
        more = ours - theirs if aim.better == "higher" else theirs - ours
        scales[outcome] = scale = _scale(aim, ours[run.passes], theirs[:, run.passes])
        gains.append(more / scale if scale > 0 else np.zeros_like(more))
    return np.stack(gains, axis=-1), scales


def _scale(aim: Aim, ours: np.ndarray, theirs: np.ndarray) -> float:
    """What one unit of weight is worth, in the outcome's unit; 0 if the options do not differ."""
    if not isinstance(aim.swing, str):
        return aim.swing
    over = theirs - ours if aim.swing == "changes" else np.concatenate([ours[None], theirs])
    low, high = (float(x) for x in np.quantile(over, (0.05, 0.95)))
    if aim.swing == "changes":  # from no change, which is the option itself
        low, high = min(low, 0.0), max(high, 0.0)
    return high - low


def _sweep(
    gains: np.ndarray, weights: np.ndarray, passes: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """By world, the share of weightings under which it is right; by weighting, that of worlds.

    A tie is not better. The second counts worlds that pass the screens alone.
    """
    worlds = gains.shape[1]
    agree, right = np.empty(worlds), np.zeros(len(weights))
    for first in range(0, worlds, CHUNK):
        here = slice(first, first + CHUNK)
        better = np.logical_and.reduce([each[here] @ weights.T > 0 for each in gains])
        agree[here] = better.mean(axis=1)
        right += better[passes[here]].sum(axis=0)
    return agree, right / passes.sum()
