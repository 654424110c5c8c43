"""The page as it is first sent, and its scripts and style."""

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from foedus import __version__
from foedus.live.controls import controls, starts
from foedus.live.edits import Base
from foedus.live.played import Played
from foedus.live.view import Wish, chart, context, environment, whole
from foedus.report.page import bundle
from foedus.report.sections import outcome_names
from foedus.report.words import outcome_words

_SCRIPT, _STYLE = "text/javascript", "text/css"


@dataclass(frozen=True)
class Asset:
    """A script or style sheet."""

    content: bytes
    kind: str


def assets() -> tuple[dict[str, str], dict[str, Asset]]:
    """Where each script and style is found, and what it is: a changed one has another address."""
    live = files("foedus.live").joinpath("templates")
    report = files("foedus.report").joinpath("templates")
    own = {name: live.joinpath(name).read_text("utf-8") for name in ("controls.js", "morph.js")}
    texts = {
        "vega.js": (bundle(), _SCRIPT),
        "page.js": (report.joinpath("page.js").read_text("utf-8"), _SCRIPT),
        "live.css": (
            report.joinpath("style.css").read_text("utf-8")
            + live.joinpath("live.css").read_text("utf-8"),
            _STYLE,
        ),
    }
    texts |= {name: (text, _SCRIPT) for name, text in own.items()}
    found, places = dict[str, Asset](), dict[str, str]()
    for name, (text, kind) in texts.items():
        places[name] = _place(name, text)
        found[places[name]] = Asset(text.encode("utf-8"), kind)
    script = live.joinpath("live.js").read_text("utf-8")
    for name in own:  # a module names what it imports, so it is known by what that holds as well
        script = script.replace(f"./{name}", f".{places[name]}")
    places["live.js"] = _place("live.js", script)
    found[places["live.js"]] = Asset(script.encode("utf-8"), _SCRIPT)
    return places, found


def _place(name: str, text: str) -> str:
    stem, _, kind = name.rpartition(".")
    return f"/{stem}-{hashlib.sha256(text.encode('utf-8')).hexdigest()[:12]}.{kind}"


def html(base: Base, table: Played, places: dict[str, str], counts: dict[str, Any]) -> str:
    """The page, as the case is written.

    Args:
        base: the case.
        table: it, played in a first few worlds.
        places: where scripts and style are found.
        counts: how many worlds are played while dragging ("preview"), on release (those of
            "closer", one after the other, then "usual") and on demand ("most").
    """
    case, outcomes = base.case, table.manifest["outcomes"]
    all_of = context(table, Wish(), None)
    drawn = {name: whole(chart(spec)) for name, spec in all_of["charts"].items()}
    settings: dict[str, Any] = {
        "case": base.fingerprint, "worlds": len(table.sound) + table.refused, **counts,
        "sound": len(table.sound), "refused": table.refused, "starts": starts(base),
    }  # fmt: skip
    return environment().get_template("live.html.j2").render(
        {
            **all_of, "charts": drawn, "moves": controls(base, outcomes), "assets": places,
            "settings": settings, "most": counts["most"], "version": __version__,
            "case_file": case.file, "seed": table.manifest["seed"],
            "untested": len(case.claims) - len(all_of["rows"]),
            "outcomes": [(n, outcome_words(n, outcomes[n], case)) for n in outcome_names(table)],
        }
    )  # fmt: skip
