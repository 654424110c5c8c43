"""The yearly paths of the outcomes most asked for -> charts, each with its sentence."""

from typing import NamedTuple

import polars as pl

from foedus.report import panels, words
from foedus.report.figures import Figure, Figures
from foedus.report.sections import outcome_names
from foedus.table import Table

DRAWN = 3  # outcomes whose paths are drawn
NONE_LEFT = (
    "Of the worlds whose years were played none is left: they could not be computed, or the "
    "screens set them aside."
)
KEYS = ("p5", "p50", "p95")


class Yearly(NamedTuple):
    """What is drawn of the years, or in a sentence why nothing is."""

    drawn: tuple[Figure, ...]
    missing: str = ""


def yearly(run: Table, figures: Figures, found: pl.DataFrame | None) -> Yearly:
    """The first outcomes of the page that change as the years go by; `found` as `paths` has it."""
    if found is None:
        return Yearly(
            (), "The years were not played for this run: “foedus explain RUN” plays them."
        )
    if found.is_empty():
        return Yearly((), NONE_LEFT)
    changing = _changing(found)
    drawn = [
        _path(run, figures, outcome, found.filter(pl.col("outcome") == outcome))
        for outcome in [name for name in outcome_names(run) if name in changing][:DRAWN]
    ]
    if not drawn:
        return Yearly((), "No outcome of those above changes from one year to the next.")
    return Yearly(tuple(drawn))


def _changing(found: pl.DataFrame) -> set[str]:
    """The outcomes whose middle world changes from year to year under some option."""
    values = found.group_by("outcome", "option").agg(pl.col("p50").n_unique())
    return set(values.filter(pl.col("p50") > 1)["outcome"])


def _path(run: Table, figures: Figures, outcome: str, path: pl.DataFrame) -> Figure:
    meta, home = run.manifest["outcomes"][outcome], run.case.reference
    unit, (first, last) = meta["unit"], run.case.years
    says = words.outcome_words(outcome, meta, run.case)
    ends = path.filter(pl.col("year") == last)
    low, middle, high = ends.filter(pl.col("option") == home).select(KEYS).row(0)
    began = path.filter((pl.col("option") == home) & (pl.col("year") == first))["p50"].item()
    least, most = (ends.sort("p50")[i] for i in (0, -1))
    told = (
        f"Under “{words.label(home)}” it stands at {words.quantity(began, unit)} after {first} and "
        f"at {words.quantity(middle, unit)} after {last} in the middle world "
        f"({words.quantity(low, unit)} to {words.quantity(high, unit)} in nine worlds of ten); "
        f"the middle ends lowest under “{words.label(least['option'].item())}” "
        f"({words.quantity(least['p50'].item(), unit)}) and highest under "
        f"“{words.label(most['option'].item())}” ({words.quantity(most['p50'].item(), unit)})."
    )
    chart = panels.paths(path, unit, home)
    return figures.add(f"years-{outcome}", f"{says[:1].upper()}{says[1:]}", told, chart)
