"""Charts that set the options against each other: what each can lose, what each trades for what."""

import json
from collections.abc import Sequence
from typing import NamedTuple

import altair as alt
import polars as pl

from foedus.report.charts import BLUE, GREY, INK, ROW, VERMILLION, Drawn, finish
from foedus.report.words import label


class Loss(NamedTuple):
    """What an option can lose in one outcome."""

    option: str
    outcome: str
    loss: float  # as it is shown
    unit: str
    of_most: float  # share of the largest loss of any option in this outcome, 0 to 1
    said: str


class Choice(NamedTuple):
    """An option between two outcomes, on average over the worlds, as it is shown."""

    option: str
    x: float
    y: float
    unbeaten: bool
    share: float  # of worlds in which no other option is as good in both and better in one


def losses(rows: Sequence[Loss]) -> Drawn:
    """A heat map: options below each other, outcomes beside each other, darker where more is lost.

    Args:
        rows: every option in every outcome.
    """
    data = pl.DataFrame([{**row._asdict(), "option": label(row.option)} for row in rows])
    options = list(dict.fromkeys(label(row.option) for row in rows))
    outcomes = list(dict.fromkeys(row.outcome for row in rows))
    axis = alt.Axis(title=None, orient="top", labelAngle=-90, labelLimit=130, ticks=False,
                    domain=False)  # fmt: skip
    names = alt.Axis(title=None, ticks=False, domain=False, labelLimit=140)
    base = alt.Chart(data).encode(
        x=alt.X("outcome:N", sort=outcomes, axis=axis),
        y=alt.Y("option:N", sort=options, axis=names),
        tooltip=[alt.Tooltip("option:N"), alt.Tooltip("outcome:N"),
                 alt.Tooltip("loss:Q", format=".3~g"), alt.Tooltip("unit:N")],
    )  # fmt: skip
    cells = base.mark_rect(color=VERMILLION, cornerRadius=2).encode(
        opacity=alt.Opacity(
            "of_most:Q", legend=None, scale=alt.Scale(domain=[0, 1], range=[0.03, 0.5])
        )
    )
    numbers = base.mark_text(color=INK, fontSize=alt.expr("width > 400 ? 11 : 8")).encode(
        text="said:N"
    )
    return finish(alt.layer(cells, numbers), ROW * len(options))


def trade_off(rows: Sequence[Choice], titles: tuple[str, str], better: tuple[str, str]) -> Drawn:
    """Two outcomes of every option: those that no other beats in both are joined by a line.

    Args:
        rows: every option.
        titles: of the two axes, with their units.
        better: "lower" or "higher", for each axis.
    """
    data = pl.DataFrame(
        [{"option": label(r.option), "x": r.x, "y": r.y, "share": 100 * r.share,
          "beaten": "no other option beats it in both" if r.unbeaten else "another is as good in "
          "both and better in one"} for r in rows]
    )  # fmt: skip
    words = [w for w in ("no other option beats it in both",
                         "another is as good in both and better in one")
             if w in data["beaten"].to_list()]  # fmt: skip
    tones = dict(zip(("n", "a"), (BLUE, GREY), strict=True))
    shapes = dict(zip(("n", "a"), ("circle", "diamond"), strict=True))
    legend = alt.Legend(title=None, orient="top", columns=1, labelLimit=300)
    axes = [
        alt.Axis(title=f"{title} ({'less' if b == 'lower' else 'more'} is better)", tickCount=5)
        for title, b in zip(titles, better, strict=True)
    ]
    plain = alt.Scale(zero=False, padding=22)
    base = alt.Chart(data).encode(
        x=alt.X("x:Q", axis=axes[0], scale=plain), y=alt.Y("y:Q", axis=axes[1], scale=plain)
    )
    front = base.transform_filter(alt.datum.beaten == words[0]).mark_line(
        color=BLUE, strokeWidth=1.5, strokeDash=[4, 3], interpolate="linear"
    )
    points = base.mark_point(filled=True, size=90, opacity=1).encode(
        color=alt.Color("beaten:N", legend=legend,
                        scale=alt.Scale(domain=words, range=[tones[w[0]] for w in words])),
        shape=alt.Shape("beaten:N", legend=legend,
                        scale=alt.Scale(domain=words, range=[shapes[w[0]] for w in words])),
        tooltip=[alt.Tooltip("option:N"), alt.Tooltip("x:Q", format=".3~g", title=titles[0]),
                 alt.Tooltip("y:Q", format=".3~g", title=titles[1]),
                 alt.Tooltip("share:Q", format=".1f", title="unbeaten in % of worlds")],
    )  # fmt: skip
    # Neighbours have their names above and below in turn, so that fewer overlap.
    in_turn = [label(row.option) for row in sorted(rows, key=lambda row: (row.x, row.y))]
    size = alt.expr("width > 400 ? 11 : 9")
    names = [
        base.transform_filter(f"indexof({json.dumps(part)}, datum.option) >= 0")
        .mark_text(dy=dy, color=INK, fontSize=size)
        .encode(text="option:N")
        for part, dy in ((in_turn[::2], -11), (in_turn[1::2], 13))
    ]
    return finish(alt.layer(front.encode(order="x:Q"), points, *names), 320)
