"""How does it go, year by year? Outcomes as they stand after each year, over the worlds.

Read from the design `years`, which is played beside a run.
"""

import numpy as np
import polars as pl

from foedus.judge.screens import keeping
from foedus.table import Run

POINTS = (5, 25, 50, 75, 95)  # so many in a hundred worlds lie below


def paths(run: Run) -> pl.DataFrame | None:
    """The spread of every outcome of the design after every year, under every option.

    Returns:
        One row an outcome, option and year: outcome, option, year, and p5, p25, p50, p75, p95 in
        the unit of the outcome, over the worlds that the screens keep, and no row if they keep
        none; None if the years were not played.
    """
    design = run.design("years")
    if design is None:
        return None
    kept = keeping(design)
    options, (first, last) = run.manifest["options"], run.case.years
    rows = []
    for outcome in [] if kept.sound.is_empty() else design.manifest["design"]["outcomes"]:
        for year in range(first, last + 1):
            values = kept.kept(f"{outcome}@{year}", options).select(options).to_numpy()
            points = np.quantile(values.astype(np.float64), np.array(POINTS) / 100, axis=0)
            rows += [
                (outcome, option, year, *map(float, points[:, i]))
                for i, option in enumerate(options)
            ]
    names = ["outcome", "option", "year", *(f"p{point}" for point in POINTS)]
    return pl.DataFrame(rows, schema=names, orient="row")
