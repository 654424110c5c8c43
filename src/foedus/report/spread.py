"""Run -> how each option does: the spread of an outcome over the worlds, and of its differences."""

from dataclasses import dataclass

import numpy as np

from foedus.table import Table

POINTS = (0.05, 0.25, 0.5, 0.75, 0.95)
DOTS = 20  # of a spread that is drawn: each stands for one world in twenty


@dataclass(frozen=True)
class Spread:
    """Over the worlds explored: 5, 25, 50, 75 and 95 in a hundred lie below these numbers."""

    option: str
    points: tuple[float, float, float, float, float]
    dots: tuple[float, ...]  # the middles of twenty equal parts of the worlds, in order

    @property
    def median(self) -> float:
        """The middle world."""
        return self.points[2]


@dataclass(frozen=True)
class Difference(Spread):
    """The difference from the reference option, in the same world."""

    lower: float  # share of worlds in which it is lower than under the reference
    higher: float


@dataclass(frozen=True)
class Compared:
    """One outcome under every option."""

    outcome: str
    unit: str
    levels: tuple[Spread, ...]
    differences: tuple[Difference, ...]  # of every option but the reference


def compare(run: Table, outcome: str) -> Compared:
    """How an outcome spreads over the worlds that could be computed, at least one."""
    manifest = run.manifest
    frame = run.kept(outcome, manifest["options"])
    found = {o: frame[o].to_numpy().astype(np.float64) for o in manifest["options"]}
    reference = found[manifest["reference"]]
    return Compared(
        outcome=outcome,
        unit=manifest["outcomes"][outcome]["unit"],
        levels=tuple(
            Spread(option, points(values), dots(values)) for option, values in found.items()
        ),
        differences=tuple(
            difference(option, values - reference)
            for option, values in found.items()
            if option != manifest["reference"]
        ),
    )


def difference(option: str, values: np.ndarray) -> Difference:
    """How the difference that an option makes, world by world, spreads."""
    lower, higher = float(np.mean(values < 0)), float(np.mean(values > 0))
    return Difference(option, points(values), dots(values), lower, higher)


def points(values: np.ndarray) -> tuple[float, float, float, float, float]:
    """5, 25, 50, 75 and 95 in a hundred worlds lie below these."""
    a, b, c, d, e = (float(x) for x in np.quantile(values, POINTS))
    return a, b, c, d, e


def dots(values: np.ndarray) -> tuple[float, ...]:
    """A spread as DOTS dots (Kay et al. 2016, doi:10.1145/2858036.2858558)."""
    found = np.quantile(values, (np.arange(DOTS) + 0.5) / DOTS)
    return tuple(float(x) for x in found)
