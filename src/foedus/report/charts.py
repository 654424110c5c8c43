"""One function, one chart. Numbers come in ready; nothing here computes a result.

Colours are Okabe and Ito's, which people with any common colour blindness tell apart; the style
sheet replaces them by lighter ones on a dark page, so use only those named here.
"""

from collections.abc import Sequence
from typing import Any

import altair as alt
import polars as pl

from foedus.case.schema import Thresholds
from foedus.judge.claims import Share
from foedus.report.spread import Spread
from foedus.report.words import VERDICTS, change_unit, label, scale, unit_words

BLUE, VERMILLION, ORANGE, PURPLE = "#0072B2", "#D55E00", "#E69F00", "#CC79A7"
INK, GREY = "#1d2126", "#5f6670"
TONES = {"for": BLUE, "mixed": PURPLE, "against": VERMILLION, "close": ORANGE, "none": GREY}
SHAPES = {"for": "circle", "mixed": "diamond", "against": "cross", "close": "square",
          "none": "triangle"}  # fmt: skip
ROW = 24  # pixels a row of a chart with names on its left

Drawn = alt.Chart | alt.LayerChart | alt.FacetChart


def finish(chart: Drawn, height: int) -> Drawn:
    """The look all charts share; the page gives the width."""
    fit = alt.AutoSizeParams(type="fit-x", contains="padding")
    return look(chart.properties(width="container", height=height, autosize=fit))


def look(chart: Drawn) -> Drawn:
    """The look all charts share, of a chart that sets its own size."""
    drawn: Drawn = (
        chart.properties(background="white")
        .configure(font="system-ui, sans-serif")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK, titleColor=GREY, titleFontWeight="normal", labelFontSize=12,
            titleFontSize=12, gridColor="#dddddd", domainColor="#888888", tickColor="#888888",
        )
    )  # fmt: skip
    return drawn


def _names(order: Sequence[str]) -> alt.Y:
    axis = alt.Axis(title=None, labelLimit=150, domain=False, ticks=False, labelPadding=6)
    return alt.Y("name:N", sort=list(order), axis=axis)


def _spreads(rows: Sequence[Spread], unit: str, title: str, marked: str) -> list[alt.Chart]:
    """Rows of: nine worlds in ten (line), one dot a twentieth of them, the middle world (point)."""
    keys = ("p5", "p25", "p50", "p75", "p95")
    dots: list[Any] = [f"dot{i}" for i in range(1, 1 + len(rows[0].dots))] if rows else []
    lines = [(named(row.option, marked), row) for row in rows]
    data = pl.DataFrame(
        [
            {"name": name}
            | {
                key: x * scale(unit)
                for key, x in zip(keys + tuple(dots), row.points + row.dots, strict=True)
            }
            for name, row in lines
        ]
    )
    base = alt.Chart(data).encode(y=_names([name for name, _ in lines]))
    axis = alt.Axis(title=title or "no unit", tickCount=5, format=",~f")
    is_marked = alt.condition(alt.datum.name == named(marked, marked), alt.value(GREY), BLUE)
    tone = alt.ColorValue(BLUE, condition=is_marked["condition"])
    hints = [alt.Tooltip("name:N", title="option"), *below(keys, ".3~g")]
    return [
        base.mark_rule(strokeWidth=1.5, opacity=0.5).encode(
            x=alt.X("p5:Q", axis=axis, scale=alt.Scale(zero=False)), x2=alt.X2("p95:Q"), color=tone
        ),
        base.transform_fold(dots, as_=["dot", "at"])
        .mark_circle(size=30, opacity=0.35)
        .encode(x=alt.X("at:Q"), color=tone, tooltip=hints),
        base.mark_tick(thickness=3, size=15).encode(x=alt.X("p50:Q"), color=tone, tooltip=hints),
    ]


def below(keys: Sequence[str], form: str) -> list[alt.Tooltip]:
    """What is told of quantiles p5, p50, ... under the pointer."""
    return [
        alt.Tooltip(f"{k}:Q", format=form, title=f"{k[1:]} in 100 worlds lie below") for k in keys
    ]


def named(option: str, marked: str) -> str:
    """The name of an option, marked if it is the reference."""
    return f"{label(option)} (reference)" if option == marked else label(option)


def levels(rows: Sequence[Spread], unit: str, reference: str) -> Drawn:
    """One outcome under each option: the spread over the worlds.

    Args:
        rows: every option, in the outcome's unit.
        unit: of the outcome.
        reference: the option drawn in grey and named as the reference.
    """
    layers = _spreads(rows, unit, unit_words(unit), reference)
    return finish(alt.layer(*layers), ROW * len(rows))


def differences(rows: Sequence[Spread], unit: str) -> Drawn:
    """Each option's difference from the reference in the same world, with a line at none.

    Args:
        rows: every other option's difference.
        unit: of the outcome.
    """
    none = alt.Chart(pl.DataFrame([{"at": 0}])).mark_rule(color=INK, strokeWidth=1.2)
    layers = _spreads(rows, unit, change_unit(unit), "")
    return finish(alt.layer(none.encode(x=alt.X("at:Q")), *layers), ROW * len(rows))


def _share(name: str, title: str | None = "% of worlds") -> alt.X:
    axis = alt.Axis(title=title, values=[0, 25, 50, 75, 100])
    return alt.X(f"{name}:Q", axis=axis, scale=alt.Scale(domain=[0, 100]))


def _bounds(bars: Thresholds) -> alt.Chart:
    data = pl.DataFrame([{"at": 100 * bars.fails}, {"at": 100 * bars.holds}])
    bounds: alt.Chart = alt.Chart(data).mark_rule(color=GREY, strokeDash=[3, 3])
    return bounds


def claim_shares(rows: Sequence[tuple[str, str, Share]], bars: Thresholds) -> Drawn:
    """Every tested claim: the share of worlds in which it is right, with its interval.

    Args:
        rows: name, verdict and share, in the order of the case.
        bars: from where on a claim holds, and up to where it fails.
    """
    data = pl.DataFrame(
        [
            {"name": name, "verdict": verdict, "share": 100 * s.share, "low": 100 * s.low,
             "high": 100 * s.high} for name, verdict, s in rows
        ]
    )  # fmt: skip
    base = alt.Chart(data).encode(y=_names([name for name, *_ in rows]))
    words = [word for word in VERDICTS if any(word == verdict for _, verdict, _ in rows)]
    tones = [VERDICTS[word].tone for word in words]
    legend = alt.Legend(title=None, orient="top", columns=2, labelLimit=200)
    hints = [alt.Tooltip("name:N", title="claim"), alt.Tooltip("verdict:N"),
             alt.Tooltip("share:Q", format=".1f", title="% of worlds")]  # fmt: skip
    points = base.mark_point(filled=True, size=90, opacity=1).encode(
        x=_share("share"),
        color=alt.Color("verdict:N", scale=alt.Scale(domain=words, range=[TONES[t] for t in tones]),
                        legend=legend),
        shape=alt.Shape("verdict:N", legend=legend,
                        scale=alt.Scale(domain=words, range=[SHAPES[t] for t in tones])),
        tooltip=hints,
    )  # fmt: skip
    lines = base.mark_rule(strokeWidth=2, color=GREY).encode(x=_share("low"), x2=alt.X2("high:Q"))
    return finish(alt.layer(_bounds(bars).encode(x=alt.X("at:Q")), lines, points), ROW * len(rows))


def margin_curve(
    curve: Sequence[tuple[float, float]], at: tuple[float, float], title: str, bars: Thresholds
) -> Drawn:
    """How small is small? The share of worlds against the margin asked for.

    Args:
        curve: margin, as it is to be shown, and share of worlds.
        at: the margin the case sets, and the share there.
        title: of the margin's axis, with its unit.
        bars: from where on a claim holds, and up to where it fails.
    """
    data = pl.DataFrame([{"margin": x, "share": 100 * y} for x, y in curve])
    axis = alt.Axis(values=[0, 25, 50, 75, 100], title="% of worlds")
    y = alt.Y("share:Q", axis=axis, scale=alt.Scale(domain=[0, 100]))
    x = alt.X("margin:Q", axis=alt.Axis(title=title, tickCount=5), scale=alt.Scale(zero=False))
    line = alt.Chart(data).mark_line(color=BLUE, strokeWidth=2).encode(x=x, y=y)
    here = alt.Chart(pl.DataFrame([{"margin": at[0], "share": 100 * at[1]}]))
    return finish(
        alt.layer(
            _bounds(bars).encode(y=alt.Y("at:Q")),
            line,
            here.mark_rule(color=INK).encode(x=x),
            here.mark_point(filled=True, color=INK, size=80, opacity=1).encode(
                x=x, y=y, tooltip=[alt.Tooltip("margin:Q", format=".3~g"),
                                   alt.Tooltip("share:Q", format=".1f", title="% of worlds")],
            ),
        ),
        150,
    )  # fmt: skip


def theory_shares(
    rows: Sequence[tuple[str, str, float]], overall: float, bars: Thresholds
) -> Drawn:
    """The share of worlds in which a claim is right, among those that believe each theory.

    Args:
        rows: question, theory and share.
        overall: the share over all worlds.
        bars: from where on a claim holds, and up to where it fails.
    """
    lines = [(f"{label(q)}: {label(theory)}", share) for q, theory, share in rows]
    data = pl.DataFrame([{"name": n, "share": 100 * s, "all": 100 * overall} for n, s in lines])
    base = alt.Chart(data).encode(y=_names([name for name, _ in lines]))
    hints = [alt.Tooltip("name:N", title="worlds that believe"),
             alt.Tooltip("share:Q", format=".1f", title="% of worlds")]  # fmt: skip
    return finish(
        alt.layer(
            _bounds(bars).encode(x=alt.X("at:Q")),
            base.mark_rule(color=GREY, strokeWidth=1).encode(x=_share("all"), x2=alt.X2("share:Q")),
            base.mark_tick(color=INK, thickness=2, size=16).encode(x=_share("all")),
            base.mark_point(filled=True, color=BLUE, size=70, opacity=1).encode(
                x=_share("share"), tooltip=hints
            ),
        ),
        ROW * len(lines),
    )


def better_worse(rows: Sequence[tuple[str, float, float]]) -> Drawn:
    """In which share of worlds something is made better (right) and worse (left).

    Args:
        rows: name, share of worlds in which it is better, and in which it is worse.
    """
    data = pl.DataFrame(
        [
            {
                "name": name,
                "side": side,
                "share": 100 * share,
                "from": 0.0,
                "to": sign * 100 * share,
            }
            for name, *shares in rows
            for side, sign, share in zip(("better", "worse"), (1, -1), shares, strict=True)
        ]
    )
    axis = alt.Axis(title="% of worlds: worse to the left, better to the right",
                    values=[-100, -50, 0, 50, 100], labelExpr="abs(datum.value)")  # fmt: skip
    legend = alt.Legend(title=None, orient="top", columns=2)
    base = alt.Chart(data).encode(y=_names([name for name, *_ in rows]))
    bars = base.mark_bar(size=12).encode(
        x=alt.X("from:Q", axis=axis, scale=alt.Scale(domain=[-100, 100])),
        x2=alt.X2("to:Q"),
        color=alt.Color("side:N", legend=legend,
                        scale=alt.Scale(domain=["better", "worse"], range=[BLUE, VERMILLION])),
        tooltip=[alt.Tooltip("name:N"), alt.Tooltip("side:N"),
                 alt.Tooltip("share:Q", format=".1f", title="% of worlds")],
    )  # fmt: skip
    none = alt.Chart(pl.DataFrame([{"at": 0}])).mark_rule(color=INK, strokeWidth=1.2)
    return finish(alt.layer(bars, none.encode(x=alt.X("at:Q"))), ROW * len(rows))
