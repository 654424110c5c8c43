"""The calibration plot: odds that were said, and how often it happened."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import vl_convert

from foedus.backtest.score import Bin


def calibration(bins: Sequence[Bin]) -> str:
    """The plot as SVG: on the line, what was said is what happened."""
    top = max(max(each.said, each.happened) for each in bins) * 1.05
    rows = [each._asdict() for each in bins]
    scale = alt.Scale(domain=[0, top])
    points = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_point(filled=True, size=90)
        .encode(
            x=alt.X("said:Q", title="Odds that the model said", scale=scale),
            y=alt.Y("happened:Q", title="Share to which it happened", scale=scale),
            shape=alt.Shape("event:N", title="Event"),
            color=alt.Color("event:N", title="Event"),
        )
    )
    ends: list[dict[str, Any]] = [{"said": 0, "happened": 0}, {"said": top, "happened": top}]
    line = (
        alt.Chart(alt.InlineData(values=ends))
        .mark_line(strokeDash=[4, 4], color="gray")
        .encode(x="said:Q", y="happened:Q")
    )
    svg: str = vl_convert.vegalite_to_svg(
        (line + points).properties(width=320, height=320).to_dict()
    )
    return svg
