"""Which option? Robustness, the assumptions the claims stand on, and how far the ranges decide.

The words are those of the field: XLRM (Lempert, Popper & Bankes 2003, RAND MR-1626); metrics as
named by McPhail et al. 2018, doi:10.1002/2017EF000649; load-bearing and vulnerable assumptions
and signposts of assumption-based planning (Dewar 2002).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from foedus.case.schema import Level
from foedus.errors import FoedusError, RunError, did_you_mean
from foedus.judge.assumptions import column_words
from foedus.judge.claims import verdict
from foedus.judge.explained import explained
from foedus.judge.lasting import Lasting, lasting_options
from foedus.judge.quantities import label, outcome_words
from foedus.judge.reweighting import break_even, ratio_to_reach, share_bounds
from foedus.judge.robustness import robustness as metrics
from foedus.judge.screens import keeping
from foedus.judge.worth import Residual, Worth, residuals, worths
from foedus.table import Run

RATIOS = (1.5, 2.0, 3.0)  # how many times as much one world may count as another's usual weight
BEARS = 0.1  # of whether a claim holds: what decides as much bears a load
VULNERABLE = 0.05  # of the worlds explored lie where the claim breaks


@dataclass(frozen=True)
class Bearing:
    """An assumption that claims stand on."""

    column: str
    words: str
    claims: tuple[str, ...]  # that it decides, or limits a box of
    decides: float  # the largest share that it decides of any of them
    broken: float  # the largest share of the worlds in which it is where a claim breaks
    vulnerable: bool
    signposts: tuple[str, ...]  # what to watch: where which claim breaks


@dataclass(frozen=True)
class Reweighted:
    """How far the share of a claim could move, were the worlds weighted otherwise."""

    claim: str
    share: float
    bounds: tuple[tuple[float, float, float], ...]  # density ratio k, lowest and highest share
    to_flip: float | None  # the smallest k at which the claim crosses a threshold of its verdict


@dataclass(frozen=True)
class Tipping:
    """How probable the region in which a claim breaks must be for another option to be better."""

    claim: str
    outcome: str
    preferred: str
    rival: str
    region_share: float  # of the worlds explored
    break_even: float
    rival_wins: str  # "above" or "below" it


@dataclass(frozen=True)
class Choice:
    """All that a run says of its options."""

    xlrm: dict[str, tuple[str, ...]]
    robustness: dict[str, list[dict[str, Any]]]  # outcome -> rows of `robustness`
    bearing: tuple[Bearing, ...]
    reweighted: tuple[Reweighted, ...]
    tipping: tuple[Tipping, ...]
    lasting: tuple[Lasting, ...]
    worth: tuple[Worth, ...]
    residual: tuple[Residual, ...]
    notes: tuple[str, ...]


def robustness(run: Run, outcome: str) -> pl.DataFrame:
    """Every robustness metric of every option for one outcome.

    Args:
        run: a run.
        outcome: the name of one of its outcomes, for which lower or higher is better.

    Returns:
        The table of `foedus.judge.robustness.robustness`: metric, option, value, prefer, rank,
        worlds. Starr's domain criterion is there once for every level that a claim's test asks
        of the outcome, with the level in a column `threshold`.

    Raises:
        RunError: the run has no such outcome, or neither direction of it is better.
    """
    known = run.manifest["outcomes"]
    if outcome not in known:
        raise RunError(f"no outcome '{outcome}' in {run.folder}: {did_you_mean(outcome, known)}")
    better = known[outcome]["better"]
    if better not in ("lower", "higher"):
        raise RunError(f"of '{outcome}' neither more nor less is better, so no option is robust")
    options = run.manifest["options"]
    values = keeping(run).kept(outcome, options).select(options).to_numpy().astype(np.float64)
    found = metrics(values, options, better=better).with_columns(
        threshold=pl.lit(None, dtype=pl.Float64)
    )
    parts = [found]
    for level in levels(run, outcome):
        every = metrics(values, options, better=better, threshold=level)
        starr = every.filter(metric="Starr's domain")
        parts.append(starr.with_columns(threshold=pl.lit(level, dtype=pl.Float64)))
    return pl.concat(parts)


def levels(run: Run, outcome: str) -> list[float]:
    """The levels that the claims' tests ask of an outcome."""
    found = {
        check.form.value
        for claim in run.case.claims.values()
        for check in claim.tests.values()
        if isinstance(check.form, Level) and check.form.outcome == outcome
    }
    return sorted(found)


def choice(run: Run) -> Choice:
    """Everything that bears on the choice of an option.

    Claims that were not explained yet add nothing to what is said of assumptions; outcomes by
    year are read from the design `years`. What is missing is said in the notes.
    """
    if keeping(run).sound.is_empty():
        raise RunError(f"no world of {run.folder} could be computed: there is nothing to compare")
    told = {name: found for name in tested(run) if (found := explained(run, name)) is not None}
    notes = []
    if missing := [name for name in tested(run) if name not in told]:
        notes.append(f"Not explained yet, and so not read here: {', '.join(missing)}.")
    lasting = lasting_options(run)
    if lasting is None:
        notes.append("How outcomes stand after each year was not played.")
    compared = [o for o in measures(run) if run.manifest["outcomes"][o]["better"] != "neither"]
    return Choice(
        xlrm=xlrm(run),
        robustness={o: robustness(run, o).to_dicts() for o in compared},
        bearing=tuple(_bearing(run, told)),
        reweighted=tuple(_reweighted(run)),
        tipping=tuple(_tipping(run, told)),
        lasting=lasting or (),
        worth=worths(run),
        residual=residuals(run),
        notes=tuple(notes),
    )


def tested(run: Run) -> list[str]:
    """The claims of a run that its worlds can test."""
    return [name for name, claim in run.case.claims.items() if claim.tests]


def measures(run: Run) -> list[str]:
    """The outcomes that claims are about, most often named first; all totals, if there are none."""
    named = [c.form.outcome for claim in run.case.claims.values() for c in claim.tests.values()]
    often = sorted(set(named), key=lambda o: (-named.count(o), named.index(o)))
    return often or [o for o in run.manifest["outcomes"] if "." not in o]


def answered(run: Run) -> list[str]:
    """The claims of a run that its worlds bear on: those that are tested, and those weighed."""
    return [name for name, claim in run.case.claims.items() if claim.tests or claim.weigh]


def xlrm(run: Run) -> dict[str, tuple[str, ...]]:
    """What is uncertain, what can be decided, how the world may work, and what is measured."""
    case = run.case
    ranges = {n: a for n, a in case.assumptions.items() if len(set(a.values())) > 1}
    judged = sum(a.judged for a in ranges.values())
    open_questions = {q: names for q, names in case.theories.items() if len(names) > 1}
    outcomes = run.manifest["outcomes"]
    return {
        "X": (
            f"{len(ranges)} assumptions with a range, {judged} of them on judgement alone",
            f"{len(open_questions)} questions on which scholars differ",
        ),
        "L": tuple(f"{label(o)}: {each.says}" for o, each in case.options.items()),
        "R": tuple(f"{label(q)}: {', '.join(map(label, names))}"
                   for q, names in case.theories.items()),
        "M": tuple(
            f"{o}: {outcome_words(o, outcomes[o], case)}"
            + (f" ({outcomes[o]['better']} is better)" if outcomes[o]["better"] != "neither"
               else "")
            for o in measures(run)
        ),
    }  # fmt: skip


def within(limit: dict[str, Any]) -> pl.Expr:
    """The limits of an explained box on one column, as a polars predicate."""
    column = pl.col(limit["column"])
    if limit["in"]:
        return column.cast(pl.String).is_in(limit["in"])
    low, high = limit["low"], limit["high"]
    sides: list[pl.Expr] = [] if low is None else [column >= low]
    if high is not None:
        sides.append(column <= high if limit["high_included"] else column < high)
    return pl.all_horizontal(sides)


def _bearing(run: Run, told: dict[str, dict[str, Any]]) -> list[Bearing]:
    """Load-bearing assumptions: those that decide much of a claim, or limit where it breaks."""
    decides: dict[str, dict[str, float]] = {}
    breaks: dict[str, list[tuple[float, str, str]]] = {}
    for claim, found in told.items():
        for each in found["decides"]:
            if each["index"] >= BEARS and found["decides_about"] == "whether it holds":
                decides.setdefault(each["column"], {})[claim] = each["index"]
        for box in found["boxes"][:1]:  # the first says most; later ones mend what it leaves
            for limit in box["limits"]:
                share = float(keeping(run).sound.select(within(limit).mean()).item())
                broken = share if found["case"] == "fails" else 1.0 - share
                sign = f"{claim} {found['case']} mostly where {limit['words']}"
                breaks.setdefault(limit["column"], []).append((broken, sign, claim))
    rows = []
    for column in dict.fromkeys([*decides, *breaks]):
        mine, where = decides.get(column, {}), breaks.get(column, [])
        claims = dict.fromkeys([*mine, *(claim for _, _, claim in where)])
        broken = max((share for share, _, _ in where), default=0.0)
        rows.append(
            Bearing(
                column, column_words(run, column), tuple(sorted(claims)),
                max(mine.values(), default=0.0), broken, broken >= VULNERABLE,
                tuple(sign for _, sign, _ in where),
            )
        )  # fmt: skip
    return sorted(rows, key=lambda each: (-len(each.claims), -each.decides))


def _reweighted(run: Run) -> Iterator[Reweighted]:
    """Bounds of every share over all densities of the worlds within [1/k, k] of the run's."""
    bars = run.case.verdicts
    for claim in tested(run):
        found = verdict(run, claim)
        if found.share is None:
            continue
        share = found.share.share
        bounds = [tuple(row) for row in share_bounds(share, RATIOS).iter_rows()]
        flips = [ratio_to_reach(share, bar) for bar in (bars.holds, bars.fails)]
        yield Reweighted(
            claim, share, tuple(bounds), min((k for k in flips if k is not None), default=None)
        )


def _tipping(run: Run, told: dict[str, dict[str, Any]]) -> Iterator[Tipping]:
    """Where the option with the best mean changes with the probability of a claim's first box."""
    options = run.manifest["options"]
    for claim, found in told.items():
        outcome = next(iter(run.case.claims[claim].tests.values())).form.outcome
        better = run.manifest["outcomes"][outcome]["better"]
        if not found["boxes"] or better == "neither":
            continue
        limits = [within(limit) for limit in found["boxes"][0]["limits"]]
        region = keeping(run).sound.select(pl.all_horizontal(limits)).to_series().to_numpy()
        values = keeping(run).kept(outcome, options).select(options).to_numpy().astype(np.float64)
        try:
            rows = break_even(values, region, options, better=better).filter("first").to_dicts()
        except FoedusError:  # the region holds every world, or none
            continue
        for row in rows:
            yield Tipping(
                claim, outcome, row["preferred"], row["rival"], row["region_share"],
                row["break_even"], row["rival_wins"],
            )  # fmt: skip
