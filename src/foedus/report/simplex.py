"""Charts of a value claim: where, among all ways to weigh the outcomes, it is right."""

from collections.abc import Sequence

import altair as alt
import polars as pl

from foedus.report.charts import BLUE, GREY, INK, ORANGE, PURPLE, VERMILLION, Drawn, finish
from foedus.report.words import label

HEIGHT = 0.75**0.5  # of a triangle with sides of 1
STEPS = 10  # of a weight from 0 to 1
FEWEST = 10  # weightings in a step, for their mean to be drawn


def weightings(frame: pl.DataFrame) -> Drawn:
    """Under which weights the claim is right, in which share of worlds.

    A line for two outcomes, a triangle for three, a profile of each for more.

    Args:
        frame: one row a weighting: the weight of each outcome, and `share`.
    """
    names = [name for name in frame.columns if name != "share"]
    frame = frame.with_columns(pl.col("share") * 100)
    said = {name: name.replace(".", " ") for name in names}  # a dot would mean a part of a part
    frame, names = frame.rename(said), list(said.values())
    if len(names) == 2:
        return _line(frame, names[0])
    return _triangle(frame, names) if len(names) == 3 else _profile(frame, names)


def _colour() -> alt.Color:
    """Orange where it is wrong, blue where it is right, grey between."""
    return alt.Color(
        "share:Q",
        scale=alt.Scale(
            domain=[0, 50, 100], range=[VERMILLION, "#d0d4d9", BLUE], interpolate="rgb"
        ),
        legend=alt.Legend(title="% of worlds", orient="top", gradientLength=160, tickCount=3),
    )


def _hints(names: Sequence[str]) -> list[alt.Tooltip]:
    weights = [
        alt.Tooltip(f"{name}:Q", title=f"weight of {label(name)}", format=".2f") for name in names
    ]
    return [*weights, alt.Tooltip("share:Q", title="% of worlds", format=".0f")]


def _line(frame: pl.DataFrame, name: str) -> Drawn:
    x = alt.X(f"{name}:Q", title=f"weight of {label(name)}", scale=alt.Scale(domain=[0, 1]))
    y = alt.Y("share:Q", title="% of worlds", scale=alt.Scale(domain=[0, 100]))
    return finish(alt.Chart(frame.sort(name)).mark_line(color=BLUE).encode(x=x, y=y), 150)


def _triangle(frame: pl.DataFrame, names: Sequence[str]) -> Drawn:
    """All weight on the first outcome lies at the top, on the second at left, third at right."""
    top, _, right = names
    placed = frame.with_columns(x=pl.col(right) + pl.col(top) / 2, y=pl.col(top) * HEIGHT)
    corners = pl.DataFrame(
        {"x": [0.5, 0.0, 1.0, 0.5], "y": [HEIGHT, 0.0, 0.0, HEIGHT], "order": [0, 1, 2, 3]}
    )
    said = pl.DataFrame(
        {
            "x": [0.5, 0.0, 1.0],
            "y": [HEIGHT, 0.0, 0.0],
            "name": [f"all on {label(n)}" for n in names],
        }
    )
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.15, 1.15], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[-0.12, 1.0], nice=False))
    text = alt.Chart(said).encode(x=x, y=y, text="name:N")
    above, below = alt.datum.y > 0, alt.datum.y == 0
    return finish(
        alt.layer(
            alt.Chart(placed).mark_point(filled=True, size=38, opacity=1, shape="circle").encode(
                x=x, y=y, color=_colour(), tooltip=_hints(names)),
            alt.Chart(corners).mark_line(color=GREY).encode(x=x, y=y, order="order:Q"),
            text.transform_filter(above).mark_text(dy=-10, color=INK, fontSize=12),
            text.transform_filter(below).mark_text(dy=14, color=INK, fontSize=12),
        ),
        300,
    )  # fmt: skip


def _profile(frame: pl.DataFrame, names: Sequence[str]) -> Drawn:
    """For each outcome: the share against its weight, over all ways to weigh the others."""
    steps = pl.concat(
        frame.select(
            pl.lit(label(name)).alias("outcome"),
            ((pl.col(name) * STEPS).floor() + 0.5).alias("weight") / STEPS,
            "share",
        )
        for name in names
    )
    means = steps.group_by("outcome", "weight").agg(pl.col("share").mean(), pl.len().alias("n"))
    x = alt.X("weight:Q", title="weight of the outcome", scale=alt.Scale(domain=[0, 1]))
    y = alt.Y("share:Q", title="% of worlds", scale=alt.Scale(domain=[0, 100]))
    tones = [BLUE, VERMILLION, ORANGE, PURPLE, GREY]
    colour = alt.Color(
        "outcome:N",
        legend=alt.Legend(title=None, orient="top", columns=2),
        scale=alt.Scale(domain=[label(n) for n in names], range=tones),
    )
    shape = alt.Shape("outcome:N", scale=alt.Scale(domain=[label(n) for n in names]))
    lines = alt.Chart(means.filter(pl.col("n") >= FEWEST).sort("outcome", "weight"))
    return finish(
        lines.mark_line(point=alt.OverlayMarkDef(size=45)).encode(
            x=x, y=y, color=colour, shape=shape
        ),
        220,
    )  # fmt: skip
