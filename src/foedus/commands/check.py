"""`foedus check CASE`: everything that is wrong with it."""

import sys

import click

from foedus.commands.printing import as_json_option, console, dicts, print_json, warn
from foedus.errors import CaseError


@click.command(short_help="Say all that is wrong with a case.")
@click.argument("case")
@as_json_option
def check(case: str, as_json: bool) -> None:
    """Say everything that is wrong with CASE, each with its line and a remedy."""
    from foedus.engine.reading import check as checked

    try:
        odd = checked(case)
    except CaseError as error:
        if not as_json:
            raise
        print_json({"sound": False, "problems": dicts(error.problems), "warnings": []})
        sys.exit(2)
    if as_json:
        print_json({"sound": True, "problems": [], "warnings": dicts(odd)})
        return
    warn(odd, console(stderr=True))
    click.echo(f"{case} can be run.")
