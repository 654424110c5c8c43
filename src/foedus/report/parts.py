"""Run -> the parts of the argument, and what having each one changes."""

from dataclasses import dataclass

import numpy as np

from foedus.case.part import Part
from foedus.judge.claims import Verdict
from foedus.report import charts, words
from foedus.report.figures import Figure, Figures
from foedus.report.spread import Difference, difference, points
from foedus.table import Table


@dataclass(frozen=True)
class Move:
    """What a part does to one outcome, over the worlds."""

    outcome: str
    says: str
    better: str
    found: Difference | None  # with the part against without; nothing if no option sets it apart
    typical: str


@dataclass(frozen=True)
class PartCard:
    """One part of the argument."""

    name: str
    part: Part
    moves: tuple[Move, ...]
    claims: tuple[tuple[Verdict, words.Mark, str], ...]  # verdict, how it looks, judged by whom


@dataclass(frozen=True)
class System:
    """All parts, and one picture of what they move."""

    cards: tuple[PartCard, ...]
    figure: Figure | None


def system(run: Table, figures: Figures, verdicts: list[Verdict]) -> System:
    """The parts that the case names, in its order."""
    by_claim = {verdict.claim: verdict for verdict in verdicts}
    cards = tuple(
        PartCard(
            name,
            part,
            tuple(_move(run, part, each) for each in part.outcomes if not run.sound.is_empty()),
            tuple((by_claim[c], *words.headline(by_claim[c])) for c in part.claims),
        )
        for name, part in run.case.parts.items()
    )
    return System(cards, _figure(figures, cards))


def _move(run: Table, part: Part, outcome: str) -> Move:
    meta = run.manifest["outcomes"][outcome]
    says, unit = words.outcome_words(outcome, meta, run.case), meta["unit"]
    if part.option is None or part.than is None:
        option = run.case.reference
        values = run.kept(outcome, [option])[option].to_numpy().astype(np.float64)
        low, _, middle, _, high = points(values)
        typical = (
            f"{words.quantity(middle, unit)} in the middle world under “{words.label(option)}”, "
            f"{words.quantity(low, unit)} to {words.quantity(high, unit)} in nine worlds of ten"
        )
        return Move(outcome, says, meta["better"], None, typical)
    pair = run.kept(outcome, [part.option, part.than])
    having, lacking = (pair[o].to_numpy().astype(np.float64) for o in (part.option, part.than))
    found = difference(part.option, having - lacking)
    least, _, median, _, most = (words.change(each, unit) for each in found.points)
    typical = f"{median} in the middle world, {least} to {most} in nine worlds of ten"
    return Move(outcome, says, meta["better"], found, typical)


def _figure(figures: Figures, cards: tuple[PartCard, ...]) -> Figure | None:
    """In which share of worlds having a part makes an outcome better, and in which worse."""
    rows = [
        (f"{card.name}: {words.label(move.outcome).replace('.', ', ')}", *sides(move))
        for card in cards
        for move in card.moves
        if move.found is not None and move.better != "neither"
    ]
    if not rows:
        return None
    best, worst = max(rows, key=lambda row: row[1]), max(rows, key=lambda row: row[2])
    says = (
        f"Of what can be set apart here, {best[0]} is made better in most worlds "
        f"({words.percent(best[1])}) and {worst[0]} is made worse in most "
        f"({words.percent(worst[2])}); where a bar is short, having the part changes nothing."
    )
    return figures.add(
        "parts",
        "Does having a part make things better or worse for the host?",
        says,
        charts.better_worse(rows),
    )


def sides(move: Move) -> tuple[float, float]:
    """Share of worlds in which having the part makes the outcome better, and worse."""
    assert move.found is not None
    both = (move.found.lower, move.found.higher)
    return both if move.better == "lower" else both[::-1]
