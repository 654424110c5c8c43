"""Where a search over levers begins: settings reached downhill from the middle of the ranges.

Where an outcome is smooth in a lever, JAX knows its exact slope in every world, and so the slope
of an objective over the worlds. Each objective by itself, and all of them together, is followed
downhill within the ranges (gradient projection, Bertsekas 1976, doi:10.1109/TAC.1976.1101194);
a step that does not help is halved. Words, and levers an outcome jumps with, stay where they are:
those the search that follows finds out about.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from foedus.case.schema import Case
from foedus.engine.designs import option_slopes
from foedus.searched import Lever, Objective, settings

STEPS = 6
FIRST_STEP = 0.25  # of the range of the lever that matters most

Evaluate = Callable[[np.ndarray], np.ndarray]  # places -> objectives


def downhill(
    case: Case, over: Sequence[Lever], aims: Sequence[Objective], unit: np.ndarray,
    evaluate: Evaluate,
) -> np.ndarray:  # fmt: skip
    """The settings that are reached: one for each objective, one for all of them together.

    Args:
        case: whose reference the settings are built on.
        over: the levers; of words each start takes the next.
        aims: the objectives.
        unit: where each world stands in its ranges; (worlds, columns), at most a block.
        evaluate: gives the objectives of settings, in the same worlds.

    Returns:
        Where each setting stands in each lever's range; (objectives + 1, levers), in [0, 1].
    """
    weights = np.vstack([np.eye(len(aims)), np.full(len(aims), 1.0 / len(aims))])
    places = np.array([[_middle(lever, k) for lever in over] for k in range(len(weights))])
    slopes = gradients(case, over, aims, places, unit)
    usual = np.abs(slopes).max(axis=(0, 2))
    weights = weights / np.where(usual > 0, usual, 1.0)  # each objective counts alike
    best, step = _together(weights, evaluate(places)), np.full(len(places), FIRST_STEP)
    for _ in range(STEPS):
        moved = np.clip(places - step[:, None] * _direction(weights, slopes, places), 0.0, 1.0)
        reached = _together(weights, evaluate(moved))
        better = reached < best
        places, best = np.where(better[:, None], moved, places), np.where(better, reached, best)
        step[~better] /= 2.0
        if better.any():
            slopes = gradients(case, over, aims, places, unit)
    return places


def gradients(
    case: Case, over: Sequence[Lever], aims: Sequence[Objective], places: np.ndarray,
    unit: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """How fast each objective changes with each lever, by the position in its range.

    Args:
        case: whose reference the settings are built on.
        over: the levers.
        aims: the objectives.
        places: where each setting stands in each lever's range; (settings, levers), in [0, 1].
        unit: where each world stands in its ranges; (worlds, columns), at most a block.

    Returns:
        (settings, objectives, levers); 0 along words, and where there is no finite slope.
    """
    tried = settings(case, over, places)
    found = np.zeros((len(places), len(aims), len(over)))
    smooth = [j for j, lever in enumerate(over) if not lever.words]

    def along(j: int) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
        return option_slopes(case, tried, unit, over[j].name)

    each = [along(j) for j in smooth[:1]]  # the first alone: it compiles what the others run
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        each += pool.map(along, smooth[1:])
    for j, both in zip(smooth, each, strict=True):
        span, sound = over[j].high - over[j].low, both[0]["sound"]
        for k, aim in enumerate(aims):
            values, steep = (np.where(sound, one[aim.outcome], np.nan) for one in both)
            found[:, k, j] = span * aim.slope(values, steep)
    return np.nan_to_num(found, nan=0.0, posinf=0.0, neginf=0.0)


def _middle(lever: Lever, k: int) -> float:
    """The middle of a range, or of the k-th word's part of it."""
    return (k % len(lever.words) + 0.5) / len(lever.words) if lever.words else 0.5


def _together(weights: np.ndarray, objectives: np.ndarray) -> np.ndarray:
    """What each start is to lower; (starts,)."""
    counted = np.where(weights > 0, objectives, 0.0)
    return np.asarray((weights * counted).sum(axis=1))


def _direction(weights: np.ndarray, slopes: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Uphill within the ranges, at most 1 in any lever; 0 where there is no way down."""
    up = np.einsum("sk,skj->sj", weights, slopes)
    up = np.where(((places <= 0) & (up > 0)) | ((places >= 1) & (up < 0)), 0.0, up)
    steepest = np.abs(up).max(axis=1, keepdims=True)
    return np.asarray(np.divide(up, steepest, out=np.zeros_like(up), where=steepest > 0))
