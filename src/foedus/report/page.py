"""Run -> one HTML file that works offline: verdicts, charts, evidence, assumptions, sources.

How a page is made, here and on the live page:

    content(table, beside)   all that the templates show, as one dict. A table is anything that is
                             judged (`foedus.table.Table`): a run folder, or worlds in memory.
        sections.*           cards of one section each: words and numbers, ready to be shown
        figures.*            a chart and the sentence that says what it shows
        charts.*             numbers -> one Altair chart
    templates/page.html.j2   includes one template a section; each can be rendered by itself from
                             the same dict. `charts` in it holds the Vega-Lite specs by name;
                             templates/page.js draws spec NAME in the box `data-chart="NAME"`,
                             and `window.foedus` lets a script draw it again.
    Beside                   what a page can show that is no part of a table: explanations, the text
"""

import base64
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import altair
import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from foedus.disk import replace
from foedus.judge.claims import Verdict
from foedus.judge.claims import verdicts as judged_claims
from foedus.judge.screens import screened
from foedus.judge.worth import LEAST, by_outcome, residuals, worths
from foedus.report import figures as draw
from foedus.report import sections, words
from foedus.report.beside import NOTHING, Beside, beside
from foedus.report.closing import closing
from foedus.report.document import mark, read_document
from foedus.report.figures import Figures
from foedus.report.parts import system
from foedus.report.region import region
from foedus.report.tradeoffs import losses, trade_offs
from foedus.report.years import yearly
from foedus.table import Run, Table
from foedus.waiting import Tell, silent


def report(
    run: Run,
    path: str | Path | None = None,
    *,
    document: str | Path | None = None,
    tell: Tell = silent,
) -> Path:
    """Write the report of a run: one file, which asks no network for anything.

    Args:
        run: a run folder, opened; its claims are judged afresh.
        path: where to write; by default `report.html` in the run folder.
        document: a copy of the text whose claims are tested; the report then shows it, with every
            claim marked and linked to its verdict. It is put into this one file, nowhere else.
        tell: told how far the work is.

    Returns:
        Where it was written.

    Raises:
        RunError: if the run holds no finished block yet, or its case was changed.
        OSError: if the file cannot be written.
    """
    text = None if document is None else read_document(document)
    target = Path(path) if path is not None else run.folder / "report.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    replace(target, html(run, text, tell).encode("utf-8"))
    return target


def html(run: Run, document: str | None = None, tell: Tell = silent) -> str:
    """The report as text. The same run gives the same text."""
    tell("Reading the run", 0, 1)
    scripts = {"vega": bundle(), "page": asset("page.js")}
    context = {
        **content(run, beside(run, document), tell),
        "style": Markup(asset("style.css")),
        "scripts": {name: Markup(text) for name, text in scripts.items()},
        "policy": _policy(list(scripts.values())),
    }
    return environment().get_template("page.html.j2").render(context)


def content(run: Table, also: Beside = NOTHING, tell: Tell = silent) -> dict[str, Any]:
    """Everything the templates show of a run; `charts` are the Vega-Lite specs, by name.

    Args:
        run: the worlds that were played, on disk or in memory.
        also: what is shown beside them.
        tell: told how far the work is.
    """
    tell("Judging the claims", 0, 1)
    kept = screened(run)
    figures, verdicts = Figures(), judged_claims(kept)
    tell("Comparing the options", 0, 1)
    found = sections.compared(kept)
    regrets = sections.regrets(kept, found)
    judged, numbers = sections.judged(run.case)
    return {
        "run": run,
        "case": run.case,
        "answer": words.answer(verdicts),
        "facts": sections.facts(kept),
        "system": system(kept, figures, verdicts),
        "region": region(figures, run.case),
        "closing": closing(figures, run.case.reference, also.closing),
        "outcomes": sections.outcome_cards(kept, figures, found),
        "compared": found,
        "regrets": regrets,
        "losses": losses(figures, regrets),
        "trade_offs": trade_offs(kept, figures, found),
        "bought": worths(kept) if found else (),
        "least": LEAST,
        "left": by_outcome(residuals(kept)) if found else {},
        "yearly": yearly(kept, figures, also.paths),
        "tints": sections.TINTS,
        "levers": sections.levers(run),
        "overview": draw.claim_shares(figures, run.case, verdicts),
        "claims": list(_claims(kept, figures, verdicts, tell)),
        "explained": also.explained,
        "document": None if also.document is None else mark(also.document, run.case),
        "cards": {each.claim: (each, *words.headline(each)) for each in verdicts},
        "groups": sections.assumption_groups(run),
        "questions": sections.questions(run),
        "screens": sections.screens(kept),
        "source_numbers": {
            name: (n, source) for n, (name, source) in enumerate(run.case.sources.items(), 1)
        },
        "judged": judged,
        "numbers": numbers,
        "audit": also.audit,
        "charts": figures.specs,
    }


def _claims(
    run: Table, figures: Figures, verdicts: list[Verdict], tell: Tell
) -> Iterator[sections.ClaimCard]:
    """Every claim, in the order of the case."""
    for number, verdict in enumerate(verdicts, 1):
        tell("Drawing the claims", number - 1, len(verdicts))
        yield sections.claim_card(run, figures, number, verdict)


@cache
def environment() -> Environment:
    """The templates: what a case says is escaped everywhere, and an unknown name is an error."""
    found = Environment(
        loader=PackageLoader("foedus.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals |= {"words": words, "verdict_marks": words.VERDICTS, "kinds": words.KINDS}
    found.globals |= {"record_marks": words.RECORD}
    found.filters |= {"label": words.label, "percent": words.percent, "anchor": anchor}
    found.tests["link"] = is_link
    return found


def anchor(name: str) -> str:
    """A name as part of an HTML id."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", name)


def is_link(url: str) -> bool:
    """Whether an address may be linked to: the web, and no script."""
    return url.startswith(("https://", "http://"))


@cache
def bundle() -> str:
    """Vega, Vega-Lite and vega-embed as one script, fit for the charts that Altair writes."""
    version = ".".join(altair.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    found: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", version)
    return found.replace("</script", "<\\/script")


def asset(name: str) -> str:
    """A file beside the templates."""
    return files("foedus.report").joinpath("templates", name).read_text("utf-8")


def _policy(scripts: list[str]) -> str:
    """A content security policy: these scripts run and no other, and nothing is fetched."""
    hashes = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts)
    allowed = " ".join(f"'sha256-{each}'" for each in hashes)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
