"""A planned movement -> a chart, a page and tables."""

from pathlib import Path

import altair as alt
import polars as pl
import vl_convert
from markupsafe import Markup

from foedus.disk import replace
from foedus.engine.movements import Planned, curves, first_day, movements, prices
from foedus.report.charts import BLUE, GREY, INK, ORANGE, VERMILLION, Drawn
from foedus.report.page import asset, environment
from foedus.report.plan_words import how, legs, open_routes, sentences, table, title
from foedus.report.words import label

WIDTH = 620  # pixels
_PADDING = {"left": 28, "right": 12, "top": 12, "bottom": 12}  # a reader's font may be wider


def chart(found: Planned) -> alt.VConcatChart:
    """When each stage moves and who denies it; below, what has closed against the deciding day."""
    closes = first_day(found.share, 1.0) or len(found.share) - 1
    moves = movements(found)
    start = min(0, int(moves["day"].to_numpy().min())) if len(moves) else 0
    end = min(len(found.share) - 1, max(closes, round(found.moved.decided)) + 3)
    x = alt.Scale(domain=[start, end], nice=False)
    drawn: alt.VConcatChart = (
        alt.vconcat(_gantt(found, moves, x), _closing(found, x), spacing=14, padding=_PADDING)
        .configure(font="system-ui, sans-serif", background="white")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK, titleColor=GREY, titleFontWeight="normal", labelFontSize=12,
            titleFontSize=12, gridColor="#dddddd", domainColor="#888888", tickColor="#888888",
        )
        .configure_legend(labelFontSize=12, titleFontSize=12, labelColor=INK, titleColor=GREY)
    )  # fmt: skip
    return drawn


def _gantt(found: Planned, moves: pl.DataFrame, x: alt.Scale) -> Drawn:
    axis = alt.Axis(title=None, labelLimit=170, domain=False, ticks=False, labelPadding=6)
    names = [label(leg) for leg in legs(found)]
    y = alt.Y("leg:N", sort=names, scale=alt.Scale(domain=names), axis=axis)
    named = pl.Series("leg", [label(leg) for leg in moves["leg"]], dtype=pl.String)
    days = moves.with_columns((pl.col("day") + 1).alias("until"), named)
    bars = (
        alt.Chart(days)
        .mark_bar(color=BLUE, height=13, clip=True)
        .encode(
            x=alt.X("day:Q", scale=x, axis=alt.Axis(title=None, labels=False, ticks=False)),
            x2="until:Q",
            y=y,
            opacity=alt.Opacity(
                "tonnes:Q",
                scale=alt.Scale(range=[0.25, 1]),
                legend=alt.Legend(title="t a day", orient="bottom", values=_ticks(days)),
            ),
            tooltip=["leg", "day", alt.Tooltip("tonnes:Q", format=",.0f")],
        )
    )
    shut = (
        alt.Chart(_denied(found))
        .mark_bar(color=VERMILLION, opacity=0.16, height=22, clip=True)
        .encode(x=alt.X("start:Q", scale=x), x2="end:Q", y=y, tooltip=["leg", "denied by"])
    )
    return alt.layer(shut, bars).properties(
        width=WIDTH,
        height=22 * len(names),
        title=_title("When each stage moves (red: denied)"),
    )


def _ticks(days: pl.DataFrame) -> list[float]:
    """Three round amounts up to the largest."""
    most = float(days["tonnes"].to_numpy().max()) if len(days) else 1.0
    return sorted({float(f"{most * part:.1g}") for part in (0.25, 0.5, 1.0)})


def _title(words: str) -> alt.TitleParams:
    return alt.TitleParams(words, anchor="start", color=INK, fontSize=13, fontWeight="bold")


def _denied(found: Planned) -> pl.DataFrame:
    windows = {each.denier: each for each in found.windows if each.end > each.start}
    rows = [
        (label(f"{route.name}: {stage.name}"), windows[name].start, windows[name].end, name)
        for route in open_routes(found)
        for stage in route.stages
        for name in stage.denied_by
        if name in windows
    ]
    schema = {"leg": pl.String, "start": pl.Float64, "end": pl.Float64, "denied by": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _closing(found: Planned, x: alt.Scale) -> Drawn:
    names = {"exact": "planned exactly", "fast": "as worlds are played"}
    key = alt.Legend(title=None, orient="bottom", labelLimit=300, symbolSize=300)
    long = curves(found).unpivot(index="day", variable_name="which", value_name="share")
    long = long.with_columns(pl.col("which").replace_strict(names))
    lines = (
        alt.Chart(long)
        .mark_line(clip=True, strokeWidth=2.2)
        .encode(
            x=alt.X("day:Q", scale=x, axis=alt.Axis(title="day of the crisis", tickCount=10)),
            y=alt.Y("share:Q", scale=alt.Scale(domain=[0, 1]),
                    axis=alt.Axis(title="of the promised help", format="%", tickCount=5)),
            color=alt.Color("which:N", legend=key,
                            scale=alt.Scale(domain=list(names.values()), range=[BLUE, ORANGE])),
            strokeDash=alt.StrokeDash("which:N", legend=key, scale=alt.Scale(
                domain=list(names.values()), range=[[1, 0], [5, 4]])),
        )
    )  # fmt: skip
    day = pl.DataFrame({"day": [found.moved.decided], "label": ["deciding day (median)"]})
    early = found.moved.decided < 0.7 * x["domain"][1]
    rule = alt.Chart(day).mark_rule(color=INK, strokeDash=[2, 2]).encode(x="day:Q")
    text = (
        alt.Chart(day)
        .mark_text(
            align="left" if early else "right",
            dx=5 if early else -5,
            baseline="top",
            color=INK,
            fontSize=12,
        )
        .encode(x="day:Q", y=alt.value(4), text="label:N")
    )
    return alt.layer(lines, rule, text).properties(
        width=WIDTH, height=190, title=_title("What has closed")
    )


def write(found: Planned, case_title: str, folder: Path) -> dict[str, Path]:
    """Write the plan as a page, a chart and tables.

    Returns:
        What was written, by a word for it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    svg = vl_convert.vegalite_to_svg(chart(found).to_dict(validate=False))
    context = {
        "case": case_title, "title": title(found), "sentences": sentences(found),
        "svg": Markup(svg), "style": Markup(asset("style.css")), "rows": table(found),
        "how": how(found),
    }  # fmt: skip
    page = environment().get_template("plan.html.j2").render(context)
    replace(folder / "plan.html", page.encode("utf-8"))
    replace(folder / "plan.svg", svg.encode("utf-8"))
    for name, frame in (
        ("movements", movements(found)), ("curve", curves(found)), ("prices", prices(found))
    ):  # fmt: skip
        frame.write_parquet(folder / f"{name}.parquet")
    return {"Page": folder / "plan.html", "Chart": folder / "plan.svg", "Tables": folder}
