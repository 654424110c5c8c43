"""Case -> the map of its region, and in words what it shows."""

from dataclasses import dataclass

from foedus.case.schema import Case
from foedus.report import maps, shapes
from foedus.report.figures import Figure, Figures
from foedus.report.maps import OTHER, Place, Sheet
from foedus.report.shapes import Land, Window

NAMED = 0.012  # of the map's area: a smaller neighbour is drawn without its name


@dataclass(frozen=True)
class Region:
    """The states of a case: drawn, where their shapes are known, and told."""

    figure: Figure | None
    missing: str  # why there is no map
    source: str
    states: tuple[tuple[str, str, str], ...]  # name, role, what the case says of it


def region(figures: Figures, case: Case) -> Region:
    """Who is where, and in which role.

    Actors are drawn if they are named by their ISO 3166 alpha-3 code, as AZE.
    """
    parts = roles(case)
    told = tuple((a.name, parts[code], a.says) for code, a in case.actors.items())
    home = [case.alliance.host, case.alliance.helper]
    strange = [code for code in home if not shapes.known(code)]
    if strange:
        why = f"there is no shape for {' and '.join(strange)}: it is no ISO 3166 code of a state"
        return Region(None, why, shapes.source(), told)
    window = shapes.around(home)
    lands = shapes.lands(window)
    based = any("base.troops" in option.sets for option in case.options.values())
    places = _places(case, parts, lands, window)
    host = next(p.at for p in places if p.role == "host")
    sheet = Sheet(window, lands, parts, places, (), host if based else None)
    figure = figures.add("region", "The region", _says(case, parts, lands, based),
                         maps.region(sheet))  # fmt: skip
    return Region(figure, "", shapes.source(), told)


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
