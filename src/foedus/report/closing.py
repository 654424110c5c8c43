"""When does help come? Closure curves over the worlds -> a chart and its sentence."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import polars as pl

from foedus.report import words
from foedus.report.charts import BLUE, GREY, INK, Drawn, look, named
from foedus.report.figures import Figure, Figures

KEYS = ("p10", "p50", "p90")  # so many in a hundred worlds lie below


def closing(figures: Figures, reference: str, found: Mapping[str, Any] | None) -> Figure | None:
    """How much of the promised help has arrived by when; None where that was not followed.

    Args:
        figures: to add to.
        reference: the option whose middle world is drawn in every panel.
        found: as the engine keeps it: threat, year, worlds, days, decided, curves.
    """
    if found is None:
        return None
    says = f"{_on_the_day(reference, found)} {_how_read(found)}"
    return figures.add("closing", "By when the help arrives", says, _chart(reference, found))


def _on_the_day(reference: str, found: Mapping[str, Any]) -> str:
    """What has arrived on the deciding day of the middle world."""
    low, day, high = found["decided"]
    there = {o: [float(np.interp(day, found["days"], c)) for c in curves]
             for o, curves in found["curves"].items()}  # fmt: skip
    least, middle, most = map(words.percent, there[reference])
    said = (
        f"On day {words.number(day)}, when the middle world decides (the upright mark; day "
        f"{words.number(low)} to {words.number(high)} in eight worlds of ten), {middle} of the "
        f"promised help has arrived under “{words.label(reference)}” in the middle world "
        f"({least} to {most} in eight worlds of ten)"
    )
    others = {option: each[1] for option, each in there.items() if option != reference}
    if not others:
        return f"{said}; no option changes when it comes."
    best = max(others, key=others.__getitem__)
    return (
        f"{said}; of the options that change when it comes, most is there under "
        f"“{words.label(best)}” ({words.percent(others[best])})."
    )


def _how_read(found: Mapping[str, Any]) -> str:
    return (
        f"Counted over {words.count(found['worlds'], 'world')} in which help comes along the "
        f"routes, for a crisis of {found['year']} ({found['threat']}) with the option in force; "
        "the line is the middle world, the band eight worlds of ten, the dashed line the "
        "middle world under the reference."
    )


def _chart(reference: str, found: Mapping[str, Any]) -> Drawn:
    """Share of the promised help that has arrived by each day of the crisis, an option a panel."""
    days, home = found["days"], found["curves"][reference][1]
    rows = pl.concat(
        pl.DataFrame({"name": [named(option, reference)] * len(days), "day": days,
                      **{key: np.multiply(curves[i], 100.0) for i, key in enumerate(KEYS)},
                      "reference": np.multiply(home, 100.0), "decided": found["decided"][1]})
        for option, curves in found["curves"].items()
    )  # fmt: skip
    x = alt.X("day:Q", axis=alt.Axis(title="day of the crisis", tickCount=4, grid=False))
    y = alt.Axis(title="% arrived", tickCount=3)
    base = alt.Chart().encode(x=x)
    hints = [alt.Tooltip("name:N", title="option"), alt.Tooltip("day:Q")] + [
        alt.Tooltip(f"{k}:Q", format=".1f", title=f"{k[1:]} in 100 worlds lie below") for k in KEYS
    ]
    panel = alt.layer(
        base.mark_area(color=BLUE, opacity=0.18).encode(y=alt.Y("p10:Q", axis=y), y2="p90:Q"),
        alt.Chart().mark_rule(color=GREY).encode(x="mean(decided):Q"),
        base.mark_line(color=INK, strokeWidth=1.2, strokeDash=[3, 2]).encode(y="reference:Q"),
        base.mark_line(color=BLUE, strokeWidth=2).encode(y="p50:Q", tooltip=hints),
        data=rows,
    ).properties(width=150, height=110)  # the page gives the width
    order = rows["name"].unique(maintain_order=True).to_list()
    header = alt.Header(title=None, labelColor=INK, labelFontSize=12, labelLimit=170)
    return look(panel.facet(alt.Facet("name:N", sort=order, header=header), columns=3))
