"""Tables made up by hand, so that what is judged of them can be worked out by hand as well."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from foedus.case.read import read_text
from foedus.case.schema import Case

CASE = """
foedus: 1
title: Made up
question: Is it so?
years: [2027, 2036]
reference: now
alliance: {host: AAA, helper: BBB}
actors: {AAA: {name: Alphaland}, BBB: {name: Betaland}, CCC: {name: Gammaland}}
threats: {T: {challenger: CCC, target: AAA, helper: BBB, rivals: false}}
theories: {pact: [deters, spiral]}
assumptions: {}
options: {now: {says: As today.}, base: {says: A base.}, both: {says: Both.}, more: {says: More.}}
sources: {judgement: Our own judgement.}
"""


@dataclass(frozen=True)
class Made:
    """Worlds dealt to the scrambles in turn, and what comes of them under each option."""

    case: Case
    outcomes: Mapping[str, Mapping[str, np.ndarray]]  # outcome -> option -> (worlds,)
    columns: Mapping[str, np.ndarray]
    scramble: np.ndarray
    refused: int = 0
    complete: bool = True

    @property
    def manifest(self) -> dict[str, Any]:
        return {
            "scrambles": 16,
            "options": list(self.case.options),
            "outcomes": {n: {"unit": "u", "means": n, "better": "lower"} for n in self.outcomes},
            "columns": {n: {"unit": "v", "means": n, "words": []} for n in self.columns},
        }

    @property
    def sound(self) -> pl.DataFrame:
        world = np.arange(len(self.scramble))
        drawn = {name: _enum(values) for name, values in self.columns.items()}
        return pl.DataFrame({"world": world, "scramble": self.scramble, **drawn})

    def kept(self, outcome: str, options: list[str]) -> pl.DataFrame:
        found = {o: np.asarray(self.outcomes[outcome][o], float) for o in options}
        return pl.DataFrame({"world": np.arange(len(self.scramble)), **found})


def _enum(values: np.ndarray) -> pl.Series:
    found = pl.Series(values)
    return found.cast(pl.Enum(sorted(set(values)))) if found.dtype == pl.String else found


def made(
    text: str,
    outcomes: Mapping[str, Mapping[str, Any]],
    columns: Mapping[str, Any] | None = None,
    scramble: Any = None,
) -> Made:
    """A table of a made-up case to which `text` adds screens or claims."""
    count = len(next(iter(next(iter(outcomes.values())).values())))
    dealt = np.arange(count) % 16 if scramble is None else np.asarray(scramble)
    return Made(read_text(CASE + text, "made.yaml"), outcomes, dict(columns or {}), dealt)


def claim(*tests: str, more: str = "") -> str:
    """A claim with these forms of a test, numbered from t0."""
    lines = [f"      t{i}: {{says: It is., because: So it is., {t}}}" for i, t in enumerate(tests)]
    head = "claims:\n  C:\n    quote: it is so\n    offset: 0\n    says: It is so.\n"
    return f"{head}    kind: cause\n{more}    tests:\n" + "\n".join(lines) + "\n"
