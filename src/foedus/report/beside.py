"""What a page can show beside the worlds of a run: explanations of claims, and the years."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from foedus.errors import RunError
from foedus.table import Run


@dataclass(frozen=True)
class Beside:
    """Everything of it may be missing; the page then says how to get it, or leaves it out."""

    explained: Mapping[str, dict[str, Any]] = field(default_factory=dict)  # by claim
    years: pl.DataFrame | None = None  # option, year, outcome, and points of its spread


NOTHING = Beside()


def beside(run: Run) -> Beside:
    """What the folder of a run holds beside its worlds.

    Raises:
        RunError: if a file is damaged.
    """
    found = {path.stem: _read(path) for path in sorted(run.folder.glob("explained/*.json"))}
    return Beside(explained={name: told for name, told in found.items() if name in run.case.claims})


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise RunError(f"{path} is damaged: {error}") from None
    if not isinstance(found, dict):
        raise RunError(f"{path} is damaged: it holds no explanation")
    return found
