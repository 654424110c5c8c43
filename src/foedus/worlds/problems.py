"""What a case says that no theory can use: unknown names, wrong units, numbers that are not legal.

Every check works on what is left of a file with problems as well (`foedus.case.read.Draft`): it
says nothing of a part that could not be read, nor of what hangs on that part alone.
"""

from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches

from foedus import mechanisms
from foedus.case.schema import Assumption, Case, Path
from foedus.errors import Problem, did_you_mean
from foedus.mechanisms import FACTS, QUESTIONS
from foedus.worlds import routes
from foedus.worlds.columns import Column, columns, numbers
from foedus.worlds.route_checks import STEMS, route_problems, undecided

BY_PAIR = ("memory.since", "memory.rivalry_end")  # both directions share one clock


def problems(case: Case) -> list[Problem]:
    """Everything in a case that no theory can use."""
    wanted = {column.name: column for column in columns(case)}
    return [
        *_names(case),
        *_threats(case),
        *_beside(case),
        *_theories(case),
        *route_problems(case),
        *_assumptions(case, wanted),
        *_pairs(case),
        *_options(case, wanted),
        *_waits(case),
        *_schedules(case),
        *_sources(case),
    ]


def warnings(case: Case) -> list[Problem]:
    """What is odd but can be run."""
    idle = []
    if case.routes and not routes.asked(case) and case.knows("theories"):
        what = "routes are given, and no world asks for them"
        idle = [case.problem(("routes",), what, "add `closure` to `theories: arrival`")]
    return idle + [
        case.problem(
            ("options", name),
            "sets nothing, so it equals the reference in every world",
            f"give it levers under `sets`, or make it the reference instead of {case.reference}",
        )
        for name, option in case.options.items()
        if not option.sets
        and not option.without
        and name != case.reference
        and case.knows("options", name, "sets")
        and case.knows("options", name, "without")
    ]


def _spoken(case: Case) -> Iterator[tuple[Path, str]]:
    """Where a state is spoken of, and by what name."""
    if case.knows("alliance"):
        yield ("alliance", "host"), case.alliance.host
        yield ("alliance", "helper"), case.alliance.helper
    for name, threat in case.threats.items():
        for role in ("challenger", "target", "helper"):
            if (actor := getattr(threat, role)) is not None:
                yield ("threats", name, role), actor
    for section in ("treaties", "beside"):
        for name, each in getattr(case, section).items():
            for i, actor in enumerate(each.between):
                yield (section, name, "between", i), actor


def _names(case: Case) -> Iterator[Problem]:
    """Actors and options that are spoken of must be there."""
    actors, options = case.names("actors"), case.names("options")
    for path, actor in _spoken(case):
        if case.knows("actors") and actor not in actors:
            yield case.problem(path, f"no actor '{actor}'", did_you_mean(actor, actors))
    if case.knows("reference") and case.knows("options") and case.reference not in options:
        hint = did_you_mean(case.reference, options)
        yield case.problem(("reference",), f"no option '{case.reference}'", hint)
    if case.knows("alliance") and case.alliance.host == case.alliance.helper:
        yield case.problem(("alliance",), "host and helper are the same state", "name two states")


def _threats(case: Case) -> Iterator[Problem]:
    """A threat is between different states, stands once, and one of them is to the alliance."""
    count = Counter((t.challenger, t.target) for t in case.threats.values())
    for name, threat in case.threats.items():
        path = ("threats", name)
        present = [x for x in (threat.challenger, threat.target, threat.helper) if x is not None]
        if len(present) != len(set(present)):
            what = "challenger, target and helper must be different states"
            yield case.problem(path, what, "leave `helper` out if nobody would help")
        if count[threat.challenger, threat.target] > 1:
            what = f"{threat.challenger} against {threat.target} stands twice"
            hint = "one threat a challenger and target; a second helper has no theory yet"
            yield case.problem(path, what, hint)
    if not _every_threat_is_known(case):
        return
    ally = (case.alliance.host, case.alliance.helper)
    if not any((t.target, t.helper) == ally for t in case.threats.values()):
        what = f"no threat to {ally[0]} in which {ally[1]} would help"
        hint = f"add one with `target: {ally[0]}, helper: {ally[1]}`: outcomes are about those"
        yield case.problem(("threats",), what, hint)


def _every_threat_is_known(case: Case) -> bool:
    partly = len(case.threats) < len(case.names("threats"))
    return not partly and case.knows("threats") and case.knows("alliance")


def _beside(case: Case) -> Iterator[Problem]:
    """A quarrel beside the host is between its helper and a state that also threatens the host."""
    if not (_every_threat_is_known(case) and case.knows("actors")):
        return
    helper, host = case.alliance.helper, case.alliance.host
    neighbours = {t.challenger for t in case.threats.values() if t.target == host}
    seen: list[set[str]] = []
    for name, each in case.beside.items():
        path, pair = ("beside", name, "between"), set(each.between)
        others = pair - {helper}
        if not pair <= {*case.names("actors")}:
            continue  # told already
        if helper not in pair or len(others) != 1 or not others <= neighbours:
            what = (
                f"a quarrel beside the host is between {helper} and a state that threatens {host}"
            )
            hint = f"such as [{min(neighbours, default='A')}, {helper}]"
            yield case.problem(path, what, hint)
        if pair in seen:
            yield case.problem(path, f"{' and '.join(each.between)} stand twice", "keep one")
        seen.append(pair)


def _theories(case: Case) -> Iterator[Problem]:
    if not case.knows("theories"):
        return
    given = case.names("theories")
    for question in given:
        if question not in QUESTIONS:
            hint = did_you_mean(question, QUESTIONS)
            yield case.problem(("theories", question), "not a question foedus asks", hint)
    for question, asked in QUESTIONS.items():
        missing = not asked.otherwise and question not in given
        if missing and not _meant(question, set(given) - set(QUESTIONS)):
            what = f"no theory chosen for '{question}': {asked.asks}"
            yield case.problem(("theories",), what, f"known: {', '.join(asked.theories)}")
        for i, name in enumerate(case.theories.get(question, ())):
            if not mechanisms.known(question, name):
                weighed = case.written("theories", question, name)
                path: Path = ("theories", question, name if weighed else i)
                hint = did_you_mean(name, asked.theories)
                yield case.problem(path, f"unknown theory '{name}'", hint)


def _meant(wanted: str, others: set[str]) -> bool:
    """Whether one of the unknown names is this one, misspelt: then it is not missing as well."""
    return bool(get_close_matches(wanted, others, n=1))


def _assumptions(case: Case, every: dict[str, Column]) -> Iterator[Problem]:
    if not case.knows("assumptions"):
        return
    wanted = {name: c for name, c in every.items() if not name.startswith("theory.")}
    given = case.names("assumptions")
    strange = {name for name in given if name not in wanted and not _undecided(case, name)}
    possible = {*wanted, *(f"{s}.{t}" for s, by, _ in numbers(case) if by for t in case.threats)}
    for name in given:
        path = ("assumptions", name)
        if name in strange:
            yield case.problem(path, "nothing in this case needs it", _why(case, name, possible))
        elif name in wanted and name in case.assumptions:
            yield from _value(case, path, wanted[name], case.assumptions[name])
    for name, column in wanted.items():
        if name not in given and not _meant(name, strange):
            hint = f"{column.means} [{column.unit}], legal {_span(column.legal)}"
            yield case.problem(("assumptions",), f"missing: {name}", hint)


def _undecided(case: Case, name: str) -> bool:
    """Whether it hangs on a part of the file that could not be read if a number is needed."""
    stem = name.split(".")[0]
    if stem == "forces":
        return not case.knows("actors")
    if stem == "beside":
        return not case.knows("beside")
    if stem in STEMS:
        return undecided(case, name)
    if stem in QUESTIONS:
        chosen = mechanisms.chosen(case.theories, stem)
        return not chosen or not all(mechanisms.known(stem, each) for each in chosen)
    return stem in FACTS and FACTS[stem].by_threat and not case.knows("threats")


def _why(case: Case, name: str, possible: set[str]) -> str:
    """Why a number is not needed, and what to do about it."""
    question, _, rest = name.partition(".")
    theory = rest.split(".")[0]
    if question in QUESTIONS and theory not in case.theories.get(question, ()):
        if mechanisms.known(question, theory):
            return f"add {theory} to `theories: {question}`, or remove this line"
        return did_you_mean(name, possible)
    if question in STEMS and not routes.asked(case):
        return "add closure to `theories: arrival`, or remove this line"
    if question == "forces" and rest not in case.actors:
        return did_you_mean(name, [each for each in possible if each.startswith("forces.")])
    return did_you_mean(name, possible)


def _value(case: Case, path: Path, column: Column, given: Assumption) -> Iterator[Problem]:
    """A unit and values that the mechanism can use."""
    if given.unit != column.unit:
        what = f"unit '{given.unit}' where '{column.unit}' is needed"
        hint = f'write `unit: "{column.unit}"`, and the numbers in it: {column.means}'
        yield case.problem((*path, "unit"), what, hint)
        return  # in another unit the numbers mean something else
    for value in given.values():
        if isinstance(value, str):
            if value not in column.words:
                hint = did_you_mean(value, column.words) if column.words else "a number is needed"
                yield case.problem(path, f"'{value}' is not a value it can take", hint)
        elif column.words:
            hint = f"one of: {', '.join(column.words)}"
            yield case.problem(path, f"{value:g} is not a value it can take", hint)
        elif not column.legal[0] <= value <= column.legal[1]:
            hint = f"{column.means}: legal {_span(column.legal)}"
            yield case.problem(path, f"{value:g} is outside its legal range", hint)


def _span(legal: tuple[float, float]) -> str:
    return f"{legal[0]:g} to {legal[1]:g}"


def _pairs(case: Case) -> Iterator[Problem]:
    """What two states share must be the same in both directions: they have one history."""
    for name, threat in case.threats.items():
        for other, back in case.threats.items():
            if (back.challenger, back.target) != (threat.target, threat.challenger):
                continue
            if other > name:
                continue  # tell it once
            pair = f"{threat.challenger} and {threat.target}"
            if threat.rivals != back.rivals:
                what = f"{pair} are rivals in '{name}' and not in '{other}'"
                hint = "say the same of both directions"
                yield case.problem(("threats", name, "rivals"), what, hint)
            for stem in BY_PAIR:
                yield from _shared(case, stem, (name, other), pair)


def _shared(case: Case, stem: str, threats: tuple[str, str], pair: str) -> Iterator[Problem]:
    given = case.names("assumptions")
    used = [own if (own := f"{stem}.{threat}") in given else stem for threat in threats]
    both = [case.assumptions.get(name) for name in used]
    if used[0] == used[1] or None in both:
        return
    exact = {each.exactly for each in both if each is not None}
    if None in exact or len(exact) > 1:
        what = f"{pair} have one history, but '{used[0]}' and '{used[1]}' may differ"
        hint = f"give both directions one `{stem}`, or the same `exactly` in each"
        own = next(name for name in used if name != stem)
        yield case.problem(("assumptions", own), what, hint)


def _options(case: Case, known: dict[str, Column]) -> Iterator[Problem]:
    levers = [name for name, column in known.items() if column.lever]
    for option, each in case.options.items():
        for name, given in each.sets.items():
            path = ("options", option, "sets", name)
            if name in levers:
                yield from _value(case, path, known[name], given)
            elif name in known:
                what = "an assumption, not a lever: an option cannot set it"
                yield case.problem(path, what, f"levers: {', '.join(levers)}")
            elif not _undecided(case, name):
                yield case.problem(path, "no such lever", did_you_mean(name, levers))


# What a run holds from the first year to the last, however late an option begins.
FROM_THE_START = ("timing", "arrival", "route", "people", "lift", "denial", "reception")


def _holds_throughout(lever: str) -> bool:
    return lever.split(".")[0] in FROM_THE_START


def _waits(case: Case) -> Iterator[Problem]:
    """A trigger watches a threat of the case, and sets what can change on the way."""
    for name, option in case.options.items():
        if option.when is None:
            continue
        path = ("options", name, "when")
        when = option.when
        for part in ("tension", "dispute"):
            threat = getattr(when, part)
            if threat and case.knows("threats") and threat not in case.names("threats"):
                hint = did_you_mean(threat, case.names("threats"))
                yield case.problem((*path, part), f"no threat '{threat}'", hint)
        if when.year and case.knows("years") and not case.years[0] <= when.year <= case.years[1]:
            what = f"{when.year} is no year of the case ({case.years[0]} to {case.years[1]})"
            yield case.problem((*path, "year"), what, "an option may begin in one of its years")
        if name == case.reference:
            what = "the reference waits for nothing: other options are measured by it"
            yield case.problem(path, what, "remove `when`, or make another option the reference")
        if option.without:
            what = "an option that waits cannot switch channels off"
            yield case.problem(("options", name, "without"), what, "remove `when` or `without`")
        for lever in option.sets:
            if _holds_throughout(lever):
                what = "holds from the first year, so an option that waits cannot set it"
                yield case.problem(("options", name, "sets", lever), what, "remove it, or `when`")


def _schedules(case: Case) -> Iterator[Problem]:
    """A schedule belongs to an option that begins in the first year, and steps in its years."""
    hint = "give it one value or a range; an option under `sets` may have a schedule"
    for name, given in case.assumptions.items():
        if given.yearly is not None:
            what = "an assumption cannot step from year to year: only a lever of an option can"
            yield case.problem(("assumptions", name, "yearly"), what, hint)
    for option, each in case.options.items():
        for lever, given in each.sets.items():
            if given.yearly is not None:
                path = ("options", option, "sets", lever, "yearly")
                yield from _schedule(case, path, list(given.yearly))
                if each.when is not None:
                    what = "an option with a schedule cannot wait as well"
                    yield case.problem(("options", option, "when"), what, "remove one of the two")
                if option == case.reference:
                    what = "the reference has no schedule: other options are measured by it"
                    yield case.problem(path, what, "make another option the reference")


def _schedule(case: Case, path: Path, years: list[int]) -> Iterator[Problem]:
    if _holds_throughout(str(path[3])):
        what = "holds from the first year to the last, so it cannot step"
        yield case.problem(path, what, "give it one value or a range")
    for year in years:
        if case.knows("years") and not case.years[0] <= year <= case.years[1]:
            what = f"{year} is no year of the case ({case.years[0]} to {case.years[1]})"
            yield case.problem((*path, str(year)), what, "a lever may step in one of its years")


def _sources(case: Case) -> Iterator[Problem]:
    """Every key that is cited must be listed."""
    if not case.knows("sources"):
        return
    cited: list[tuple[Path, tuple[str, ...]]] = [
        (("assumptions", n), a.source) for n, a in case.assumptions.items()
    ]
    for o, option in case.options.items():
        cited += [(("options", o, "sets", n), a.source) for n, a in option.sets.items()]
    cited += [(("treaties", n), t.source) for n, t in case.treaties.items()]
    cited += [(("screens", n), s.source) for n, s in case.screens.items()]
    for n, claim in case.claims.items():
        if claim.record is not None:
            cited.append((("claims", n, "record"), claim.record.source))
    listed = case.names("sources")
    for path, keys in cited:
        for key in keys:
            if key not in listed:
                what = f"no source '{key}' is listed under `sources`"
                yield case.problem((*path, "source"), what, did_you_mean(key, listed))
