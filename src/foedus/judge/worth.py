"""What does the money of an option buy, and how likely does it leave the worst?

A ratio of two differences says nothing where what divides is next to nothing, and its mean over
worlds says nothing at all. So worlds are counted by what an option does in them, and a price is
given only of those in which it averts disputes and costs more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foedus.judge.screens import keeping
from foedus.table import Table

LEAST = 0.01  # disputes over the horizon: fewer, and no price of one can be told
THRESHOLDS = (0.01, 0.05, 0.10)  # odds over the horizon; no threshold is published
EVENTS = ("fatal", "war", "grab")
POINTS = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Worth:
    """What an option costs beyond the reference, and the disputes that it averts.

    Four shares of worlds, which add up to 1; and over the worlds of the first, what it buys there.
    """

    option: str
    bought: float  # averts disputes, and costs more
    free: float  # averts disputes, and costs no more
    harmful: float  # brings disputes
    idle: float  # averts or brings fewer than LEAST: no ratio is formed
    price: tuple[float, ...] | None  # [M USD] per dispute averted, at POINTS; none if none bought
    per_billion: tuple[float, ...] | None  # disputes averted per 1,000 M USD, likewise


@dataclass(frozen=True)
class Residual:
    """How likely an option leaves an event at most, as shares of worlds."""

    option: str
    outcome: str
    within: tuple[tuple[float, float], ...]  # a threshold of odds, the share of worlds below it


def worth(option: str, averted: np.ndarray, dearer: np.ndarray) -> Worth:
    """Count worlds by what an option does in them.

    Args:
        option: its name.
        averted: disputes fewer than under the reference, shape (worlds,).
        dearer: what it costs beyond the reference, both states together [M USD], shape (worlds,).

    Returns:
        Shares of the worlds, and what a dispute averted costs in those in which one is bought.
    """
    averts, brings = averted > LEAST, averted < -LEAST
    bought = averts & (dearer > 0)
    price = per_billion = None
    if bought.any():
        price = _points(dearer[bought] / averted[bought])
        per_billion = _points(1_000.0 * averted[bought] / dearer[bought])
    return Worth(
        option,
        bought=float(bought.mean()),
        free=float((averts & ~bought).mean()),
        harmful=float(brings.mean()),
        idle=float((~averts & ~brings).mean()),
        price=price,
        per_billion=per_billion,
    )


def residual(option: str, outcome: str, odds: np.ndarray) -> Residual:
    """The share of worlds in which the odds of an event are below each threshold."""
    within = tuple((at, float((odds < at).mean())) for at in THRESHOLDS)
    return Residual(option, outcome, within)


def worths(run: Table) -> tuple[Worth, ...]:
    """Of every option beside the reference; none of a run that keeps no disputes or no cost."""
    options, home = run.manifest["options"], run.manifest["reference"]
    if not {"disputes", "cost"} <= {*run.manifest["outcomes"]}:
        return ()
    disputes, cost = (_values(run, each, options) for each in ("disputes", "cost"))
    return tuple(
        worth(each, disputes[home] - disputes[each], cost[each] - cost[home])
        for each in options
        if each != home
    )


def residuals(run: Table) -> tuple[Residual, ...]:
    """Of every option, for each event that the run keeps."""
    options, known = run.manifest["options"], run.manifest["outcomes"]
    found = ((event, _values(run, event, options)) for event in EVENTS if event in known)
    return tuple(residual(o, event, odds[o]) for event, odds in found for o in options)


def by_outcome(found: Sequence[Residual]) -> dict[str, list[Residual]]:
    """The same, one list an outcome."""
    outcomes = dict.fromkeys(each.outcome for each in found)
    return {outcome: [each for each in found if each.outcome == outcome] for outcome in outcomes}


def _values(run: Table, outcome: str, options: Sequence[str]) -> dict[str, np.ndarray]:
    frame = keeping(run).kept(outcome, list(options))
    return {each: frame[each].to_numpy().astype(np.float64) for each in options}


def _points(values: np.ndarray) -> tuple[float, ...]:
    return tuple(float(each) for each in np.quantile(values, POINTS))
