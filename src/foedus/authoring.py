"""Commands for whoever writes a case. Thin, as those of `cli`: each imports what it needs."""

import json
from itertools import groupby
from pathlib import Path

import click


@click.command(short_help="Print the JSON Schema of case files, for editors.")
@click.option("-o", "--out", type=click.Path(), help="The file to write. [default: the terminal]")
def schema(out: str | None) -> None:
    """Print the JSON Schema of case files: an editor that has it completes keys and tells slips.

    In an editor that understands YAML, begin a case with the line

    # yaml-language-server: $schema=foedus.schema.json
    """
    from foedus.engine.editing import schema as found

    text = json.dumps(found(), indent=1, ensure_ascii=False)
    if out is None:
        click.echo(text)
        return
    Path(out).write_text(text + "\n", "utf-8")
    click.echo(f"Written: {out}")


@click.command(short_help="Say what differs in meaning between two cases.")
@click.argument("first")
@click.argument("second")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
def diff(first: str, second: str, as_json: bool) -> None:
    """Say what differs in meaning between the cases FIRST and SECOND, in words.

    Comments, order and layout do not count; notes and sources' wording neither. Numbers that a
    case takes from shared figures do.
    """
    from foedus.case.compare import compare
    from foedus.engine.reading import read

    found = compare(read(first), read(second))
    if as_json:
        click.echo(json.dumps([each._asdict() for each in found], indent=1, ensure_ascii=False))
        return
    if not found:
        click.echo("The two cases say the same.")
        return
    for part, these in groupby(found, key=lambda each: each.part):
        click.secho(part.upper(), bold=True)
        for each in these:
            click.echo(f"  {each}")
    click.echo(f"{len(found)} {'difference' if len(found) == 1 else 'differences'}.")
