"""`foedus list KIND`: what a case can speak of."""

import click

from foedus.commands.printing import as_json_option, console, print_json

KINDS = ("questions", "theories", "outcomes", "cases", "levers")


@click.command(name="list", short_help="List what a case can speak of.")
@click.argument("kind", type=click.Choice(KINDS))
@as_json_option
def list_(kind: str, as_json: bool) -> None:
    """List what a case can speak of: questions, theories, outcomes, levers; or shipped cases."""
    from foedus.listing import rows

    with console(stderr=True).status("Looking"):
        found = rows(kind)
    if as_json:
        print_json(found)
        return
    from rich.table import Column, Table

    # Names are copied into cases: on a narrow screen they are the last to be broken, and never cut.
    columns = [Column(name, no_wrap=at == 0, overflow="fold") for at, name in enumerate(found[0])]
    table = Table(*columns, box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for row in found:
        table.add_row(*map(str, row.values()))
    console().print(table)
