"""`foedus story`: one world's years and one drawn history, on the terminal."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from foedus.case.schema import Case
from foedus.engine.story import Happening, Story, story
from foedus.judge.quantities import number
from foedus.terminal import plain_table

__all__ = ["as_json", "story", "tell"]

WARNING = "An illustration: one world of many, one history its odds allow; no verdict."
FIT = 4  # threats whose odds fit into 80 columns


def tell(case: Case, told: Story, console: Console) -> None:
    """Print a story: its years, and its drawn history."""
    console.print(Text(case.title, style="bold"))
    console.print(f"World {told.world}, seed {told.seed}, under “{told.option}”.")
    console.print(Text(WARNING, style="yellow"))
    console.print()
    console.print(_years(case, told))
    console.print("Under each threat: odds of a dispute in the year, over all its histories.")
    console.print("war: odds that an attack on the host has come to war by then. ready: worth of")
    console.print("the host's forces. troops: at the base. cost: of the year, to both together,")
    console.print("present value, million USD.")
    if len(told.threats) > FIT:
        console.print(f"Left out for want of room: {', '.join(told.threats[FIT:])}; see --json.")
    console.print()
    console.print(
        Text(f"One history, drawn with dice (draw {told.draw}; --draw gives another)", style="bold")
    )
    for line in _history(case, told):
        console.print(f"  {line}")


def _years(case: Case, told: Story) -> Table:
    table = plain_table("Year by year")
    table.add_column("year", no_wrap=True)
    for name in (*told.threats[:FIT], "war", "ready", "troops", "cost"):
        table.add_column(name, justify="right", no_wrap=True)
    host = case.alliance.host
    attacks = [i for i, name in enumerate(told.threats) if case.threats[name].target == host]
    for y, year in enumerate(told.years):
        odds = [_odds(each) for each in told.disputes[y, :FIT]]
        war = 1.0 - float((1.0 - told.war_so_far[y, attacks]).prod())
        built = (
            f"{told.readiness[y]:.2f}",
            f"{told.troops[y]:,.0f}",
            number(round(told.cost[y], 1)),
        )
        table.add_row(str(year), *odds, _odds(war), *built)
    return table


def _odds(value: float) -> str:
    return f"{100 * value:.1f} %"


def _history(case: Case, told: Story) -> Iterator[str]:
    """Every dispute in words, and the end of the treaty."""
    ended = told.treaty_ended
    lines = [(each.year, 0, _in_words(case, each)) for each in told.happened]
    if ended is not None:
        lines.append((ended, 1, f"{ended}: the treaty ends with this year."))
    if not told.happened:
        yield f"No dispute from {told.years[0]} to {told.years[-1]}."
    for _, _, line in sorted(lines):
        yield line


def _in_words(case: Case, each: Happening) -> str:
    threat = case.threats[each.threat]
    said = f"{each.year}: {case.actors[threat.challenger].name} challenges "
    said += f"{case.actors[threat.target].name}; "
    said += "answered with force" if each.answered else "no answer by force"
    if each.helped and threat.helper is not None:
        said += f", {case.actors[threat.helper].name} helps"
    worst = "it comes to war" if each.war else "lives are lost" if each.fatal else ""
    ends = [worst, "land is taken" if each.grab else "", "a concession" if each.concession else ""]
    return "; ".join([said, *filter(None, ends)]) + "."


def as_json(told: Story) -> dict[str, Any]:
    """A story as plain values; arrays are lists, by year."""
    return {
        "illustration": WARNING,
        "option": told.option,
        "world": told.world,
        "seed": told.seed,
        "draw": told.draw,
        "years": [
            {
                "year": year,
                "disputes": dict(zip(told.threats, told.disputes[y].tolist(), strict=True)),
                "war_so_far": dict(zip(told.threats, told.war_so_far[y].tolist(), strict=True)),
                "readiness": float(told.readiness[y]),
                "troops": float(told.troops[y]),
                "cost": float(told.cost[y]),
            }
            for y, year in enumerate(told.years)
        ],
        "history": [asdict(each) for each in told.happened],
        "treaty_ended": told.treaty_ended,
    }
