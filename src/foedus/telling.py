"""An explanation on the terminal: when a claim breaks, what decides it, three worlds to look at."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from foedus.case.schema import Level
from foedus.judge.deciding import Decides
from foedus.judge.explain import Explanation
from foedus.judge.quantities import (
    change,
    change_unit,
    label,
    number,
    percent,
    quantity,
    scale,
    unit_words,
)
from foedus.judge.slopes import NEGLIGIBLE, Slope
from foedus.judge.weighed import ABOUT, WeighedExplanation
from foedus.report.words import interval
from foedus.table import Run
from foedus.terminal import plain_table
from foedus.waiting import Tell

STEEPEST = 8  # assumptions of which slopes are printed
OTHER_FLIPS = 3  # beside the smallest, of each example world


def tell(run: Run, found: Explanation | WeighedExplanation, console: Console) -> None:
    """Print an explanation, 80 columns wide or as wide as the terminal."""
    if isinstance(found, WeighedExplanation):
        tell_weighed(found, console)
    else:
        tell_explanation(run, found, console)


def tell_explanation(run: Run, found: Explanation, console: Console) -> None:
    """Print the explanation of a claim that has tests."""
    _said(found, console)
    if found.share is not None:
        console.print(
            f"Verdict: {found.verdict}. It holds in {percent(found.share.share)} of "
            f"{found.worlds:,} worlds (95 % interval {interval(found.share)})."
        )
    _curves(run, found, console)
    _boxes(found, console)
    about = f"What decides {found.decides_about}"
    _deciders(about, found.decides, found.decides_not, console)
    _slopes(run, found, console)
    if found.channels:
        _channels(run, found, console)
    _examples(found, console)
    if found.sell_by is not None:
        _heading("How long it lasts", console)
        _paragraph(f"{found.sell_by.words}.", console)
    if found.note:
        _heading("To know", console)
        _paragraph(found.note, console)


def tell_weighed(found: WeighedExplanation, console: Console) -> None:
    """Print the explanation of a claim that is weighed."""
    _said(found, console)
    console.print(
        f"Verdict: {found.verdict}. It is right in {percent(found.share.share)} of "
        f"{found.worlds:,} worlds and {found.weightings:,} ways to weigh taken together "
        f"(95 % interval {interval(found.share)})."
    )
    _heading("Which weights decide", console)
    for each in found.weights:
        _paragraph(f"{each.words[:1].upper()}{each.words[1:]}.", console, "- ")
    _paragraph(
        f"In {percent(found.always)} of the worlds it is right under every way to weigh, in "
        f"{percent(found.never)} under none.", console,
    )  # fmt: skip
    _deciders(f"What decides {ABOUT}", found.decides, found.decides_not, console)
    if found.note:
        _heading("To know", console)
        _paragraph(found.note, console)


def _said(found: Explanation | WeighedExplanation, console: Console) -> None:
    console.print(Text(f"{found.claim}: {found.says}", style="bold"))
    if found.quote:
        console.print(Text(f"“{found.quote}”", style="dim"))


def _heading(words: str, console: Console) -> None:
    console.print()
    console.print(Text(words, style="bold"))


def _paragraph(words: str, console: Console, mark: str = "") -> None:
    text = Text(f"{mark}{words}")
    console.print(Padding(text, (0, 0, 0, 2)))


def _curves(run: Run, found: Explanation, console: Console) -> None:
    """The share of worlds at a few margins of each test: how much hangs on the margin chosen."""
    _heading("Had another margin or level been asked for, it would hold in", console)
    for curve in found.curves:
        level = isinstance(run.case.claims[found.claim].tests[curve.test].form, Level)
        absolute = unit_words(curve.unit) if level else change_unit(curve.unit)
        unit = "%" if curve.relative else absolute
        factor = 100.0 if curve.relative else scale(curve.unit)
        points = curve.points[:: max(1, (len(curve.points) - 1) // 4)]
        said = ", ".join(f"{percent(y)} at {number(x * factor)}" for x, y in points)
        _paragraph(f"{said} {unit}".rstrip(), console, f"{label(curve.test)}: ")


def _boxes(found: Explanation, console: Console) -> None:
    _heading(f"When it {found.case}", console)
    for k, box in enumerate(found.boxes, 1):
        _paragraph(box.words, console, f"{k}. ")
        for limit in box.limits:
            unit = limit.unit
            known = [
                f"{number(low * scale(unit))} to {quantity(high, unit)}"
                for low, high in filter(None, (limit.low_interval, limit.high_interval))
            ]
            if known:
                said = f"{limit.column}: the limit lies between {' and '.join(known)}"
                console.print(Padding(Text(said, style="dim"), (0, 0, 0, 5)))
    if found.boxes:
        first = found.boxes[0]
        where = f"Counted on {first.worlds:,} {first.checked_on}, in which no box was looked for."
        console.print(Padding(Text(where, style="dim"), (0, 0, 0, 2)))
    else:
        _paragraph(found.no_box, console)


def _deciders(
    heading: str, decides: tuple[Decides, ...], decides_not: int, console: Console
) -> None:
    _heading(heading, console)
    if not decides:
        _paragraph("No assumption alone rises above what chance gives.", console)
    alone = [each for each in decides if each.low > each.floor]
    for each in alone:
        total = "" if each.total is None else f"; with all interactions {percent(each.total)}"
        _paragraph(f"{each.words}{total}.", console, "- ")
    others = [each.column for each in decides if each not in alone]
    if others:
        _paragraph(f"Together with others: {', '.join(others)}.", console, "- ")
    if decides:
        floor = percent(decides[0].floor)
        said = (f"Chance alone gives up to {floor}; {decides_not} other assumptions do not "
                "rise clearly above it.")  # fmt: skip
        console.print(Padding(Text(said, style="dim"), (0, 0, 0, 2)))


def _slopes(run: Run, found: Explanation, console: Console) -> None:
    """One table a test: how steep, and the share of the variance that slopes allow at most."""
    claim = run.case.claims[found.claim]
    for test, check in claim.tests.items():
        mine = [each for each in found.slopes if each.test == test]
        if not mine:
            continue
        unit = run.manifest["outcomes"][check.form.outcome]["unit"]
        _heading(f"How it moves along each range: {check.says}", console)
        table = plain_table("")
        table.add_column("assumption", overflow="fold")
        table.add_column("over its range", justify="right")
        table.add_column("decides at most", justify="right")
        shown = [
            e for e in mine if e.jumps or e.at_most_high is None or e.at_most_high >= NEGLIGIBLE
        ]
        for each in shown[:STEEPEST]:
            table.add_row(each.words, change(float(f"{each.slope:.2g}"), unit), _bound(each))
        if shown:
            console.print(table)
        rest = len(shown) - len(shown[:STEEPEST])
        said = f"Mean of {mine[0].worlds:,} worlds, all else held."
        if rest:
            said += f" {rest} more may decide {percent(NEGLIGIBLE)} or more."
        if few := len(mine) - len(shown):
            said += (f" Each of the {few} others decides under {percent(NEGLIGIBLE)} of how large "
                     "it is, with whatever it acts together with: it could as well be "
                     "fixed.")  # fmt: skip
        console.print(Padding(Text(said, style="dim"), (0, 0, 0, 2)))


def _bound(each: Slope) -> str:
    """With the upper end of the interval: few worlds are steep, and few may have been met."""
    if each.at_most_high is None:
        return "never varies"
    if each.jumps:
        return "no bound: it jumps"
    return percent(each.at_most_high) if each.at_most_high < 1 else "no bound"


def _channels(run: Run, found: Explanation, console: Console) -> None:
    """The parts of a base, one table a test."""
    for test in dict.fromkeys(each.test for each in found.channels):
        mine = [each for each in found.channels if each.test == test]
        check = run.case.claims[found.claim].tests[test]
        unit = run.manifest["outcomes"][check.form.outcome]["unit"]
        _heading(f"Through what the base acts: {check.says}", console)
        table = plain_table("")
        table.add_column("channel")
        for name in ("on average", "5 to 95 % of worlds", "largest in", "holds without it"):
            table.add_column(name, justify="right")
        for each in mine:
            low, high = (number(float(f"{x * scale(unit):.2g}")) for x in (each.low, each.high))
            without = "" if each.holds_without is None else percent(each.holds_without)
            table.add_row(
                label(each.channel), change(float(f"{each.effect:.2g}"), unit), f"{low} to {high}",
                percent(each.largest), without,
            )  # fmt: skip
        console.print(table)
        console.print(Text(f"  With all channels it holds in {percent(mine[0].holds_with or 0)} of "
                           f"these {mine[0].worlds:,} worlds.", style="dim"))  # fmt: skip


def _examples(found: Explanation, console: Console) -> None:
    _heading("Three worlds to look at", console)
    for each in found.examples:
        _paragraph(f"{each.kind.capitalize()}. {each.words}", console, "- ")
        if each.flips is not None:
            said = f"The smallest change that flips it: {each.flips.words}."
            if each.others:
                rest = "; ".join(other.words for other in each.others[:OTHER_FLIPS])
                said += f" Others: {rest}."
        else:
            said = each.note
        console.print(Padding(Text(said), (0, 0, 0, 4)))


@contextmanager
def working(console: Console) -> Iterator[Tell]:
    """A bar for work in several steps, each named; a spinner until a step's first part is done."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("Looking", total=None)

        def tell(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total if done else None)

        yield tell
