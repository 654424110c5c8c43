"""When does help come? Closure curves over the worlds -> a chart and its sentence."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from foedus.report import panels, words
from foedus.report.figures import Figure, Figures


def closing(figures: Figures, reference: str, found: Mapping[str, Any] | None) -> Figure | None:
    """How much of the promised help has arrived by when; None where that was not followed.

    Args:
        figures: to add to.
        reference: the option whose middle world is drawn in every panel.
        found: as the engine keeps it: threat, year, worlds, days, decided, curves.
    """
    if found is None:
        return None
    says = f"{_on_the_day(reference, found)} {_how_read(found)}"
    chart = panels.closing(found, reference)
    return figures.add("closing", "By when the help arrives", says, chart)


def _on_the_day(reference: str, found: Mapping[str, Any]) -> str:
    """What has arrived on the deciding day of the middle world."""
    low, day, high = found["decided"]
    there = {o: [float(np.interp(day, found["days"], c)) for c in curves]
             for o, curves in found["curves"].items()}  # fmt: skip
    least, middle, most = map(words.percent, there[reference])
    said = (
        f"On day {words.number(day)}, when the middle world decides (the upright mark; day "
        f"{words.number(low)} to {words.number(high)} in eight worlds of ten), {middle} of the "
        f"promised help has arrived under “{words.label(reference)}” in the middle world "
        f"({least} to {most} in eight worlds of ten)"
    )
    others = {option: each[1] for option, each in there.items() if option != reference}
    if not others:
        return f"{said}; no option changes when it comes."
    best = max(others, key=others.__getitem__)
    return (
        f"{said}; of the options that change when it comes, most is there under "
        f"“{words.label(best)}” ({words.percent(others[best])})."
    )


def _how_read(found: Mapping[str, Any]) -> str:
    return (
        f"Counted over {words.count(found['worlds'], 'world')} in which help comes along the "
        f"routes, for a crisis of {found['year']} ({found['threat']}) with the option in force; "
        "the line is the middle world, the band eight worlds of ten, the dashed line the "
        "middle world under the reference."
    )
