"""The command `foedus backtest`: predict first, score later."""

import json
from pathlib import Path

import click

from foedus.errors import FoedusError


@click.group(short_help="Score the model against years that are over.")
def backtest() -> None:
    """Score the model against years that are over.

    Of pairs: rivals as they stood in 1990, against 1991-2000. Of cases: those that foedus ships
    about the past, each as it stood before what it is about, against what came.

    Predictions are written to a file first, with the hash of all they hang on. Write the hash
    down: the scorer takes no predictions without it, and reads what happened only then.
    """


@backtest.command(short_help="Write predictions to a file.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--of",
    default="pairs",
    show_default=True,
    type=click.Choice(["pairs", "cases"]),
    help="What is predicted: pairs of rivals of 1990, or the shipped cases about the past.",
)
@click.option("-n", "--worlds", default=512, show_default=True, type=click.IntRange(16, 2048))
def predict(file: Path, of: str, worlds: int) -> None:
    """Write what the model says to FILE. What happened is not read."""
    from rich.console import Console
    from rich.progress import Progress

    if file.exists():
        raise FoedusError(
            f"{file} is there already; predictions are made once: choose another name"
        )
    console = Console(stderr=True)
    with console.status("Loading the engine"):
        from foedus.backtest.predict import SETS
        from foedus.backtest.predict import predict as predicted
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task(SETS[of].what.capitalize(), total=None)
        found = predicted(of, worlds, lambda done, n: bar.update(task, completed=done, total=n))
    file.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    click.echo(f"Predictions of {len(found['odds'])} {SETS[of].what}: {file}")
    click.echo(f"Made {found['made']}, foedus {found['foedus']}. Write down: {found['sha256']}")


@backtest.command(short_help="Score predictions that were made before.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--sha256", required=True, help="The hash printed when they were made.")
@click.option("--plot", type=click.Path(path_type=Path), help="Write the calibration plot (SVG).")
def score(file: Path, sha256: str, plot: Path | None) -> None:
    """Score the predictions of FILE against what happened, beside two baselines."""
    from rich.console import Console
    from rich.table import Table

    from foedus.backtest.score import asked_of, opened, verdict
    from foedus.backtest.score import score as scored

    said = opened(file, sha256)
    asked, found = asked_of(said), scored(said)
    console = Console(highlight=False)
    console.print(
        f"Predictions made {said['made']} by foedus {said['foedus']}, "
        f"{found.episodes} {asked.what}."
    )
    for event, count in found.happened.items():
        spread = found.sharpness[event]
        console.print(
            f"{event}: happened to {count} of them; the model's odds spread by {spread:.3f}."
        )
    table = Table(
        "event", "who", "Brier", "log score", "Brier less that of the base rate", box=None
    )
    for each in found.scores:
        gain = f"{each.low:+.4f} to {each.high:+.4f}" if each.who != "base rate" else ""
        table.add_row(each.event, each.who, f"{each.brier:.4f}", f"{each.log:.4f}", gain)
    console.print(table)
    table = Table("event", asked.what, "odds said", "share that happened", box=None)
    for part in found.bins:
        table.add_row(part.event, str(part.episodes), f"{part.said:.3f}", f"{part.happened:.3f}")
    console.print(table)
    for each in found.scores:
        if each.who == "model":
            console.print(f"{each.event}: the model is {verdict(each)}.")
    console.print(asked.limits)
    if plot is not None:
        from foedus.backtest.plot import calibration

        plot.write_text(calibration(found.bins), "utf-8")
        console.print(f"Plot: {plot}")
