"""Case -> Model: everything that is fixed before a number is drawn."""

from collections.abc import Iterator
from dataclasses import dataclass

from foedus import mechanisms
from foedus.case.schema import Case
from foedus.errors import CaseError
from foedus.mechanisms import QUESTIONS
from foedus.mechanisms.presence import CHANNELS
from foedus.worlds.columns import Column, columns
from foedus.worlds.problems import problems, warnings
from foedus.worlds.routes import Routes, routes
from foedus.worlds.schedules import steps


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
class Waits:
    """An option that is as the reference until the year after tension was first that high."""

    option: int
    threat: int
    above: float  # odds of a dispute a year


@dataclass(frozen=True)
class Awaits:
    """An option that is as the reference until the year after a pair first had a dispute."""

    option: int
    threat: int  # of that pair


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
    first_year: int
    routes: Routes | None = None  # None: no world asks on which ways help would come
    waits: tuple[Waits, ...] = ()
    awaits: tuple[Awaits, ...] = ()
    # quarrels beside the host: a name, and the threat to the host by the same neighbour
    beside: tuple[tuple[str, int], ...] = ()
    steps: tuple[int, ...] = ()  # years after the first (0) in which an option sets a lever anew
    stepped: tuple[int, ...] = ()  # the columns of those levers

    @property
    def late(self) -> bool:
        """Whether an option waits for something that may come in one world and not in another."""
        return bool(self.waits or self.awaits)

    def pair(self, threat: int) -> int:
        """Which of `pairs` a threat belongs to."""
        return next(p for p, members in enumerate(self.pairs) if threat in members)

    @property
    def pairs(self) -> tuple[tuple[int, ...], ...]:
        """Threats that share a clock: those between the same two states, in order."""
        found: dict[frozenset[int], list[int]] = {}
        for i, threat in enumerate(self.threats):
            found.setdefault(frozenset((threat.challenger, threat.target)), []).append(i)
        return tuple(map(tuple, found.values()))

    @property
    def alike(self) -> tuple[tuple[int, ...], ...]:
        """Places of `pairs` that have as many directions and kinds of history, in order."""
        found: dict[tuple[int, bool], list[int]] = {}
        for p, members in enumerate(self.pairs):
            found.setdefault((len(members), self.threats[members[0]].rivals), []).append(p)
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
    found = problems(case)
    if found:
        raise CaseError(found)
    named = tuple(columns(case))
    place = {threat: i for i, threat in enumerate(case.threats)}
    stepping = steps(case)
    later = [(o, each.when) for o, each in enumerate(case.options.values()) if each.when]
    return Model(
        actors=tuple(case.actors),
        threats=tuple(_threats(case)),
        years=case.horizon,
        theories=tuple((q, mechanisms.chosen(case.theories, q)) for q in QUESTIONS),
        columns=named,
        options=tuple(case.options),
        reference=list(case.options).index(case.reference),
        first_year=case.years[0],
        routes=routes(case, [column.name for column in named]),
        waits=tuple(
            Waits(o, place[when.tension], when.above)
            for o, when in later
            if when.tension is not None and when.above is not None
        ),
        awaits=tuple(Awaits(o, place[when.dispute]) for o, when in later if when.dispute),
        beside=tuple((name, _neighbour(case, name)) for name in case.beside),
        steps=tuple(stepping),
        stepped=tuple(
            i for i, c in enumerate(named) if any(c.name in levers for levers in stepping.values())
        ),
    )


def _neighbour(case: Case, beside: str) -> int:
    """Which threat to the host is by the state that quarrels with its helper."""
    (state,) = set(case.beside[beside].between) - {case.alliance.helper}
    return next(
        i for i, t in enumerate(case.threats.values())
        if (t.challenger, t.target) == (state, case.alliance.host)
    )  # fmt: skip


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


__all__ = ["CHANNELS", "Column", "Model", "Threat", "bind", "columns", "problems", "warnings"]
