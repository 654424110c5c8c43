"""`foedus plan CASE`: the movement of one world's help, exactly."""

import click
from click.core import ParameterSource

from foedus.commands.printing import as_json_option, console, paths, print_json


@click.command(short_help="Plan the movement of one world's help exactly.")
@click.argument("case")
@click.option("--option", default="", help="Whose help. [default: the reference]")
@click.option("--world", default=0, show_default=True, help="Which world, from 0.")
@click.option("--threat", default="", help="Whom it is against. [default: the first]")
@click.option("--year", default=0, help="In which year. [default: the first]")
@click.option("--by", "by_day", type=int, help="Ask that all of it is there by this day.")
@click.option("--seconds", default=60.0, show_default=True, help="Time limit of the solver.")
@click.option("--seed", default=0, show_default=True, help="Of the worlds of a CASE.")
@click.option(
    "--audit", type=int, metavar="N", help="Plan N worlds, and compare with how they play."
)
@click.option("-o", "--out", type=click.Path(), help="The folder to write. [default: plans/...]")
@as_json_option
def plan(
    case: str,
    option: str,
    world: int,
    threat: str,
    year: int,
    by_day: int | None,
    seconds: float,
    seed: int,
    audit: int | None,
    out: str | None,
    as_json: bool,
) -> None:
    """Plan the movement of one world's help exactly: what closes by when, and what holds it up.

    CASE may also be a RUN: then its case and seed are taken, and --audit is kept for its report.
    """
    if audit is not None:
        _alone()
    from foedus import planning

    source = planning.source(case, seed)
    if audit is not None:
        with planning.audited(console(stderr=True)) as progress:
            checked = planning.audit(source, option, audit, progress)
        if as_json:
            print_json(checked)
        else:
            console().print(checked["says"], soft_wrap=True)
        return
    with console(stderr=True).status("Planning"):
        found = planning.planned_world(source, option, world, (threat, year), seconds)
        if by_day is not None:
            planning.ask_for(found, by_day)
        written = planning.write(source, found, out)
    if as_json:
        print_json({**planning.as_json(found), "files": {k: str(v) for k, v in written.items()}})
    else:
        planning.tell_plan(found, console())
        paths(console(), written)


def _alone() -> None:
    """Refuse, beside --audit, what is about one world."""
    here = click.get_current_context()
    about_one = ("world", "threat", "year", "by_day", "seconds", "out")
    given = [
        each.opts[-1]
        for each in here.command.params
        if each.name in about_one
        and here.get_parameter_source(each.name) is ParameterSource.COMMANDLINE
    ]
    if given:
        raise click.UsageError(f"--audit plans many worlds: leave out {', '.join(given)}")
