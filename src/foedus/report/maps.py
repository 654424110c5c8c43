"""One function, one map. It shows states and ways between them, never a place within a state."""

from collections.abc import Sequence
from math import cos, radians
from typing import Any, NamedTuple

import altair as alt
import polars as pl

from foedus.report.charts import BLUE, GREY, INK, ORANGE, PURPLE, VERMILLION, Drawn, finish
from foedus.report.shapes import Land, Window

OTHER = "not in this case"
ROLES = {
    "host": BLUE,
    "helper": PURPLE,
    "might challenge the host": ORANGE,
    "takes part otherwise": VERMILLION,
    OTHER: GREY,
}


class Place(NamedTuple):
    """A name on the map."""

    name: str
    role: str
    says: str
    at: tuple[float, float]  # longitude and latitude
    side: int = 0  # of it on which the name stands: -1 west, 1 east, 0 on it


class Way(NamedTuple):
    """A route, as a line through points of the states it crosses."""

    name: str
    state: str  # what is known of it: open, may be denied, planned
    says: str
    points: tuple[tuple[float, float], ...]


class Sheet(NamedTuple):
    """All that a map shows."""

    window: Window
    lands: Sequence[Land]
    roles: dict[str, str]  # by country code
    places: Sequence[Place]
    ways: Sequence[Way]
    base: Place | None  # the host, if an option opens a base there


def region(sheet: Sheet) -> Drawn:
    """States in the colour of their role, with routes and the state where a base would be."""
    squeeze = cos(radians((sheet.window.south + sheet.window.north) / 2))
    layers = [_lands(sheet, squeeze)]
    if sheet.ways:
        layers.append(_ways(sheet.ways, squeeze))
    layers += _names(sheet.places, squeeze)
    if sheet.base is not None:
        layers.append(_base(sheet.base, squeeze))
    wide = (sheet.window.east - sheet.window.west) * squeeze
    tall = sheet.window.north - sheet.window.south
    flat = alt.layer(*layers).project(type="identity", reflectY=True)
    # The page makes it as high as its width asks for; elsewhere it is as for a wide page.
    flat = flat.properties(usermeta={"aspect": round(tall / wide, 3)})
    return finish(flat, round(900 * tall / wide))


def _lands(sheet: Sheet, squeeze: float) -> alt.Chart:
    features = [
        {"type": "Feature", "role": sheet.roles.get(land.code, OTHER),
         "geometry": {"type": "MultiPolygon",
                      "coordinates": [[_rounded(ring, squeeze)] for ring in land.rings]}}
        for land in sheet.lands
    ]  # fmt: skip
    there = [role for role in ROLES if any(f["role"] == role for f in features)]
    legend = alt.Legend(title=None, orient="top", columns=2, symbolOpacity=0.75, labelLimit=220)
    shades = alt.Scale(domain=there, range=[ROLES[role] for role in there])
    shape: alt.Chart = (
        alt.Chart(alt.InlineData(values=features))
        .mark_geoshape(stroke=GREY, strokeWidth=0.5)
        .encode(
            fill=alt.Fill("role:N", scale=shades, legend=legend),
            fillOpacity=alt.condition(f"datum.role == '{OTHER}'", alt.value(0.1), alt.value(0.45)),
        )
    )
    return shape


def _rounded(ring: Any, squeeze: float) -> list[list[float]]:
    return [[round(float(x) * squeeze, 3), round(float(y), 3)] for x, y in ring]


def _point(at: tuple[float, float], squeeze: float) -> dict[str, float]:
    return {"x": round(at[0] * squeeze, 3), "y": round(at[1], 3)}


def _names(places: Sequence[Place], squeeze: float) -> list[alt.Chart]:
    others = [place for place in places if place.role == OTHER]
    actors = [place for place in places if place.role != OTHER]
    return [_labels(part, part is actors, squeeze) for part in (others, actors) if part]


def _labels(places: Sequence[Place], actors: bool, squeeze: float) -> alt.Chart:
    rows = [{"name": p.name, "role": p.role, "note": p.says, "side": p.side,
             **_point(p.at, squeeze)} for p in places]  # fmt: skip
    labels: alt.Chart = (
        alt.Chart(pl.DataFrame(rows))
        .mark_text(
            fontSize=alt.expr(f"width > 600 ? {13 if actors else 10} : {9 if actors else 7}"),
            fontWeight="bold" if actors else "normal",
            align=alt.expr("datum.side < 0 ? 'right' : datum.side > 0 ? 'left' : 'center'"),
            dx=alt.expr("6 * datum.side"),
            color=INK if actors else GREY,
        )
        .encode(
            longitude="x:Q",
            latitude="y:Q",
            text="name:N",
            tooltip=[alt.Tooltip("name:N"), alt.Tooltip("role:N"), alt.Tooltip("note:N")],
        )
    )
    return labels


def _base(host: Place, squeeze: float) -> alt.Chart:
    """The state of a base, not its site: the mark stands below the state's name."""
    told = {"name": "a base would stand in this state", "side": host.side}
    data = pl.DataFrame([told | _point(host.at, squeeze)])
    mark: alt.Chart = (
        alt.Chart(data)
        .mark_text(
            text="▲",
            fontSize=alt.expr("width > 600 ? 14 : 9"),
            align=alt.expr("datum.side < 0 ? 'right' : datum.side > 0 ? 'left' : 'center'"),
            dx=alt.expr("6 * datum.side"),
            dy=alt.expr("width > 600 ? 15 : 9"),
            color=INK,
        )
        .encode(longitude="x:Q", latitude="y:Q", tooltip=alt.Tooltip("name:N"))
    )
    return mark


def _ways(ways: Sequence[Way], squeeze: float) -> alt.Chart:
    rows = [
        {"name": way.name, "state": way.state, "note": way.says, "step": i, **_point(at, squeeze)}
        for way in ways
        for i, at in enumerate(way.points)
    ]
    states = [s for s in ("open", "may be denied", "planned") if any(w.state == s for w in ways)]
    dashes = {"open": [1, 0], "may be denied": [6, 3], "planned": [2, 3]}
    legend = alt.Legend(title=None, orient="bottom", columns=3)
    line: alt.Chart = (
        alt.Chart(pl.DataFrame(rows))
        .mark_line(color=INK, strokeWidth=1.5)
        .encode(
            longitude="x:Q",
            latitude="y:Q",
            detail="name:N",
            order="step:Q",
            strokeDash=alt.StrokeDash(
                "state:N",
                scale=alt.Scale(domain=states, range=[dashes[s] for s in states]),
                legend=legend,
            ),
            tooltip=[alt.Tooltip("name:N"), alt.Tooltip("state:N"), alt.Tooltip("note:N")],
        )
    )
    return line
