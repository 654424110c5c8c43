"""`foedus diff CASE CASE`: what differs in meaning."""

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from foedus.commands.printing import as_json_option, print_json

if TYPE_CHECKING:
    from foedus.case.schema import Case


@click.command(short_help="Say what differs in meaning between two cases.")
@click.argument("first")
@click.argument("second")
@as_json_option
def diff(first: str, second: str, as_json: bool) -> None:
    """Say what differs in meaning between the cases FIRST and SECOND, in words.

    Each is a case file, the name of a shipped case, or the folder of a run: then the case as it
    was run. Comments, order and layout do not count; notes and sources' wording neither. Numbers
    that a case takes from shared figures do.
    """
    from foedus.case.compare import compare

    found = compare(_case(first), _case(second))
    if as_json:
        print_json([each._asdict() for each in found])
        return
    if not found:
        click.echo("The two cases say the same.")
        return
    for part, these in groupby(found, key=lambda each: each.part):
        click.secho(part.upper(), bold=True)
        for each in these:
            click.echo(f"  {each}")
    click.echo(f"{len(found)} {'difference' if len(found) == 1 else 'differences'}.")


def _case(said: str) -> "Case":
    from foedus.engine.reading import read
    from foedus.table import open_run

    return open_run(said).case if Path(said).is_dir() else read(said)
