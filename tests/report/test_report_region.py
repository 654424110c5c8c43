"""The map: shapes that are what they say, and roles that the case gives."""

import json
from math import cos, radians

import numpy as np
import pytest
from small_report import CASE, STATES

from foedus.case.read import read_text
from foedus.report import shapes
from foedus.report.figures import Figures
from foedus.report.region import region, roles
from foedus.report.shapes import Window

DEGREE = 111.195  # km, on a sphere of radius 6,371 km

# Land and inland water, square km: United Nations Demographic Yearbook, table 3.
AREAS = {"AZE": 86_600, "TUR": 783_562, "ARM": 29_743, "POL": 312_679, "ISL": 103_000}


def surface(ring: np.ndarray) -> float:
    """Of a ring on the sphere, by Green's theorem: the integral of longitude over sin(latitude)."""
    x, y = np.radians(ring[:, 0]), np.sin(np.radians(ring[:, 1]))
    return abs(float(np.sum((x[1:] + x[:-1]) / 2 * np.diff(y)))) * 6371.0**2


@pytest.mark.parametrize(("code", "published"), AREAS.items())
def test_a_country_is_as_large_as_is_published(code: str, published: float) -> None:
    found = sum(map(surface, shapes.rings(code)))
    assert found == pytest.approx(published, rel=0.03)


def test_a_ring_is_closed_and_its_centre_lies_in_it() -> None:
    for code in ("AZE", "TUR", "RUS", "CHL", "HRV"):
        main = max(shapes.rings(code), key=shapes.area)
        assert np.allclose(main[0], main[-1])
        x, y = shapes.centre(main)
        right = shapes._crossings(main, y) > x
        assert right.sum() % 2 == 1, (
            code
        )  # a ray from a point inside leaves once more than it enters


def test_what_is_cut_lies_in_the_window_and_what_was_inside_stays() -> None:
    square = np.array([[0.0, 0], [4, 0], [4, 4], [0, 4], [0, 0]])
    cut = shapes.clipped(square, Window(1, -1, 9, 3))
    assert shapes.area(cut) == pytest.approx(3 * 3)
    assert (cut.min(axis=0) >= [1, 0]).all()
    assert (cut.max(axis=0) <= [4, 3]).all()
    assert shapes.area(shapes.clipped(square, Window(-1, -1, 9, 9))) == 16
    assert len(shapes.clipped(square, Window(5, 5, 9, 9))) == 0


def test_russia_ends_in_the_east_and_does_not_go_around_the_world() -> None:
    [russia] = [each for each in shapes.lands(Window(-130, 10, 60, 75)) if each.code == "RUS"]
    assert min(ring[:, 0].min() for ring in russia.rings) > 15  # not over Canada


def test_the_window_holds_the_main_part_of_the_host_and_of_the_helper() -> None:
    window = shapes.around(["AZE", "TUR"])
    found = {land.code for land in shapes.lands(window)}
    assert {"AZE", "TUR", "ARM", "GEO", "IRN", "RUS"} <= found
    assert "FRA" not in found
    assert window.west < 26
    assert window.east > 50


def test_the_map_shows_every_role_and_marks_the_state_of_a_base_once() -> None:
    figures, case = Figures(), read_text(STATES, "states.yaml")
    found = region(figures, case)
    assert roles(case) == {"AZE": "host", "TUR": "helper", "IRN": "might challenge the host"}
    assert found.figure is not None
    assert "a base would stand" in found.figure.says
    drawn = json.dumps(figures.specs["region"])
    assert drawn.count('"text": "\\u25b2"') == 1
    drawn_rows = figures.specs["region"]["datasets"].values()
    names = {row.get("name") for rows in drawn_rows for row in rows}
    assert {"Alphaland", "Betaland", "Gammaland"} <= names  # the case's own names, not the source's


def test_no_base_no_mark() -> None:
    text = STATES.replace("sets: {base.troops: {between: [500, 3000], unit: persons, source: "
                          "[judgement]}}", "sets: {}")  # fmt: skip
    figures = Figures()
    found = region(figures, read_text(text, "states.yaml"))
    assert found.figure is not None
    assert "base" not in found.figure.says
    assert "\\u25b2" not in json.dumps(figures.specs)


def test_an_actor_that_is_no_state_of_the_shapes_is_told_and_not_drawn() -> None:
    figures = Figures()
    found = region(figures, read_text(CASE, "small.yaml"))
    assert found.figure is None
    assert "AAA and BBB" in found.missing
    assert figures.specs == {}
    assert [name for name, *_ in found.states] == ["Alphaland", "Betaland", "Gammaland"]


def test_the_scale_of_the_map_keeps_shapes_true_at_its_middle() -> None:
    """One degree east and one north are drawn as far as they are at the middle latitude."""
    figures = Figures()
    region(figures, read_text(STATES, "states.yaml"))
    window = shapes.around(["AZE", "TUR"])
    middle = cos(radians((window.south + window.north) / 2))
    aspect = (
        (window.north - window.south) * DEGREE / ((window.east - window.west) * DEGREE * middle)
    )
    assert figures.specs["region"]["usermeta"]["aspect"] == pytest.approx(aspect, abs=1e-3)


ROUTES = """
deniers: {georgia: {says: Lets help through or does not.}}
routes:
  over: {says: Over a neighbour., mode: air, through: GEO, stages: {gate: {denied_by: georgia}}}
  rail: {says: The same way., mode: rail, through: GEO, stages: {line: {}}}
  straight: {says: Across the border., mode: road, through: [], stages: {bridge: {}}}
  later: {says: Still to come., mode: road, planned: true, through: ARM, stages: {road: {}}}
  unsaid: {says: No one says where., mode: sea, stages: {port: {}}}
"""


def test_a_way_crosses_the_states_that_the_case_names_and_no_other() -> None:
    figures, case = Figures(), read_text(STATES + ROUTES, "states.yaml")
    found = region(figures, case)
    rows = [row for rows in figures.specs["region"]["datasets"].values() for row in rows]
    steps = [row for row in rows if "step" in row]
    window = shapes.around(["AZE", "TUR"])
    squeeze = cos(radians((window.south + window.north) / 2))
    crossed: dict[str, list[str]] = {}
    for row in steps:
        at = (row["x"] / squeeze, row["y"])
        crossed.setdefault(row["name"], []).append(_state_at(*at))
    assert crossed == {
        "over": ["TUR", "GEO", "AZE"],
        "rail": ["TUR", "GEO", "AZE"],
        "straight": ["TUR", "AZE"],
        "later": ["TUR", "ARM", "AZE"],
    }
    assert {row["name"]: row["state"] for row in steps} == {
        "over": "may be denied", "rail": "open", "straight": "open", "later": "planned",
    }  # fmt: skip
    ends = {row["name"]: (row["x"], row["y"]) for row in steps}
    assert ends["over"] != ends["rail"]  # side by side, so that both are seen
    assert found.figure is not None
    assert (
        "nobody in this case can close rail and straight; over may be denied; later is still"
        in (found.figure.says)
    )
    assert (
        "over",
        "air, open today, may be closed by Georgia",
        "Over a neighbour.",
    ) in found.routes
    assert len(found.routes) == 5


def _state_at(x: float, y: float) -> str:
    """The state that holds a point: a ray from a point inside leaves once more than it enters."""
    return next(
        code
        for code in ("TUR", "GEO", "ARM", "AZE", "IRN")
        if any((shapes._crossings(r, y) > x).sum() % 2 for r in shapes.rings(code))
    )
