"""Three worlds of a claim to look at, and the smallest change of one assumption that flips each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import polars as pl
from pydantic import Field

from foedus.case.schema import Level
from foedus.judge.assumptions import column_words, options_of, value_words
from foedus.judge.claims import Standing, standing
from foedus.judge.quantities import change, quantity
from foedus.judge.screens import keeping
from foedus.judge.shares import Beliefs
from foedus.table import Run

Kind = Literal["typical hold", "typical break", "nearest to the edge"]
THEORY = 1.0  # a switch of theory counts as a move over a whole range


@dataclass(frozen=True)
class Flip:
    """One assumption moved so far that the claim changes sides, the others held."""

    column: str
    before: Annotated[float | str, Field(alias="from")]
    after: Annotated[float | str, Field(alias="to")]
    moved: float  # share of the assumption's own range; 1 for a switch of theory
    words: str


@dataclass(frozen=True)
class Example:
    """One world of a run."""

    kind: Kind
    world: int
    holds: bool
    words: str
    values: dict[str, float | str]  # of the assumptions that decide the claim
    flips: Flip | None  # the smallest
    others: tuple[Flip, ...]  # of other assumptions, next smallest first
    note: str = ""


def chosen(stands: Standing, worlds: pl.Series) -> dict[Kind, int]:
    """Which worlds to look at: the middle one of either side by slack, and the nearest to 0.

    Args:
        stands: of the claim.
        worlds: the numbers of the worlds.

    Returns:
        For each kind that there is, the position of the world among `worlds`.
    """
    found: dict[Kind, int] = {}
    sides: tuple[tuple[Kind, np.ndarray], ...] = (
        ("typical hold", stands.holds),
        ("typical break", ~stands.holds),
    )
    for kind, side in sides:
        at = np.flatnonzero(side)
        if len(at):
            found[kind] = int(at[np.argsort(stands.slack[at], kind="stable")[len(at) // 2]])
    if len(worlds):
        found["nearest to the edge"] = int(np.abs(stands.slack).argmin())
    return found


def examples(
    run: Run, claim: str, stands: Standing, deciding: Sequence[str]
) -> tuple[Example, ...]:
    """The three worlds in words; what flips them is read from the design `near-<claim>`."""
    kept = keeping(run)
    worlds = kept.sound["world"]
    places = chosen(stands, worlds)
    flips, note = _flips(run, claim, [int(worlds[at]) for at in places.values()])
    found = []
    for kind, at in places.items():
        world = int(worlds[at])
        values = {c: kept.sound[c][at] for c in deciding if acts(kept.beliefs, at, c)}
        mine = flips.get(world, [])
        found.append(
            Example(
                kind, world, bool(stands.holds[at]),
                _words(run, claim, stands, at, world, values), values, mine[0] if mine else None,
                tuple(mine[1:]),
                note or ("" if mine else "No single assumption moved over its whole range "
                         "flips it."),
            )
        )  # fmt: skip
    return tuple(found)


def acts(among: Beliefs, at: int, column: str) -> bool:
    """Whether a number acts in a world: those of a theory that it does not believe do not."""
    question, _, rest = column.partition("@")[0].partition(".")
    theory = rest.partition(".")[0]
    names, codes = among.get(question, ((), ()))
    return theory not in names or names[codes[at]] == theory


def _words(
    run: Run, claim: str, stands: Standing, at: int, world: int, values: dict[str, float | str]
) -> str:
    told = run.case.claims[claim]
    check = list(told.tests.values())[stands.tightest[at]]
    unit = run.manifest["outcomes"][check.form.outcome]["unit"]
    value = float(stands.value[at])
    measured = quantity(value, unit) if isinstance(check.form, Level) else change(value, unit)
    what = "level" if isinstance(check.form, Level) else "difference"
    many = f" of its tightest test, “{check.says.rstrip('.')}”," if len(told.tests) > 1 else ""
    holds = "holds" if stands.holds[at] else "fails"
    said = f"World {world:,}: it {holds}; the {what}{many} is {measured}."
    if values:
        here = [f"{column_words(run, c)}: {value_words(run, c, v)}" for c, v in values.items()]
        said += f" Here {'; '.join(here)}."
    return said


def _flips(run: Run, claim: str, worlds: list[int]) -> tuple[dict[int, list[Flip]], str]:
    """For each world the assumptions that flip the claim there, smallest move first."""
    near = run.design(f"near-{claim}")
    if near is None or near.manifest["design"]["of"] != sorted(set(worlds)):
        return {}, f"What would flip it was not played: “foedus explain RUN {claim}” does."
    told = run.case.claims[claim]
    frame = near.sound.with_columns(holds=pl.Series(standing(near, told).holds))
    home = frame.filter(pl.col("moved") == "")
    found: dict[int, list[Flip]] = {}
    for row in home.to_dicts():
        other = frame.filter(of=row["of"]).filter(pl.col("holds") != row["holds"])
        firsts = (
            other.with_columns(
                by=pl.when(pl.col("moved").str.starts_with("theory."))
                .then(THEORY)
                .otherwise((pl.col("to") - pl.col("home")).abs())
            )
            .sort("by", "moved", "to")
            .unique("moved", keep="first", maintain_order=True)
        )
        found[row["of"]] = [_flip(run, claim, row, each) for each in firsts.to_dicts()]
    return found, ""


def _flip(
    run: Run, claim: str, home: dict[str, float | str], other: dict[str, float | str]
) -> Flip:
    """The move in the column's own values: under the option that draws it, if one does."""
    moved, options = str(other["moved"]), options_of(run.case.claims[claim])
    names = [moved, *(f"{moved}@{option}" for option in options)]
    column = next((n for n in names if n in home and home[n] != other[n]), moved)
    words = (
        f"{column_words(run, column)} from {value_words(run, column, home[column])} "
        f"to {value_words(run, column, other[column])}"
    )
    return Flip(column, home[column], other[column], float(other["by"]), words)
