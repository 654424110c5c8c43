"""`foedus explain RUN [CLAIM]`: when a claim breaks, or how the options compare."""

import dataclasses
from typing import TYPE_CHECKING

import click

from foedus.commands.printing import as_json_option, console, print_json

if TYPE_CHECKING:
    from foedus.table import Run


@click.command(short_help="Say when a claim breaks; or which option is never badly wrong.")
@click.argument("run")
@click.argument("claim", required=False)
@click.option("--no-design", is_flag=True, help="Play no further worlds: use what RUN holds.")
@click.option(
    "--sobol",
    "points",
    default=0,
    metavar="N",
    show_default=True,
    help="Sobol indices from N base points, a power of two such as 256.",
)
@click.option(
    "--gradients",
    default=0,
    type=click.IntRange(0),
    metavar="N",
    show_default=True,
    help="How outcomes move along each range, in N worlds: which assumptions cannot matter.",
)
@as_json_option
def explain(
    run: str, claim: str | None, no_design: bool, points: int, gradients: int, as_json: bool
) -> None:
    """Say when CLAIM breaks in RUN, what decides it, and what would flip three of its worlds.

    Without CLAIM, compare the options: robustness, the assumptions that claims stand on, and how
    far the ranges decide. Worlds that are needed beside those of RUN are played, and kept in it.
    """
    if (points or gradients) and (claim is None or no_design):
        raise click.UsageError("--sobol and --gradients play worlds for one CLAIM: name it"
                               if claim is None else "--no-design plays nothing, so leave out "
                               "--sobol and --gradients")  # fmt: skip
    with console(stderr=True).status("Opening the run"):
        from foedus.table import open_run

        done = open_run(run)
    if claim is None:
        _options(done, no_design, as_json)
    else:
        _claim(done, claim, no_design, {"points": points, "gradients": gradients}, as_json)


def _options(run: "Run", no_design: bool, as_json: bool) -> None:
    from foedus import explaining, telling, telling_options
    from foedus.judge.options import choice

    with telling.working(console(stderr=True)) as tell:
        found = choice(run) if no_design else explaining.compare_options(run, tell)
    if as_json:
        print_json(dataclasses.asdict(found))
    else:
        telling_options.tell_choice(run, found, console())


def _claim(run: "Run", claim: str, no_design: bool, further: dict[str, int], as_json: bool) -> None:
    from foedus import explaining, telling
    from foedus.judge.explain import explain as explained

    with telling.working(console(stderr=True)) as tell:
        if no_design:
            found = explained(run, claim)
        else:
            found = explaining.explain_fully(run, claim, tell, **further)
    if as_json:
        click.echo((run.folder / "explained" / f"{claim}.json").read_text("utf-8"))
    else:
        telling.tell(run, found, console())
