"""Run -> options set against each other: what each can lose, and what it trades for what."""

from itertools import pairwise

import numpy as np

from foedus.judge.robustness import Better, front
from foedus.report import choices, words
from foedus.report.choices import Choice, Loss
from foedus.report.figures import Figure, Figures
from foedus.report.sections import MAIN, Regret
from foedus.report.spread import Compared
from foedus.table import Table

DRAWN = 2  # trade-offs that are drawn


def losses(figures: Figures, regrets: list[Regret]) -> Figure | None:
    """The heat map of regrets, with the option that is never badly wrong, if there is one."""
    if not regrets:
        return None
    rows = []
    for regret in regrets:
        most = max(regret.values.values())
        for option, lost in regret.values.items():
            shown = lost * words.scale(regret.unit)
            unit = words.change_unit(regret.unit) or "no unit"
            part = lost / most if most > 0 else 0.0
            rows.append(Loss(option, regret.name, shown, unit, part, words.number(shown)))
    worst = {o: max(r.of_most for r in rows if r.option == o) for o in regrets[0].values}
    safest, riskiest = min(worst, key=worst.__getitem__), max(worst, key=worst.__getitem__)
    says = (
        f"“{words.label(safest)}” keeps furthest from the worst: in no outcome does it lose more "
        f"than {words.percent(worst[safest])} of what the worst option there loses. "
        f"“{words.label(riskiest)}” is the worst of all in at least one."
    )
    return figures.add("regrets", "What each option can lose, at most, in nine worlds of ten",
                       says, choices.losses(rows))  # fmt: skip


def trade_offs(run: Table, figures: Figures, found: list[Compared]) -> list[Figure]:
    """Cost against what it buys, where the case has a cost; else the outcomes most asked for."""
    outcomes = run.manifest["outcomes"]
    main = [c for c in found if outcomes[c.outcome]["better"] != "neither"]
    priced = [c for c in main if "USD" in c.unit]
    bought = [c for c in main[:MAIN] if c not in priced]
    pairs = [(priced[0], each) for each in bought] if priced else list(pairwise(bought))
    return [_trade_off(run, figures, *pair) for pair in pairs[:DRAWN]]


def _trade_off(run: Table, figures: Figures, first: Compared, second: Compared) -> Figure:
    options: list[str] = run.manifest["options"]
    pair = (first, second)
    values = {
        c.outcome: run.kept(c.outcome, options).select(options).to_numpy().astype(np.float64)
        for c in pair
    }
    better: dict[str, Better] = {
        c.outcome: run.manifest["outcomes"][c.outcome]["better"] for c in pair
    }
    met = front(values, options, better)
    rows = [
        Choice(
            row["option"],
            row[first.outcome] * words.scale(first.unit),
            row[second.outcome] * words.scale(second.unit),
            row["front"],
            row["share"],
        )
        for row in met.to_dicts()
    ]
    names = tuple(words.label(c.outcome).replace(".", ", ") for c in pair)
    titles = tuple(
        f"{name}, {words.unit_words(c.unit) or 'no unit'}"
        for name, c in zip(names, pair, strict=True)
    )
    chart = choices.trade_off(
        rows, (titles[0], titles[1]), (better[first.outcome], better[second.outcome])
    )
    name = f"trade-{first.outcome}-{second.outcome}"
    return figures.add(name, f"{_capital(names[0])} against {names[1]}", _says(rows), chart)


def _says(rows: list[Choice]) -> str:
    best = [f"“{words.label(r.option)}”" for r in rows if r.unbeaten]
    often = max(rows, key=lambda r: r.share)
    joined = best[0] if len(best) == 1 else f"{', '.join(best[:-1])} and {best[-1]}"
    said = (
        f"On average over the worlds no other option beats {joined} in both at once. "
        if len(best) > 1
        else f"On average over the worlds {joined} is at least as good as every other in both. "
    )
    return said + (
        f"World by world, “{words.label(often.option)}” is unbeaten most often: in "
        f"{words.percent(often.share)} of worlds."
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
