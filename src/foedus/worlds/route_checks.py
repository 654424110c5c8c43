"""What a case says of its routes that cannot be: deniers who are not there, help with no way."""

from collections.abc import Iterator

from foedus.case.schema import Case, Path
from foedus.case.states import states
from foedus.errors import Problem, did_you_mean
from foedus.worlds.routes import asked

STEMS = ("route", "denial", "lift", "people")


def route_problems(case: Case) -> Iterator[Problem]:
    """Everything about routes that no world could be computed with."""
    yield from _deniers(case)
    yield from _crossed(case)
    if not all(case.knows(part) for part in ("routes", "theories")) or not asked(case):
        return
    if not case.names("routes"):
        what = "`closure` asks on which routes help would come, and the case names none"
        path = ("theories", "arrival")
        yield case.problem(path, what, "add `routes`, or leave `closure` out")
    elif len(case.routes) == len(case.names("routes")):
        yield from _ways(case)


def _deniers(case: Case) -> Iterator[Problem]:
    """Whoever denies is there, and whoever is there denies something."""
    if not case.knows("deniers"):
        return
    spoken: list[tuple[Path, tuple[str, ...]]] = [
        (("routes", r, "stages", s, "denied_by"), stage.denied_by)
        for r, route in case.routes.items()
        for s, stage in route.stages.items()
    ]
    spoken.append((("reception", "denied_by"), case.reception.denied_by))
    known = case.names("deniers")
    for path, names in spoken:
        for name in dict.fromkeys(names):
            if name not in known:
                hint = did_you_mean(name, known) if known else f"add {name} under `deniers`"
                yield case.problem(path, f"no denier '{name}'", hint)
            elif names.count(name) > 1:
                yield case.problem(path, f"'{name}' stands twice", "a denier is listed once")
    if case.knows("routes") and len(case.routes) == len(case.names("routes")):
        idle = set(case.deniers) - {name for _, names in spoken for name in names}
        for name in sorted(idle):
            what = f"'{name}' can deny nothing"
            yield case.problem(("deniers", name), what, "name it in `denied_by` of a stage")


def _crossed(case: Case) -> Iterator[Problem]:
    """The states that a route crosses are states, and others than those it joins."""
    ends = (case.alliance.helper, case.alliance.host) if case.knows("alliance") else ()
    known = states()
    for name, route in case.routes.items():
        through = route.through or ()
        for i, each in enumerate(through):
            path = ("routes", name, "through", i)
            if each in ends:
                hint = "name only the states between the two"
                yield case.problem(path, f"a route starts or ends in '{each}'", hint)
            elif each in through[:i]:
                yield case.problem(path, f"'{each}' stands twice", "a state is crossed once")
            elif each not in known:
                code = next((c for c, state in known.items() if state.name == each), "")
                hint = f"write {code}" if code else did_you_mean(each, known)
                yield case.problem(path, f"no state '{each}'", hint)


def _ways(case: Case) -> Iterator[Problem]:
    """Cargo has a way, and one way is there today."""
    carried = {route.carries for route in case.routes.values()}
    if "cargo" not in carried:
        what = "no route carries cargo, so no brigade could ever be complete"
        yield case.problem(("routes",), what, "leave `carries` out where cargo is carried")
    if all(route.planned for route in case.routes.values()):
        what = "every route is still to be opened: help has no way today"
        yield case.problem(("routes",), what, "leave `planned` out of those that are there")


def undecided(case: Case, name: str) -> bool:
    """Whether a number hangs on a part about routes that could not be read."""
    stem, *rest = name.split(".")
    if not all(case.knows(part) for part in ("routes", "deniers", "theories")):
        return True
    if "arrival" not in case.theories:
        return True
    section = {"route": "routes", "denial": "deniers"}.get(stem)
    if section is not None and rest and rest[0] in case.names(section):
        return rest[0] not in getattr(case, section)
    whole = len(case.routes) == len(case.names("routes"))
    return stem in ("lift", "people") and not whole
