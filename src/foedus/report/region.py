"""Case -> the map of its region, and in words what it shows."""

from dataclasses import dataclass

import numpy as np

from foedus.case.route import Route
from foedus.case.schema import Case
from foedus.case.states import states
from foedus.report import maps, shapes, words
from foedus.report.figures import Figure, Figures
from foedus.report.maps import OTHER, Place, Sheet, Way
from foedus.report.shapes import Land, Window

APART = 0.03  # of the map's height: ways through the same states are drawn side by side
NAMED = 0.012  # of the map's area: a smaller neighbour is drawn without its name


@dataclass(frozen=True)
class Region:
    """The states of a case: drawn, where their shapes are known, and told."""

    figure: Figure | None
    missing: str  # why there is no map
    source: str
    states: tuple[tuple[str, str, str], ...]  # name, role, what the case says of it
    routes: tuple[tuple[str, str, str], ...]  # name, what is known of it, what the case says


def region(figures: Figures, case: Case) -> Region:
    """Who is where, and in which role.

    Actors are drawn if they are named by their ISO 3166 alpha-3 code, as AZE.
    """
    parts = roles(case)
    told = tuple((a.name, parts[code], a.says) for code, a in case.actors.items())
    routes = tuple((name, _told(case, route), route.says) for name, route in case.routes.items())
    home = [case.alliance.host, case.alliance.helper]
    strange = [code for code in home if not shapes.known(code)]
    if strange:
        why = f"there is no shape for {' and '.join(strange)}: it is no ISO 3166 code of a state"
        return Region(None, why, shapes.source(), told, routes)
    window = shapes.around(home)
    lands = shapes.lands(window)
    based = any("base.troops" in option.sets for option in case.options.values())
    ways = _ways(case, window)
    places = _places(case, parts, lands, window)
    if ways:
        places = _aside(places)
    host = next(p for p in places if p.role == "host")
    sheet = Sheet(window, lands, parts, places, ways, host if based else None)
    says = _says(case, parts, lands, based) + _say_ways(ways)
    figure = figures.add("region", "The region", says, maps.region(sheet))
    return Region(figure, "", shapes.source(), told, routes)


def roles(case: Case) -> dict[str, str]:
    """What each actor is in this case, one word each: the first that fits."""
    host, helper = case.alliance.host, case.alliance.helper
    against = {t.challenger for t in case.threats.values() if t.target == host}
    return {
        code: "host" if code == host
        else "helper" if code == helper
        else "might challenge the host" if code in against
        else "takes part otherwise"
        for code in case.actors
    }  # fmt: skip


def _places(case: Case, parts: dict[str, str], lands: list[Land], window: Window) -> list[Place]:
    whole = (window.east - window.west) * (window.north - window.south)
    found = []
    for land in lands:
        main = max(land.rings, key=shapes.area)
        actor = case.actors.get(land.code)
        if actor is not None:
            found.append(Place(actor.name, parts[land.code], actor.says, shapes.centre(main)))
        elif shapes.area(main) > NAMED * whole:
            found.append(Place(land.name, OTHER, "", shapes.centre(main)))
    return found


def _aside(places: list[Place]) -> list[Place]:
    """The names of host and helper on the sides away from each other: ways run between them."""
    east = {p.role: p.at[0] for p in places}
    east_of = 1 if east["host"] > east["helper"] else -1
    side = {"host": east_of, "helper": -east_of}
    return [p._replace(side=side.get(p.role, 0)) for p in places]


def _state(route: Route) -> str:
    if route.planned:
        return "planned"
    denied = any(stage.denied_by for stage in route.stages.values())
    return "may be denied" if denied else "open"


def _told(case: Case, route: Route) -> str:
    """By what, whether it is there, and who may close it."""
    deniers = dict.fromkeys(n for stage in route.stages.values() for n in stage.denied_by)
    there = "still to be opened" if route.planned else "open today"
    names = [_capital(name) for name in deniers]
    denied = f", may be closed by {_and(names)}" if names else ""
    return f"{route.mode}, {there}{denied}"


def _capital(name: str) -> str:
    """The name of whoever denies; a state's is written as a state's."""
    known = {state.name.casefold(): state.name for state in states().values()}
    return known.get(words.label(name).casefold(), words.label(name))


def _ways(case: Case, window: Window) -> tuple[Way, ...]:
    """The routes whose states the case names, those through the same states side by side."""
    placed = {
        name: route
        for name, route in case.routes.items()
        if route.through is not None and all(map(shapes.known, route.through))
    }
    alike: dict[tuple[str, ...], list[str]] = {}
    for name, route in placed.items():
        alike.setdefault(route.through or (), []).append(name)
    found = []
    for name, route in placed.items():
        beside = alike[route.through or ()]
        step = beside.index(name) - (len(beside) - 1) / 2
        points = _line(case, route.through or (), step * APART * (window.north - window.south))
        found.append(Way(words.label(name), _state(route), route.says, points))
    return tuple(found)


def _line(case: Case, through: tuple[str, ...], north: float) -> tuple[tuple[float, float], ...]:
    """From the middle of the helper by the middles of the states between to the host.

    A way that crosses no other state ends in the part of the host that lies nearest.
    """
    home = _middle(case.alliance.helper)
    ends = shapes.rings(case.alliance.host)
    if through:
        last = _middle(case.alliance.host)
    else:
        last = shapes.centre(min(ends, key=lambda ring: _away(ring, home)))
    return tuple((x, y + north) for x, y in (home, *map(_middle, through), last))


def _middle(code: str) -> tuple[float, float]:
    return shapes.centre(max(shapes.rings(code), key=shapes.area))


def _away(ring: shapes.Ring, point: tuple[float, float]) -> float:
    return float(np.hypot(*(ring - point).T).min())


def _say_ways(ways: tuple[Way, ...]) -> str:
    """How many ways there are, and how far they can be counted on."""
    if not ways:
        return ""
    sure = [way.name for way in ways if way.state == "open"]
    shut = [way.name for way in ways if way.state == "may be denied"]
    new = [way.name for way in ways if way.state == "planned"]
    parts = [f"nobody in this case can close {_and(sure)}"] * bool(sure)
    parts += [f"{_and(shut)} may be denied"] * bool(shut)
    parts += [f"{_and(new)} {'is' if len(new) == 1 else 'are'} still to be opened"] * bool(new)
    return (
        f" Of the ways by which help would come, {'; '.join(parts)}. A line joins the middles of "
        "states: it shows which states a way crosses, not where it runs."
    )


def _says(case: Case, parts: dict[str, str], lands: list[Land], based: bool) -> str:
    names = {code: actor.name for code, actor in case.actors.items()}
    against = [names[code] for code, role in parts.items() if role.startswith("might")]
    host, helper = names[case.alliance.host], names[case.alliance.helper]
    said = f"{host} is the host and {helper} the helper; {_and(against)} might challenge {host}."
    if based:
        said += " The triangle marks the state in which a base would stand, and no place within it."
    away = [names[code] for code in case.actors if code not in {land.code for land in lands}]
    return said + (f" Outside the map: {_and(away)}." if away else "")


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
