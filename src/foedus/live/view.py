"""Played worlds -> what the page shows of them: a few fragments and the numbers of its charts."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader

from foedus.engine.closing import Closing
from foedus.judge.claims import Verdict, verdicts
from foedus.judge.conditions import conditions
from foedus.judge.screens import screened
from foedus.live.sways import leading, sways
from foedus.report import figures as draw
from foedus.report import sections, words
from foedus.report.closing import closing
from foedus.report.figures import Figures
from foedus.report.page import anchor
from foedus.report.page import environment as of_report
from foedus.report.spread import compare
from foedus.table import Table

LOOKED_THROUGH = 8_192  # worlds for the conditions of a claim: half to find them, half to check
LOOKED_AMONG = 24  # assumptions


@dataclass(frozen=True)
class Wish:
    """What of a page a reader has open."""

    claims: tuple[str, ...] = ()
    outcome: str = ""
    shapes: Mapping[str, str] = field(default_factory=dict)  # of the charts that are drawn already


@dataclass(frozen=True)
class Before:
    """Verdicts to compare with, by claim, and what they are called."""

    name: str
    verdicts: Mapping[str, Verdict]


@dataclass(frozen=True)
class Row:
    """One tested claim, in a line."""

    verdict: Verdict
    mark: words.Mark
    before: Verdict | None
    against: str


def rows(found: list[Verdict], before: Before | None) -> list[Row]:
    """The claims that worlds can test, in the order of the case."""
    return [
        Row(
            verdict,
            words.VERDICTS[verdict.verdict],
            before.verdicts.get(verdict.claim) if before else None,
            before.name if before else "",
        )
        for verdict in found
        if verdict.share is not None
    ]


def context(table: Table, wish: Wish, before: Before | None) -> dict[str, Any]:
    """All that the templates need of played worlds; `charts` are the specs, by name."""
    figures, table = Figures(), screened(table)
    found = verdicts(table)
    return {
        "case": table.case,
        "verdicts": found,
        "answer": words.answer(found),
        "rows": rows(found, before),
        "overview": draw.claim_shares(figures, table.case, found),
        "card": _outcome(table, figures, wish.outcome),
        "charts": figures.specs,
        "figures": figures,
    }


def shown(table: Table, wish: Wish, before: Before | None) -> dict[str, Any]:
    """What the page must change to show played worlds: fragments by id, and charts by name."""
    all_of = context(table, wish, before)
    html = {
        "answer": _render("said.html.j2", all_of),
        "outcome": _render("outcome.html.j2", all_of),
    }
    for row in all_of["rows"]:
        html[f"row-{anchor(row.verdict.claim)}"] = _render("row.html.j2", {**all_of, "row": row})
    if all_of["overview"] is not None:
        html["overview"] = _render("overview.html.j2", all_of)
    for number, verdict in enumerate(all_of["verdicts"], 1):
        if verdict.claim in wish.claims and verdict.share is not None:
            html[f"card-{anchor(verdict.claim)}"] = _opened(table, all_of, number, verdict)
    return {"html": html, "charts": _charts(all_of["figures"], wish)}


def arrives(table: Table, curves: Closing | None, wish: Wish) -> dict[str, Any]:
    """By when help comes, in the same form; `curves` is None where it comes along no routes."""
    figures = Figures()
    drawn = closing(figures, table.case.reference, asdict(curves) if curves else None)
    html = {"closing": _render("closing.html.j2", {"closing": drawn})}
    return {"html": html, "charts": _charts(figures, wish)}


def breaks(table: Table, claim: str) -> dict[str, str]:
    """When a claim breaks, as a fragment by its id; nothing of one that no world tests."""
    if claim not in table.case.claims or not table.case.claims[claim].tests:
        return {}
    return {f"when-{anchor(claim)}": _render("when.html.j2", _when(table, claim))}


def _when(table: Table, claim: str) -> dict[str, Any]:
    """When a claim breaks, found among the assumptions that move it most."""
    if screened(table).sound.is_empty():
        return {"why": None, "among": 0}
    among = leading(table, claim, LOOKED_THROUGH, LOOKED_AMONG)
    found = conditions(table, claim, most=LOOKED_THROUGH, among=among)
    why = {"case": found.case, "boxes": found.boxes, "no_box": found.reason}
    return {"why": why, "among": len(among)}


def _charts(figures: Figures, wish: Wish) -> dict[str, Any]:
    return {name: chart(spec, wish.shapes.get(name)) for name, spec in figures.specs.items()}


def _opened(table: Table, all_of: dict[str, Any], number: int, verdict: Verdict) -> str:
    """A claim as the report has it, below what moves it most."""
    moved = {"sways": sways(table, verdict.claim), "claim": verdict.claim}
    card = sections.claim_card(table, all_of["figures"], number, verdict)
    whole = {**all_of, "card": card, "claims": all_of["verdicts"]}
    return _render("sways.html.j2", moved) + _render("claim.html.j2", whole)


def _outcome(table: Table, figures: Figures, name: str) -> sections.OutcomeCard | None:
    names = sections.outcome_names(table)
    if table.sound.is_empty() or not names:
        return None
    found = compare(table, name if name in names else names[0])
    return sections.outcome_card(table, figures, found)


def chart(spec: dict[str, Any], known: str | None = None) -> dict[str, Any]:
    """A chart's rows under names that do not change, its shape, and the rest if it is not known.

    A page that has drawn the shape needs the rows alone.
    """
    names: dict[str, str] = {}
    rest = _renamed({k: v for k, v in spec.items() if k != "datasets"}, names)
    rows = {names[old]: each for old, each in spec.get("datasets", {}).items() if old in names}
    shape = hashlib.sha256(json.dumps(rest, sort_keys=True).encode("utf-8")).hexdigest()[:12]
    found: dict[str, Any] = {"shape": shape, "data": rows}
    return found if shape == known else {**found, "spec": rest}


def whole(found: dict[str, Any]) -> dict[str, Any]:
    """A chart as it is drawn first: its spec with its rows."""
    return {**found["spec"], "datasets": found["data"], "usermeta": {"shape": found["shape"]}}


def _renamed(part: Any, names: dict[str, str]) -> Any:
    """A spec whose datasets are called t0, t1, ... in the order in which they are used."""
    if isinstance(part, dict):
        found = {key: _renamed(value, names) for key, value in part.items() if key != "data"}
        if "data" in part:
            data = part["data"]
            if isinstance(data, dict) and "name" in data:
                data = {**data, "name": names.setdefault(data["name"], f"t{len(names)}")}
            found["data"] = data
        return found
    if isinstance(part, list):
        return [_renamed(each, names) for each in part]
    return part


def _render(template: str, values: dict[str, Any]) -> str:
    return environment().get_template(template).render(values)


@cache
def environment() -> Environment:
    """The report's templates, and the live page's own beside them."""
    found = of_report().overlay(
        loader=ChoiceLoader([PackageLoader("foedus.live"), PackageLoader("foedus.report")])
    )
    found.filters = {**found.filters, "capital": lambda text: text[:1].upper() + text[1:]}
    return found
