"""A run on the terminal: tables of options and of verdicts, and how far the work is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import polars as pl
from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from foedus.judge.claims import Verdict
from foedus.report.words import answer, interval, number, percent, scale, unit_words
from foedus.table import Run

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
    worlds = run.manifest["worlds"]
    refused = run.refused
    console.print(Text(run.manifest["title"], style="bold"))
    left_out = f"; {refused:,} could not be computed and are left out" if refused else ""
    console.print(f"{worlds:,} worlds, seed {run.manifest['seed']}{left_out}.\n")
    console.print(options_table(run))
    for name in _main(run):
        console.print(Text(f"{name}: {run.manifest['outcomes'][name]['means']}", style="dim"))
    console.print()
    if verdicts:
        console.print(verdicts_table(verdicts))
        console.print("A share of worlds is no probability: it says how much of what is plausible")
        console.print("bears a claim out. In brackets: its 95 % interval.\n")
    for sentence in answer(verdicts):
        console.print(sentence)


def _main(run: Run) -> list[str]:
    return [name for name in MAIN if name in run.manifest["outcomes"]]


def spread(run: Run, outcomes: list[str]) -> pl.DataFrame:
    """Median, 5 % and 95 % over worlds: one row an option and outcome.

    Columns: option, outcome, low, median, high. Worlds that could not be computed are left out.
    """
    return (
        run.frame("outcomes")
        .join(run.sound.lazy().select("world"), on="world", how="semi")
        .select("option", *outcomes)
        .unpivot(on=outcomes, index="option", variable_name="outcome")
        .group_by("option", "outcome")
        .agg(
            pl.col("value").quantile(0.05, "linear").alias("low"),
            pl.col("value").median().alias("median"),
            pl.col("value").quantile(0.95, "linear").alias("high"),
        )
        .collect()
    )


def options_table(run: Run) -> Table:
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


def plain_table(title: str) -> Table:
    """A table without walls, so that much fits in 80 columns."""
    return Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD,
                 pad_edge=False, padding=(0, 1, 0, 0))  # fmt: skip


def verdicts_table(verdicts: list[Verdict]) -> Table:
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
        table.add_row(each.claim, verdict, share, each.says)
    return table


@contextmanager
def played(console: Console, options: int) -> Iterator[Callable[[int, int], None]]:
    """A bar for `simulate`; until the first worlds are back it compiles, and a spinner says so."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("Compiling the case for this machine", total=None)

        def tell(done: int, total: int) -> None:
            said = f"{done:,} of {total:,} worlds, {options} options each"
            bar.update(task, description=said, completed=done, total=total)

        yield tell
