"""`foedus show CASE`: the case in plain sentences."""

import click

from foedus.commands.printing import as_json_option, console, print_json


@click.command(short_help="Read a case back in plain sentences.")
@click.argument("case")
@as_json_option
def show(case: str, as_json: bool) -> None:
    """Read CASE back in plain sentences."""
    from rich.text import Text

    from foedus.case.show import show as shown
    from foedus.engine.reading import read

    found = read(case)
    if as_json:
        print_json(found.model_dump(mode="json", by_alias=True, exclude_none=True))
        return
    out = console()
    for i, line in enumerate(shown(found, min(out.width, 96)).splitlines()):
        heading = i == 0 or line.isupper()
        out.print(Text(line, style="bold" if heading else ""), soft_wrap=True)
