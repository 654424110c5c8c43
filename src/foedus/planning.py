"""`foedus plan`: plans and audits made, told on the terminal and written."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from foedus.case.schema import Case
from foedus.engine import auditing, reading
from foedus.engine.movements import Planned, curves, moved, planned
from foedus.report import plans
from foedus.report.plan_words import as_json, ask_for, how, sentences, table, title
from foedus.table import Run, open_run
from foedus.terminal import Tell, counted

__all__ = ["Source", "as_json", "ask_for", "audit", "audited", "planned_world", "source",
           "tell_plan", "write"]  # fmt: skip


@dataclass(frozen=True)
class Source:
    """Where worlds come from: a case and a seed, or a run."""

    case: Case
    seed: int
    run: Run | None


def source(path: str, seed: int) -> Source:
    """A run folder, or a case.

    Raises:
        CaseError: with every problem of the case.
        RunError: if the run is damaged.
    """
    if (Path(path) / "manifest.json").exists():
        run = open_run(path)
        return Source(run.case, int(run.manifest["seed"]), run)
    return Source(reading.read(path), seed, None)


def planned_world(
    where: Source, option: str, world: int, threat_year: tuple[str, int], seconds: float
) -> Planned:
    """The exact plan of one world.

    Raises:
        CaseError, PlanError: as `movements.moved` and `movements.planned`.
    """
    threat, year = threat_year
    name = option or where.case.reference
    what = moved(where.case, name, world, seed=where.seed, threat=threat, year=year)
    return planned(what, seconds=seconds)


def write(where: Source, found: Planned, out: str | None) -> dict[str, Path]:
    """Write a plan into a folder; the paths, by what they hold."""
    stem = Path(where.case.file).stem
    name = f"{stem}-{found.moved.option}-{found.moved.world}"
    return plans.write(found, where.case.title, Path(out) if out else Path("plans") / name)


def audit(
    where: Source, option: str, count: int, progress: Callable[[int, int], None]
) -> dict[str, Any]:
    """Plan `count` worlds exactly; of a run, evenly over its worlds, and kept in its folder.

    Raises:
        PlanError: if there is nothing to plan.
    """
    if where.run is None:
        worlds = list(range(max(count, 0)))
    else:
        sound = where.run.sound["world"].to_numpy()
        chosen = np.linspace(0, len(sound) - 1, min(max(count, 0), len(sound)))
        worlds = [int(each) for each in sound[np.round(chosen).astype(int)]]
    found = auditing.audit(where.case, worlds, option=option, seed=where.seed, progress=progress)
    if where.run is not None:
        auditing.keep(found, where.run.folder)
    return asdict(found)


def audited(console: Console) -> AbstractContextManager[Tell]:
    """A bar for an audit."""
    return counted(console, "Planning the first world", "{} of {} worlds planned")


def tell_plan(found: Planned, console: Console) -> None:
    """Print a plan, 80 columns wide or as wide as the terminal."""
    console.print(Text(title(found), style="bold"))
    for each in sentences(found):
        console.print(Padding(Text(each), (0, 0, 0, 2)))
    console.print()
    console.print(_stages(found))
    console.print()
    console.print(_curve(found))
    console.print(Text(how(found), style="dim"))


def _plain(title: str, *columns: str) -> Table:
    made = Table(
        title=title, title_justify="left", title_style="bold", box=None, pad_edge=False,
        header_style="dim", padding=(0, 2, 0, 0),
    )  # fmt: skip
    for i, name in enumerate(columns):
        made.add_column(name, justify="right" if i else "left", no_wrap=True)
    return made


def _stages(found: Planned) -> Table:
    made = _plain("What each stage carries", "stage", "from day", "to day", "in all")
    for row in table(found):
        if row["first"] is None:
            made.add_row(row["leg"], "", "", "nothing", style="dim")
        else:
            amount = f"{row['amount']:,.0f} {row['kind']}"
            made.add_row(row["leg"], str(row["first"]), str(row["last"]), amount)
    return made


def _curve(found: Planned) -> Table:
    """A few days of the curve, with a bar."""
    made = _plain("What has closed", "day", "planned", "as played", "")
    made.columns[3].justify = "left"
    frame = curves(found)
    whole = next((day for day, each in enumerate(found.share) if each >= 1 - 1e-9), len(frame) - 1)
    step = max(1, round(max(whole, found.moved.decided) / 10))
    decided = round(found.moved.decided)
    shown = sorted({*range(0, min(whole + step, len(frame) - 1) + 1, step), decided})
    for day in (day for day in shown if day < len(frame)):
        row = frame.row(day, named=True)
        bar = "█" * round(30 * row["exact"])
        mark = "  ← deciding day (median)" if day == decided else ""
        made.add_row(str(day), f"{row['exact']:.0%}", f"{row['fast']:.0%}", f"{bar}{mark}")
    return made
