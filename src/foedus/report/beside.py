"""What a page can show beside the worlds of a run: explanations, the years, an audit."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from foedus.errors import RunError
from foedus.judge.paths import paths
from foedus.table import Run


@dataclass(frozen=True)
class Beside:
    """Everything of it may be missing; the page then says how to get it, or leaves it out."""

    explained: Mapping[str, dict[str, Any]] = field(default_factory=dict)  # by claim
    document: str | None = None  # the reader's own copy of the text whose claims are tested
    paths: pl.DataFrame | None = None  # outcomes after each year, as `foedus.judge.paths` has them
    closing: Mapping[str, Any] | None = None  # when help comes, as `foedus run` kept it
    audit: str = ""  # how far the curves of arrival are from exact plans, in a sentence


NOTHING = Beside()


def beside(run: Run, document: str | None = None) -> Beside:
    """What the folder of a run holds beside its worlds.

    Raises:
        RunError: if a file is damaged.
    """
    found = {path.stem: _read(path) for path in sorted(run.folder.glob("explained/*.json"))}
    audit, closing = run.folder / "audit.json", run.folder / "closing.json"
    known = {name: told for name, told in found.items() if name in run.case.claims}
    said = str(_read(audit).get("says", "")) if audit.exists() else ""
    curves = _read(closing) if closing.exists() else None
    return Beside(known, document, paths(run), curves, said)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise RunError(f"{path} is damaged: {error}") from None
    if not isinstance(found, dict):
        raise RunError(f"{path} is damaged: it holds nothing that can be shown")
    return found
