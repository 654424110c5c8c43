"""Chart + the sentence that says what it shows. A figure without a sentence cannot be made."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from foedus.case.schema import Case, Check, Level, Thresholds
from foedus.judge.claims import Share, Tested, Verdict, margin
from foedus.report import charts, simplex, words
from foedus.report.spread import Compared

SWAYS = 0.05  # a question whose theories differ by less is in the table, not in the chart
DRAWN = 3  # questions drawn for one claim


@dataclass(frozen=True)
class Figure:
    """A chart on the page."""

    name: str
    title: str
    says: str


@dataclass
class Figures:
    """Every chart of a page, by the name of the box it is drawn in."""

    specs: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, title: str, says: str, chart: charts.Drawn) -> Figure:
        """Keep a chart, and say where it is."""
        # Checking a spec against its schema takes longer than all else; the tests check and draw.
        self.specs[name] = chart.to_dict(validate=False)
        return Figure(name, title, says)


def levels(figures: Figures, found: Compared, reference: str) -> Figure:
    """An outcome under every option."""
    home = next(each for each in found.levels if each.option == reference)
    low = min(found.levels, key=lambda each: each.median)
    high = max(found.levels, key=lambda each: each.median)
    says = (
        f"In the middle world it is {words.quantity(home.median, found.unit)} under "
        f"“{words.label(reference)}”; over the options the middle runs from "
        f"{words.quantity(low.median, found.unit)} (“{words.label(low.option)}”) to "
        f"{words.quantity(high.median, found.unit)} (“{words.label(high.option)}”)."
    )
    chart = charts.levels(found.levels, found.unit, reference)
    return figures.add(f"level-{found.outcome}", "Under each option", says, chart)


def differences(figures: Figures, found: Compared) -> Figure:
    """What each option changes against the reference, in the same world."""
    most = max(found.differences, key=lambda each: abs(each.median))
    says = (
        f"In the same world, “{words.label(most.option)}” changes it most: by "
        f"{words.change(most.median, found.unit)} in the middle world, and between "
        f"{words.change(most.points[0], found.unit)} and {words.change(most.points[4], found.unit)}"
        " in nine worlds of ten."
    )
    if most.median == 0:
        says = "In the middle world no option changes it at all."
    chart = charts.differences(found.differences, found.unit)
    return figures.add(f"difference-{found.outcome}", "Against the reference", says, chart)


def claim_shares(figures: Figures, case: Case, verdicts: list[Verdict]) -> Figure | None:
    """Every tested claim in one picture."""
    rows: list[tuple[str, str, Share]] = [
        (f"{v.claim} {v.quote or v.says}", v.verdict, v.share)
        for v in verdicts
        if v.share is not None
    ]
    if not rows:
        return None
    high, low = case.verdicts.holds, case.verdicts.fails
    above = sum(share.share >= high for *_, share in rows)
    below = sum(share.share <= low for *_, share in rows)
    says = (
        f"Of {len(rows)} tested claims, {above} are right in at least {words.percent(high)} of "
        f"worlds and {below} in at most {words.percent(low)} (dashed lines); a grey line behind "
        "a mark is its 95 % interval."
    )
    chart = charts.claim_shares(rows, case.verdicts)
    return figures.add("claim-shares", "Share of worlds in which each claim is right", says, chart)


def margin_curve(
    figures: Figures, claim: str, tested: Tested, check: Check, bars: Thresholds
) -> Figure:
    """How small is small: a test's share against its margin, or against its level."""
    form = check.form
    if isinstance(form, Level):
        factor, at = words.scale(tested.unit), form.value
        unit = words.unit_words(tested.unit)
        title = f"level asked for, {unit or 'no unit'}"
        set_to = f"the level asked for ({words.quantity(form.value, tested.unit)})"
    else:
        at, relative = margin(form)
        factor = 100.0 if relative else words.scale(tested.unit)
        unit = f"% of “{_than(check)}”" if relative else words.change_unit(tested.unit)
        title = f"margin, {unit or 'no unit'}"
        set_to = f"the margin set ({words.margin_words(form, tested.unit)})"
    says = f"At {set_to} it is so in {words.percent(tested.share.share)} of worlds; "
    first, last = tested.curve[0], tested.curve[-1]
    says += " and ".join(
        f"at {words.number(x * factor)} {unit}".rstrip() + f", in {words.percent(share)}"
        for x, share in (first, last)
    )
    points = [(x * factor, share) for x, share in tested.curve]
    chart = charts.margin_curve(points, (at * factor, tested.share.share), title, bars)
    name = f"curve-{claim}-{tested.name}"
    return figures.add(name, "How small is small?", f"{says}.", chart)


def _than(check: Check) -> str:
    form = check.compare or (check.compare_difference and check.compare_difference.first)
    return words.label(form.than) if form else ""


def theory_shares(figures: Figures, case: Case, verdict: Verdict) -> Figure | None:
    """The questions whose theories move a claim's share most; nothing if none moves it much."""
    assert verdict.share is not None
    swings = {q: max(s.values()) - min(s.values()) for q, s in verdict.by_theory.items() if s}
    ranked = sorted((q for q in swings if swings[q] >= SWAYS), key=swings.__getitem__, reverse=True)
    if not ranked:
        return None
    rows = [(q, name, s) for q in ranked[:DRAWN] for name, s in verdict.by_theory[q].items()]
    top = verdict.by_theory[ranked[0]]
    low, high = min(top, key=top.__getitem__), max(top, key=top.__getitem__)
    says = (
        f"What one believes on “{words.label(ranked[0])}” moves it most: right in "
        f"{words.percent(top[low])} of the worlds that believe “{words.label(low)}” and in "
        f"{words.percent(top[high])} of those that believe “{words.label(high)}”; the upright "
        f"mark is the share over all worlds, {words.percent(verdict.share.share)}."
    )
    chart = charts.theory_shares(rows, verdict.share.share, case.verdicts)
    return figures.add(f"theory-{verdict.claim}", "By theory", says, chart)


def weightings(figures: Figures, verdict: Verdict) -> Figure | None:
    """Where, among all ways to weigh the outcomes, a value claim is right; None without them."""
    found = verdict.weighed
    if found is None or found.frame is None:
        return None
    shares = found.frame["share"].to_numpy()
    bulk = words.percent(float(np.mean(shares >= 0.5)))
    says = (
        f"Of {len(shares):,} ways to weigh the outcomes, under {bulk} it is right in at least half "
        f"of the worlds; the share runs from {words.percent(float(shares.min()))} of worlds "
        f"to {words.percent(float(shares.max()))}."
    )
    chart = simplex.weightings(found.frame)
    return figures.add(f"weights-{verdict.claim}", "Where it is right", says, chart)
