"""Run + verdicts -> what each section of the page shows, ready for its template."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from foedus.case.schema import Assumption, Case, Claim, Level, Source
from foedus.judge.claims import Tested, Verdict
from foedus.judge.robustness import robustness
from foedus.judge.screens import Screened, Screening
from foedus.report import figures as draw
from foedus.report import words
from foedus.report.figures import Figure, Figures
from foedus.report.ranges import Glyph, glyph, range_words
from foedus.report.spread import Compared, compare
from foedus.table import Run, Table

MAIN = 6  # outcomes that are drawn; the others are in a table
TINTS = 5  # steps of the shading of a table of regrets


@dataclass(frozen=True)
class OutcomeCard:
    """One outcome, drawn."""

    says: str
    better: str
    found: Compared
    levels: Figure
    differences: Figure | None


@dataclass(frozen=True)
class Regret:
    """What an option loses against the best of the same world, in nine worlds of ten at most."""

    name: str
    says: str
    unit: str
    values: dict[str, float]
    tints: dict[str, int]  # 0 none .. TINTS the most of this outcome


@dataclass(frozen=True)
class TestCard:
    """One test of a claim."""

    tested: Tested
    asks: str
    typical: str
    curve: Figure


@dataclass(frozen=True)
class ClaimCard:
    """One claim."""

    number: int
    claim: Claim
    verdict: Verdict
    mark: words.Mark
    by: str  # "worlds" or "record": whose word the headline is
    tests: tuple[TestCard, ...]
    theories: Figure | None
    weights: Figure | None  # of a value claim
    sources: tuple[tuple[str, Source], ...]


@dataclass(frozen=True)
class AssumptionRow:
    """One number we do not know."""

    name: str
    means: str
    range: str
    glyph: Glyph | None
    assumption: Assumption


@dataclass(frozen=True)
class Theory:
    """One answer to a question on which scholars differ, and the numbers it needs."""

    name: str
    says: str
    numbers: tuple[AssumptionRow, ...]


def outcome_names(run: Table) -> list[str]:
    """Outcomes of the case as a whole, and those by threat that a claim asks for, best first.

    What the claims ask for most often comes first; the rest keep the order of the table.
    """
    forms = [check.form for c in run.case.claims.values() for check in c.tests.values()]
    asked = Counter(form.outcome for form in forms)
    every = [name for name in run.manifest["outcomes"] if "." not in name or name in asked]
    return sorted(every, key=lambda name: -asked[name])


def outcome_cards(run: Table, figures: Figures, found: list[Compared]) -> list[OutcomeCard]:
    """The main outcomes, drawn."""
    return [outcome_card(run, figures, each) for each in found[:MAIN]]


def outcome_card(run: Table, figures: Figures, found: Compared) -> OutcomeCard:
    """One outcome, drawn."""
    meta = _meta(run, found.outcome)
    return OutcomeCard(
        says=words.outcome_words(found.outcome, meta, run.case),
        better=meta["better"],
        found=found,
        levels=draw.levels(figures, found, run.case.reference),
        differences=draw.differences(figures, found) if found.differences else None,
    )


def compared(run: Table) -> list[Compared]:
    """Every outcome of `outcome_names`, under every option; nothing if no world is sound."""
    return [] if run.sound.is_empty() else [compare(run, name) for name in outcome_names(run)]


def regrets(run: Table, found: list[Compared]) -> list[Regret]:
    """How badly each option can be beaten, for each main outcome that has a better side."""
    rows = []
    for each in found[:MAIN]:
        better = _meta(run, each.outcome)["better"]
        if better == "neither":
            continue
        options = run.manifest["options"]
        values = run.kept(each.outcome, options).select(options).to_numpy().astype(np.float64)
        metric = robustness(values, options, better=better)
        kept = metric.filter(metric["metric"] == "90th percentile regret")
        lost = dict(kept.select("option", "value").iter_rows())
        most = max(lost.values())
        says = words.outcome_words(each.outcome, _meta(run, each.outcome), run.case)
        tints = {o: round(TINTS * lost[o] / most) if most > 0 else 0 for o in options}
        rows.append(
            Regret(words.label(each.outcome).replace(".", ", "), says, each.unit, lost, tints)
        )
    return rows


def claim_card(run: Table, figures: Figures, number: int, verdict: Verdict) -> ClaimCard:
    """One claim, the `number`th of the case."""
    case, claim = run.case, run.case.claims[verdict.claim]
    mark, by = words.headline(verdict)
    tests = tuple(_test(run, figures, verdict.claim, tested) for tested in verdict.tests)
    names = claim.record.source if claim.record else ()
    return ClaimCard(
        number=number,
        claim=claim,
        verdict=verdict,
        mark=mark,
        by=by,
        tests=tests,
        theories=draw.theory_shares(figures, case, verdict) if verdict.share else None,
        weights=draw.weightings(figures, verdict),
        sources=tuple((n, case.sources.get(n, Source(cite=n))) for n in names),
    )


def _test(run: Table, figures: Figures, claim: str, tested: Tested) -> TestCard:
    check = run.case.claims[claim].tests[tested.name]
    low, middle, high = tested.quantiles
    level = isinstance(check.form, Level)
    say = words.quantity if level else words.change
    typical = (
        f"{'Its level' if level else 'The difference'} is {say(middle, tested.unit)} in the middle "
        f"world, and between {say(low, tested.unit)} and {say(high, tested.unit)} in nine worlds "
        "of ten."
    )
    if not level:
        typical += (
            f" It is no larger than the margin, either way, in {words.percent(tested.close)} of "
            "worlds."
        )
    return TestCard(
        tested=tested,
        asks=words.asks(check, run.case, run.manifest["outcomes"]),
        typical=typical,
        curve=draw.margin_curve(figures, claim, tested, check, run.case.verdicts),
    )


def assumption_groups(run: Table) -> list[tuple[str, list[AssumptionRow]]]:
    """Every assumption of the case, by the first word of its name, in the order of the case."""
    rows = [assumption_row(run, name, a) for name, a in run.case.assumptions.items()]
    order = list(dict.fromkeys(_group(row.name) for row in rows))
    rows.sort(key=lambda row: order.index(_group(row.name)))
    return [(words.label(group), list(these)) for group, these in groupby(
        rows, key=lambda row: _group(row.name))]  # fmt: skip


def _group(name: str) -> str:
    return name.partition(".")[0]


def assumption_row(run: Table, name: str, assumption: Assumption) -> AssumptionRow:
    """One assumption, said in words and drawn."""
    known = run.manifest["columns"].get(name, {})
    means = assumption.means or known.get("means") or words.label(name)
    return AssumptionRow(name, means, range_words(assumption), glyph(assumption), assumption)


def levers(run: Table) -> dict[str, list[AssumptionRow]]:
    """What each option sets."""
    return {
        name: [assumption_row(run, lever, a) for lever, a in option.sets.items()]
        for name, option in run.case.options.items()
    }


def judged(case: Case) -> tuple[int, int]:
    """How many numbers rest on our own judgement alone, and how many there are."""
    every = [*case.assumptions.values(),
             *(a for option in case.options.values() for a in option.sets.values())]  # fmt: skip
    return sum(a.judged for a in every), len(every)


def questions(run: Table) -> list[tuple[str, str, list[Theory]]]:
    """Question, what it asks, and the theories the case lets worlds believe."""
    columns: dict[str, Any] = run.manifest["columns"]
    said: dict[str, dict[str, str]] = run.manifest.get("theories", {})
    return [
        (
            words.label(question),
            columns.get(f"theory.{question}", {}).get("means", ""),
            [
                Theory(
                    words.label(name) + _believed(weights, name),
                    said.get(question, {}).get(name, ""),
                    tuple(
                        assumption_row(run, each, a)
                        for each, a in run.case.assumptions.items()
                        if each.startswith(f"{question}.{name}.")
                    ),
                )
                for name in weights
            ],
        )
        for question, weights in run.case.theories.items()
    ]


def screens(run: Screened) -> list[tuple[Screening, str, tuple[str, ...]]]:
    """Every screen, what it does in a sentence, and its sources."""
    return [
        (each, words.screening(each), run.case.screens[each.name].source) for each in run.screens
    ]


def _believed(weights: dict[str, float], name: str) -> str:
    """How often a theory is believed, where that is not as often as each other."""
    if len(set(weights.values())) == 1:
        return ""
    return f" (in {words.percent(weights[name] / sum(weights.values()))} of the worlds)"


def facts(run: Screened) -> list[tuple[str, str]]:
    """How the run was made: enough to make it again."""
    manifest, case = run.manifest, run.case
    return [
        ("Worlds explored", _explored(run.every)),
        *_set_aside(run),
        (
            "Worlds refused",
            f"{words.count(run.refused, 'world')}, whose numbers contradict one another",
        ),
        ("Options", f"{words.count(len(manifest['options']), 'option')} in every world"),
        ("Years", f"{case.years[0]} to {case.years[1]}"),
        ("Reference option", words.label(case.reference)),
        ("Seed", str(manifest["seed"])),
        ("Version", f"foedus {manifest['foedus']}"),
        ("Case file", f"{manifest['case_name']} (SHA-256 {manifest['case_sha256'][:12]}…)"),
    ]


def _explored(run: Table) -> str:
    if not (isinstance(run, Run) and run.tallied):
        return words.count(len(run.sound), "world")
    return (
        f"{run.computed:,} worlds, all counted for the verdicts; the rows of {len(run.sound):,} of "
        "them, drawn at random, are kept, and everything else on this page is read from these"
    )


def _set_aside(run: Screened) -> list[tuple[str, str]]:
    if not run.screens:
        return []
    share = words.percent(float(run.passes.mean()))
    return [
        (
            "Worlds kept by the screens",
            f"{words.count(len(run.sound), 'world')}, {share} of those explored",
        )
    ]


def _meta(run: Table, outcome: str) -> dict[str, Any]:
    found: dict[str, Any] = run.manifest["outcomes"][outcome]
    return found
