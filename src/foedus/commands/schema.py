"""`foedus schema`: the JSON Schema of case files."""

import json
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
