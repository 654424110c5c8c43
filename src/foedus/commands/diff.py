"""`foedus diff CASE CASE`: what differs in meaning."""

from itertools import groupby

import click

from foedus.commands.printing import as_json_option, print_json


@click.command(short_help="Say what differs in meaning between two cases.")
@click.argument("first")
@click.argument("second")
@as_json_option
def diff(first: str, second: str, as_json: bool) -> None:
    """Say what differs in meaning between the cases FIRST and SECOND, in words.

    Comments, order and layout do not count; notes and sources' wording neither. Numbers that a
    case takes from shared figures do.
    """
    from foedus.case.compare import compare
    from foedus.engine.reading import read

    found = compare(read(first), read(second))
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
