"""A run on the terminal: tables of options and of verdicts, and how far the work is."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import polars as pl
from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table as RichTable
from rich.text import Text

from foedus.judge.claims import Verdict
from foedus.judge.quantities import count
from foedus.judge.screens import Screened, screened
from foedus.judge.tallied import Tallied
from foedus.report.words import answer, interval, number, percent, scale, unit_words
from foedus.table import Run, Table

Tell = Callable[[int, int], None]  # (done, total)

MAIN = ("disputes", "war", "grab", "help", "in_time", "cost")  # as many as 80 letters can hold

_COLOURS = {
    "holds": "green",
    "supported": "green",
    "partly supported": "green",
    "depends": "yellow",
    "contested": "yellow",
    "too close to call": "yellow",
    "fails": "red",
    "unsupported": "red",
}


def summary(run: Run, verdicts: list[Verdict], console: Console) -> None:
    """Print options x main outcomes, claims x verdicts, and what they come to."""
    kept = screened(run)
    worlds = run.manifest["worlds"]
    refused = run.refused
    console.print(Text(run.manifest["title"], style="bold"))
    left_out = f"; {refused:,} could not be computed and are left out" if refused else ""
    console.print(f"{count(worlds, 'world')}, seed {run.manifest['seed']}{left_out}.")
    if run.tallied:
        console.print(
            f"All are counted; the rows of {len(run.sound):,}, drawn at random, are kept."
        )
    for line in _screens(kept):
        console.print(line)
    console.print()
    if kept.sound.is_empty():
        console.print("No world could be computed, so there is nothing to compare.")
    else:
        console.print(options_table(kept))
        for name in _main(run):
            console.print(Text(f"{name}: {run.manifest['outcomes'][name]['means']}", style="dim"))
    console.print()
    if verdicts:
        console.print(verdicts_table(verdicts))
        console.print("A share of worlds is no probability: it says how much of what is plausible")
        console.print("bears a claim out. In brackets: its 95 % interval.")
        if any(each.verdict == "too close to call" for each in verdicts):
            console.print("Too close to call: in most worlds the options differ by no more than")
            console.print("the margin, or the interval lies across a threshold.")
        if any(each.weighed is not None for each in verdicts):
            console.print("For a value claim: of worlds and of ways to weigh outcomes together;")
            console.print("below it, of ways to weigh them in the middle world.")
        if kept.screens:
            share = percent(float(kept.passes.mean()))
            console.print(f"Shares are of the {share} of worlds that the screens keep; below them")
            console.print("stands the share of all worlds.")
        console.print()
    for sentence in answer(verdicts):
        console.print(sentence)


def _screens(run: Screened) -> Iterator[str]:
    """How many worlds are set aside, and by which screen."""
    if not run.screens:
        return
    share = percent(float(run.passes.mean()))
    yield f"The screens set {count(run.set_aside, 'world')} aside and keep {share}:"
    for each in run.screens:
        yield f"  {each.name}: {percent(each.meets.share)} of worlds meet it."


def _main(run: Table) -> list[str]:
    return [name for name in MAIN if name in run.manifest["outcomes"]]


def spread(run: Table, outcomes: list[str]) -> pl.DataFrame:
    """Median, 5 % and 95 % over worlds: one row an option and outcome.

    Columns: option, outcome, low, median, high. Worlds that could not be computed, or that a
    screen sets aside, are left out.
    """
    options = run.manifest["options"]
    every = run.every if isinstance(run, Screened) else run
    if isinstance(every, Run) and every.tallied:
        return _counted_spread(Tallied(every), options, outcomes)
    return pl.concat(
        run.kept(outcome, options)
        .unpivot(on=options, index="world", variable_name="option")
        .cast({"value": pl.Float64})  # between two worlds of 32 bits lies a number of more
        .group_by("option")
        .agg(
            pl.lit(outcome).alias("outcome"),
            pl.col("value").quantile(0.05, "linear").alias("low"),
            pl.col("value").median().alias("median"),
            pl.col("value").quantile(0.95, "linear").alias("high"),
        )
        for outcome in outcomes
    )


def _counted_spread(counts: Tallied, options: list[str], outcomes: list[str]) -> pl.DataFrame:
    """The same from counts of all worlds, each number within 0.4 % of itself."""
    rows = [
        (option, name, *counts.histogram("level", name, option).quantiles((0.05, 0.5, 0.95)))
        for option in options
        for name in outcomes
    ]
    return pl.DataFrame(rows, schema=["option", "outcome", "low", "median", "high"], orient="row")


def options_table(run: Screened) -> RichTable:
    """What comes of each option: the median over worlds, and the 5 to 95 % range below it."""
    names = _main(run)
    table = plain_table("What comes of each option: median over worlds, and 5 to 95 % of them")
    table.add_column("option", no_wrap=True)
    for name in names:
        unit = unit_words(run.manifest["outcomes"][name]["unit"])
        table.add_column(f"{name}\n{'' if unit == name else unit}", justify="right")
    rows = {(row["option"], row["outcome"]): row for row in spread(run, names).to_dicts()}
    for option in run.manifest["options"]:
        cells = [_cell(rows[option, name], run.manifest["outcomes"][name]["unit"])
                 for name in names]  # fmt: skip
        reference = option == run.manifest["reference"]
        title = Text(option, style="bold" if reference else "")
        table.add_row(title.append("\n(reference)" if reference else "", style="dim"), *cells)
    return table


def _cell(row: dict[str, float], unit: str) -> Text:
    low, high = (_two_digits(row[part] * scale(unit)) for part in ("low", "high"))
    return Text(number(row["median"] * scale(unit))).append(f"\n{low}–{high}", style="dim")


def _two_digits(value: float) -> str:
    """For the ends of a range: more digits would break the line, and mean nothing."""
    return number(float(f"{value:.2g}"))


def plain_table(title: str) -> RichTable:
    """A table without walls, so that much fits in 80 columns."""
    return RichTable(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD,
                 pad_edge=False, padding=(0, 1, 0, 0))  # fmt: skip


def verdicts_table(verdicts: list[Verdict]) -> RichTable:
    """Every claim with its verdict, in the order of the case."""
    table = plain_table("What becomes of each claim")
    table.add_column("claim", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    table.add_column("share of worlds", justify="right", no_wrap=True)
    table.add_column("it says", ratio=1)
    for each in verdicts:
        recorded = each.verdict == "untested" and each.record not in ("", "untested")
        verdict = Text(each.headline, style=_COLOURS.get(each.headline, "dim"))
        if recorded:
            verdict.append("\n(the record)", style="dim")
        share = Text("")
        if each.share is not None:
            share = Text(percent(each.share.share))
            share.append(f"\n[{interval(each.share)}]", style="dim")
        if each.weighed is not None:
            share.append(f"\nmiddle world {percent(each.weighed.spread[1])}", style="dim")
        if each.unscreened is not None:
            share.append(f"\nof all {percent(each.unscreened.share)}", style="dim")
        table.add_row(each.claim, verdict, share, each.says)
    return table


def played(console: Console, options: int) -> AbstractContextManager[Tell]:
    """A bar for `simulate`; until the first worlds are back it compiles, and a spinner says so."""
    first = "Compiling the case for this machine"
    return counted(console, first, f"{{:,}} of {{:,}} worlds, {options} options each")


@contextmanager
def counted(console: Console, first: str, said: str) -> Iterator[Tell]:
    """A bar that says `first` until it is told of a count, then `said` of (done, total)."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(first, total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, description=said.format(done, total), completed=done, total=total)

        yield tell
