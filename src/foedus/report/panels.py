"""Options side by side over time, one a panel, each against the middle world of the reference."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import polars as pl

from foedus.report.charts import BLUE, GREY, INK, Drawn, below, look, named
from foedus.report.words import scale, unit_words


def paths(path: pl.DataFrame, unit: str, reference: str) -> Drawn:
    """One outcome after each year, an option a panel: middle world, half of them, nine in ten.

    Args:
        path: option, year, p5, p25, p50, p75, p95, in the outcome's unit.
        unit: of the outcome.
        reference: the option whose middle world is drawn in every panel, to compare with.
    """
    keys = ["p5", "p25", "p50", "p75", "p95"]
    home = path.filter(pl.col("option") == reference).select("year", reference="p50")
    order = [named(option, reference) for option in path["option"].unique(maintain_order=True)]
    rows = path.join(home, on="year").select(
        pl.col("option").cast(pl.String).map_elements(
            lambda each: named(each, reference), return_dtype=pl.String).alias("name"),
        "year",
        pl.col(*keys, "reference") * scale(unit),
    )  # fmt: skip
    years = [int(path["year"].to_numpy().min()), int(path["year"].to_numpy().max())]
    calendar = alt.Axis(title=None, values=years, format="d", grid=False, labelFlush=True)
    base = alt.Chart().encode(x=alt.X("year:Q", axis=calendar, scale=alt.Scale(domain=years)))
    axis = alt.Axis(title=unit_words(unit) or "no unit", tickCount=3, format=",~f")
    hints = [alt.Tooltip("year:Q", format="d"), *below(keys, ".3~g")]
    bands = [
        base.mark_area(color=BLUE, opacity=0.18).encode(y=alt.Y("p5:Q", axis=axis), y2="p95:Q"),
        base.mark_area(color=BLUE, opacity=0.3).encode(y=alt.Y("p25:Q"), y2="p75:Q"),
    ]
    return _panels(rows, order, [*bands, *_lines(base, hints)], columns=5, height=80)


def closing(found: Mapping[str, Any], reference: str) -> Drawn:
    """Share of the promised help that has arrived by each day of the crisis, an option a panel.

    Args:
        found: days, decided, and for each option a curve of 10, 50 and 90 in a hundred worlds.
        reference: the option whose middle world is drawn in every panel, to compare with.
    """
    keys, days, home = ("p10", "p50", "p90"), found["days"], found["curves"][reference][1]
    rows = pl.concat(
        pl.DataFrame({"name": [named(option, reference)] * len(days), "day": days,
                      **{key: np.multiply(curves[i], 100.0) for i, key in enumerate(keys)},
                      "reference": np.multiply(home, 100.0), "decided": found["decided"][1]})
        for option, curves in found["curves"].items()
    )  # fmt: skip
    x = alt.X("day:Q", axis=alt.Axis(title="day of the crisis", tickCount=4, grid=False))
    axis = alt.Axis(title="% arrived", tickCount=3)
    base = alt.Chart().encode(x=x)
    hints = [alt.Tooltip("day:Q"), *below(keys, ".1f")]
    under = [
        base.mark_area(color=BLUE, opacity=0.18).encode(y=alt.Y("p10:Q", axis=axis), y2="p90:Q"),
        alt.Chart().mark_rule(color=GREY).encode(x="mean(decided):Q"),
    ]
    order = rows["name"].unique(maintain_order=True).to_list()
    return _panels(rows, order, [*under, *_lines(base, hints)], columns=3, height=110)


def _lines(base: alt.Chart, hints: Sequence[alt.Tooltip]) -> list[alt.Chart]:
    """The middle world of the reference, dashed, and that of the option."""
    told = [alt.Tooltip("name:N", title="option"), *hints]
    return [
        base.mark_line(color=INK, strokeWidth=1.2, strokeDash=[3, 2]).encode(y="reference:Q"),
        base.mark_line(color=BLUE, strokeWidth=2).encode(y="p50:Q", tooltip=told),
    ]


def _panels(
    rows: pl.DataFrame, order: list[str], layers: list[alt.Chart], *, columns: int, height: int
) -> Drawn:
    """Layers of the same rows, one panel a name."""
    panel = alt.layer(*layers, data=rows)
    panel = panel.properties(width=150, height=height)  # the page gives the width
    header = alt.Header(title=None, labelColor=INK, labelFontSize=12, labelLimit=170)
    return look(panel.facet(alt.Facet("name:N", sort=order, header=header), columns=columns))
