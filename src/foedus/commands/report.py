"""`foedus report RUN`: one page of HTML."""

import click

from foedus.commands.printing import as_json_option, console, paths, print_json


@click.command(short_help="Write the report of a run.")
@click.argument("run")
@click.option("-o", "--out", type=click.Path(), help="The file to write. [default: in RUN]")
@click.option(
    "--document",
    type=click.Path(),
    metavar="FILE",
    help="Your copy of the text: show it, its claims marked and linked to their verdicts.",
)
@as_json_option
def report(run: str, out: str | None, document: str | None, as_json: bool) -> None:
    """Write the report of RUN: one HTML file that opens without a network."""
    errors = console(stderr=True)
    with errors.status("Reading the run"):
        from foedus.report.page import report as write
        from foedus.table import open_run
        from foedus.telling import working

        found = open_run(run)
    with working(errors) as tell:
        page = write(found, out, document=document, tell=tell)
    if as_json:
        print_json({"report": str(page)})
    else:
        paths(console(), {"Report": page})
