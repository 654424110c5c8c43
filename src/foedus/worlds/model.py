"""Case -> Model: everything that is fixed before a number is drawn."""

from collections.abc import Iterator
from dataclasses import dataclass

from foedus import mechanisms
from foedus.case.schema import Assumption, Case
from foedus.errors import CaseError, Problem, did_you_mean
from foedus.mechanisms import FACTS, QUESTIONS
from foedus.mechanisms.presence import CHANNELS


@dataclass(frozen=True)
class Threat:
    """Who against whom, as positions in `Model.actors`."""

    name: str
    challenger: int
    target: int
    helper: int  # -1: nobody would help
    guarded: bool  # the host is the target and the alliance's helper may come
    started: bool  # the host is the challenger
    rivals: bool


@dataclass(frozen=True)
class Column:
    """One number of a world: its name in the case file, and what it must be."""

    name: str  # "contest.decisiveness", "rates.challenge.ARM-AZE", "forces.AZE", "theory.pact"
    unit: str
    legal: tuple[float, float]
    means: str
    lever: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Model:
    """The shape of a case: names, years and theories. Static and hashable; no numbers.

    Two cases with the same Model share one compiled program.
    """

    actors: tuple[str, ...]
    threats: tuple[Threat, ...]
    years: int
    theories: tuple[tuple[str, tuple[str, ...]], ...]  # (question, names), as in QUESTIONS
    columns: tuple[Column, ...]
    options: tuple[str, ...]
    reference: int

    @property
    def pairs(self) -> tuple[tuple[int, ...], ...]:
        """Threats that share a clock: those between the same two states, in order."""
        found: dict[frozenset[int], list[int]] = {}
        for i, threat in enumerate(self.threats):
            found.setdefault(frozenset((threat.challenger, threat.target)), []).append(i)
        return tuple(map(tuple, found.values()))

    def at(self, name: str) -> int:
        """The position of a column."""
        return [column.name for column in self.columns].index(name)


def bind(case: Case) -> Model:
    """Resolve a case's names.

    Raises:
        CaseError: with every problem, if a name is unknown, a number is missing, has a wrong
            unit or is not legal, or a claim or option speaks of what is not there.
    """
    problems = [
        *_names(case),
        *_theories(case),
        *_assumptions(case),
        *_options(case),
        *_sources(case),
    ]
    if problems:
        raise CaseError(problems)
    return Model(
        actors=tuple(case.actors),
        threats=tuple(_threats(case)),
        years=case.horizon,
        theories=tuple((q, case.theories[q]) for q in QUESTIONS),
        columns=tuple(columns(case)),
        options=tuple(case.options),
        reference=list(case.options).index(case.reference),
    )


def columns(case: Case) -> Iterator[Column]:
    """The numbers a case must give, in the order in which a world holds them.

    A number that may differ from threat to threat stands once for all, or once for each
    threat that the case names.
    """
    for question in QUESTIONS:
        chosen = case.theories[question]
        if len(chosen) > 1:
            name = f"theory.{question}"
            asks = QUESTIONS[question].asks
            yield Column(name, "theory", (0, len(chosen) - 1), asks, words=chosen)
    for actor in case.actors:
        yield Column(f"forces.{actor}", "brigades", (0, 10_000), f"forces of {actor}")
    for stem, by_threat, number in numbers(case):
        names = [n for t in case.threats if (n := f"{stem}.{t}") in case.assumptions]
        shared = stem in case.assumptions or not by_threat or len(names) < len(case.threats)
        for name in [stem] * shared + names * by_threat:
            yield Column(name, **number)


def numbers(case: Case) -> Iterator[tuple[str, bool, dict[str, object]]]:
    """Every number that the case's facts and theories need: stem, by threat?, what it is."""
    seen: set[str] = set()
    for name, fact in FACTS.items():
        for field, number in mechanisms.needs(fact.params).items():
            yield f"{name}.{field}", fact.by_threat, number
    for name, question in QUESTIONS.items():
        for chosen in case.theories[name]:
            found = mechanisms.params_of(mechanisms.theory(name, chosen))
            for field, number in mechanisms.needs(found).items():
                stem = f"{name}.{chosen}.{field}"
                if stem not in seen:
                    seen.add(stem)
                    yield stem, question.by_threat, number


def _threats(case: Case) -> Iterator[Threat]:
    place = {actor: i for i, actor in enumerate(case.actors)}
    for name, t in case.threats.items():
        yield Threat(
            name,
            place[t.challenger],
            place[t.target],
            -1 if t.helper is None else place[t.helper],
            guarded=(t.target, t.helper) == (case.alliance.host, case.alliance.helper),
            started=t.challenger == case.alliance.host,
            rivals=t.rivals,
        )


def _names(case: Case) -> Iterator[Problem]:
    """Actors and options that are spoken of must be there."""
    spoken = [(("alliance", k), v) for k, v in case.alliance.model_dump().items()]
    for name, threat in case.threats.items():
        trio = {k: getattr(threat, k) for k in ("challenger", "target", "helper")}
        spoken += [(("threats", name, k), v) for k, v in trio.items() if v is not None]
        if len(present := [v for v in trio.values() if v is not None]) != len(set(present)):
            yield case.problem(
                ("threats", name), "challenger, target and helper must be different states"
            )
    spoken += [
        (("treaties", name, "between", i), actor)
        for name, treaty in case.treaties.items()
        for i, actor in enumerate(treaty.between)
    ]
    for path, actor in spoken:
        if actor not in case.actors:
            yield case.problem(path, f"no actor '{actor}'", did_you_mean(actor, case.actors))
    if case.reference not in case.options:
        hint = did_you_mean(case.reference, case.options)
        yield case.problem(("reference",), f"no option '{case.reference}'", hint)
    pairs = [(t.challenger, t.target) for t in case.threats.values()]
    for name, threat in case.threats.items():
        if pairs.count((threat.challenger, threat.target)) > 1:
            yield case.problem(
                ("threats", name),
                f"{threat.challenger} against {threat.target} stands twice",
                "one threat a challenger and target; a second helper has no mechanism yet",
            )


def _theories(case: Case) -> Iterator[Problem]:
    for question in case.theories:
        if question not in QUESTIONS:
            hint = did_you_mean(question, QUESTIONS)
            yield case.problem(("theories", question), "not a question foedus asks", hint)
    for question, asked in QUESTIONS.items():
        if question not in case.theories:
            yield case.problem(
                ("theories",),
                f"no theory chosen for '{question}': {asked.asks}",
                f"known: {', '.join(asked.theories)}",
            )
            continue
        for i, name in enumerate(case.theories[question]):
            if not mechanisms.known(question, name):
                hint = did_you_mean(name, asked.theories)
                yield case.problem(("theories", question, i), f"unknown theory '{name}'", hint)
        if len(set(case.theories[question])) < len(case.theories[question]):
            yield case.problem(("theories", question), "a theory stands twice")


def _chosen(case: Case) -> bool:
    return not any(_theories(case))


def _assumptions(case: Case) -> Iterator[Problem]:
    if not _chosen(case):
        return  # which numbers are needed hangs on the theories
    wanted = {column.name: column for column in columns(case)}
    wanted = {n: c for n, c in wanted.items() if not n.startswith("theory.")}
    for name in wanted:
        if name not in case.assumptions:
            column = wanted[name]
            yield case.problem(
                ("assumptions",),
                f"missing: {name}",
                f"{column.means} [{column.unit}], legal {_span(column.legal)}",
            )
    for name, given in case.assumptions.items():
        path = ("assumptions", name)
        if name in wanted:
            yield from _value(case, path, wanted[name], given)
        else:
            yield case.problem(path, "nothing in this case needs it", did_you_mean(name, wanted))


def _value(
    case: Case, path: tuple[str, ...], column: Column, given: Assumption
) -> Iterator[Problem]:
    """A unit and values that the mechanism can use."""
    if given.unit != column.unit:
        yield case.problem(
            (*path, "unit"), f"unit '{given.unit}' where '{column.unit}' is needed", column.means
        )
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


def _options(case: Case) -> Iterator[Problem]:
    if not _chosen(case):
        return
    known = {column.name: column for column in columns(case)}
    levers = [name for name, column in known.items() if column.lever]
    for option, each in case.options.items():
        for name, given in each.sets.items():
            path = ("options", option, "sets", name)
            if name in levers:
                yield from _value(case, path, known[name], given)
            elif name in known:
                what = "an assumption, not a lever: an option cannot set it"
                yield case.problem(path, what, f"levers: {', '.join(levers)}")
            else:
                yield case.problem(path, "no such lever", did_you_mean(name, levers))


def _sources(case: Case) -> Iterator[Problem]:
    """Every key that is cited must be listed."""
    cited = [(("assumptions", n), a.source) for n, a in case.assumptions.items()]
    for o, option in case.options.items():
        cited += [(("options", o, "sets", n), a.source) for n, a in option.sets.items()]
    cited += [(("treaties", n), t.source) for n, t in case.treaties.items()]
    cited += [
        (("claims", n, "record"), c.record.source)
        for n, c in case.claims.items()
        if c.record is not None
    ]
    for path, keys in cited:
        for key in keys:
            if key not in case.sources:
                hint = did_you_mean(key, case.sources)
                yield case.problem((*path, "source"), f"no source '{key}' is listed", hint)


def warnings(case: Case) -> list[Problem]:
    """What is odd but can be run."""
    found = [
        case.problem(
            ("options", name),
            "sets nothing, so it equals the reference in every world",
            f"give it levers under `sets`, or make it the reference instead of {case.reference}",
        )
        for name, option in case.options.items()
        if not option.sets and not option.without and name != case.reference
    ]
    return found


__all__ = ["CHANNELS", "Column", "Model", "Threat", "bind", "columns", "numbers", "warnings"]
