"""Two cases -> what differs in meaning, in words; comments, order and layout do not count."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from foedus.case.schema import Assumption, Case, Check, Node
from foedus.case.show import asks, in_words


class Difference(NamedTuple):
    """One thing that two cases say otherwise; empty where one of them does not say it."""

    part: str  # "assumptions", "options", ...
    name: str  # "rates.war", "light_base: base.troops"
    first: str
    second: str

    def __str__(self) -> str:
        """One line."""
        if not self.first:
            return f"{self.name}: only in the second: {self.second}"
        if not self.second:
            return f"{self.name}: only in the first: {self.first}"
        return f"{self.name}: {self.first} -> {self.second}"


def compare(first: Case, second: Case) -> list[Difference]:
    """What differs in meaning between two cases, in the order of a case file."""
    one, other = (dict(_said(case)) for case in (first, second))
    found = []
    for key in [*one, *(key for key in other if key not in one)]:
        a, b = one.get(key, ""), other.get(key, "")
        if a != b:
            found.append(Difference(*key, a, b))
    order = list(dict.fromkeys(part for part, _ in [*one, *other]))
    return sorted(found, key=lambda each: order.index(each.part))


def _said(case: Case) -> Iterator[tuple[tuple[str, str], str]]:
    """Everything a case says that a reader of its results would want to know, in words."""
    yield ("case", "question"), case.question
    yield ("case", "years"), f"{case.years[0]} to {case.years[1]}"
    yield ("case", "prices"), f"of {case.price_year}"
    yield ("case", "alliance"), f"{case.alliance.helper} helps {case.alliance.host}"
    yield ("case", "reference"), case.reference
    yield ("case", "a claim holds from"), f"{case.verdicts.holds:.0%} of worlds"
    yield ("case", "a claim fails below"), f"{case.verdicts.fails:.0%} of worlds"
    for name, actor in case.actors.items():
        yield ("actors", name), actor.name
    for name, threat in case.threats.items():
        helper = f", helped by {threat.helper}" if threat.helper else ", helped by nobody"
        rivals = "rivals" if threat.rivals else "no rivals"
        yield ("threats", name), f"{threat.challenger} against {threat.target}{helper}; {rivals}"
    for question, weights in case.theories.items():
        whole = sum(weights.values())
        said = ", ".join(f"{theory} {weight / whole:.0%}" for theory, weight in weights.items())
        yield ("theories", question), said
    for name, given in case.assumptions.items():
        yield ("assumptions", name), _number(given)
    for name, option in case.options.items():
        yield ("options", name), option.says
        for lever, given in option.sets.items():
            yield ("options", f"{name}: {lever}"), _number(given)
        if option.without:
            yield ("options", f"{name}: without"), ", ".join(option.without)
    for name, claim in case.claims.items():
        yield ("claims", name), claim.says
        for test, check in claim.tests.items():
            yield ("claims", f"{name}: {test}"), _test(check)
        if claim.record is not None:
            yield ("claims", f"{name}: record"), claim.record.status
    yield from _others(case)


def _number(given: Assumption) -> str:
    return f"{in_words(given)} [{', '.join(given.source)}]"


def _test(check: Check) -> str:
    return asks(check.form)


_TOLD = {
    "foedus", "title", "question", "about", "uses", "document", "years", "price_year", "alliance",
    "reference", "actors", "threats", "theories", "assumptions", "options", "claims", "verdicts",
    "sources", "parts",
}  # fmt: skip


def _others(case: Case) -> Iterator[tuple[tuple[str, str], str]]:
    """Sections that have no words of their own here: shown as they are written."""
    for section in type(case).model_fields:
        held = getattr(case, section)
        if section in _TOLD or not held:
            continue
        parts: Mapping[str, Any] = held if isinstance(held, Mapping) else {section: held}
        for name, part in parts.items():
            if isinstance(part, Node):
                part = part.model_dump_json(by_alias=True, exclude_none=True)
            yield (section, str(name)), str(part)
