"""The table of signs tells one-sided effects, and which of them are explained."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
import pytest

import foedus
from foedus.table import Table
from writers.signs import Certainty, Signs, effects, read_certainties, signs, text

CERTAIN = Certainty(["b*"], ["cost"], "higher", "a base costs something")


@dataclass
class Played:
    """Twenty worlds made up by hand: only what the page asks of a table."""

    case: Any = field(default_factory=lambda: foedus.read("south-caucasus"))
    sound: pl.DataFrame = field(default_factory=lambda: pl.DataFrame({"world": range(20)}))

    @property
    def manifest(self) -> dict[str, Any]:
        outcomes = dict.fromkeys(("cost", "war", "help", "war.X-Y"))
        options = ["now", "base"]
        return {"options": options, "reference": "now", "outcomes": outcomes, "worlds": 20,
                "seed": 7, "case_name": "made-up.yaml"}  # fmt: skip

    def kept(self, outcome: str, options: list[str]) -> pl.DataFrame:
        base = {
            "cost": np.full(20, 2.0),
            "war": np.where(np.arange(20) < 10, 0.5, 1.5),
            "help": np.where(np.arange(20) < 12, 1.0, 3.0),  # the same, or more: never less
            "war.X-Y": np.ones(20),
        }[outcome]
        return pl.DataFrame({"now": np.ones(20), "base": base})


def test_shares_of_signs_add_up_and_differences_beyond_precision_are_none() -> None:
    one = np.array([1.0, 2.0, 2.0, 0.0])
    assert signs(one, np.array([2.0, 1.0, 2.0 + 1e-7, 0.0])) == Signs(0.25, 0.5, 0.25)


@pytest.mark.parametrize(
    ("shares", "sign"),
    [
        (Signs(0.5, 0.0, 0.5), ""),
        (Signs(0.0, 0.02, 0.98), "higher"),
        (Signs(0.3, 0.7, 0.0), "lower"),  # never higher, though mostly nothing
        (Signs(0.04, 0.96, 0.0), ""),  # not touched
        (Signs(0.94, 0.0, 0.06), ""),
    ],
)
def test_one_sign_is_that_of_nearly_all_worlds_with_an_effect(shares: Signs, sign: str) -> None:
    assert shares.one == sign


def test_a_certainty_explains_what_it_names_with_its_sign_and_nothing_else() -> None:
    assert CERTAIN.explains("base", "cost", "higher")
    assert CERTAIN.explains("base", "cost.X-Y", "higher")
    assert not CERTAIN.explains("base", "cost", "lower")
    assert not CERTAIN.explains("base", "war", "higher")
    assert not CERTAIN.explains("now", "cost", "higher")


def test_the_page_marks_explained_and_owed_effects_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("writers.signs._comparisons", lambda case: ())
    run: Table = Played()  # type: ignore[assignment]
    assert set(effects(run)) == {("base", each) for each in run.manifest["outcomes"]}
    said = text(run, [CERTAIN])
    assert "| `cost` | 0 / 0 / 100 (1) |" in said
    assert "| `war` | 50 / 0 / 50 |" in said
    assert "| `help` | 0 / 60 / 40 **!** |" in said
    assert "| `war.X-Y` | · |" in said
    assert "- base: higher wherever it changes, or nearly so: `help`\n" in said
    assert "nearly so: `cost`" not in said
    assert "20 worlds, seed 7" in said


def test_certainties_are_written_so_that_they_can_be_used() -> None:
    for each in read_certainties():
        assert each.sign in ("lower", "higher")
        assert each.options
        assert each.outcomes
