"""Commands for whoever writes a case. Thin, as those of `cli`: each imports what it needs."""

import json
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from foedus.errors import FoedusError


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


@click.command(short_help="Write a new case, from a few answers.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--host", help="The state that is protected: three letters, or its name.")
@click.option("--helper", help="The state that would help it.")
@click.option("--challenger", "challengers", multiple=True, help="Who might challenge the host.")
@click.option("--rival", "rivals", multiple=True, help="Those challengers that are its rivals.")
@click.option("--treaty", type=click.Choice(["defence", "consultation", "none"]))
@click.option("--troops", type=click.IntRange(0, 100_000), help="The helper's troops there today.")
@click.option("--first", type=click.IntRange(1800, 2200), help="First year. [default: 2027]")
@click.option("--years", type=click.IntRange(1, 60), help="How many years. [default: 10]")
@click.option("--option", "options", multiple=True, help="What could be decided. May be repeated.")
@click.option("--title", help="One line that names the case.")
def new(file: Path, **given: Any) -> None:
    """Write a new case to FILE. What no option says is asked, where somebody can answer.

    The case can be checked and run at once: `foedus check FILE`, `foedus run FILE -n 1024`. It
    takes armed forces and distances from the table of states that comes with foedus, and all that
    is not of one case from the shared figures. A script gives --host, --helper and --challenger.
    """
    from foedus.asking import answers
    from foedus.case.template import case_text
    from foedus.engine.reading import check

    if file.exists():
        raise FoedusError(f"{file} is there already; choose another name, or remove it first")
    text = case_text(answers(given, interactive=sys.stdin.isatty()))
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
        check(file)
    except BaseException:
        file.unlink(missing_ok=True)  # nothing half-written
        raise
    click.echo(f"Written: {file}. Then: foedus check {file}; foedus run {file} -n 1024")
