"""`foedus new FILE`: a case from a few answers."""

import sys
from pathlib import Path
from typing import Any

import click

from foedus.errors import FoedusError


@click.command(short_help="Write a new case, from a few answers.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--host", help="The state that is protected: three letters, or its name.")
@click.option("--helper", help="The state that would help it.")
@click.option("--challenger", "challengers", multiple=True, help="Who might challenge the host.")
@click.option("--rival", "rivals", multiple=True, help="Those challengers that are its rivals.")
@click.option(
    "--treaty", type=click.Choice(["defence", "consultation", "none"]),
    help="What a treaty obliges the helper to do today. [default: defence]",
)  # fmt: skip
@click.option("--troops", type=click.IntRange(0, 100_000), help="The helper's troops there today.")
@click.option("--first", type=click.IntRange(1800, 2200), help="First year. [default: 2027]")
@click.option("--years", type=click.IntRange(1, 60), help="How many years. [default: 10]")
@click.option(
    "--option", "options", multiple=True,
    help="What could be decided, to begin with: light_base, heavy_base, no_base, fast_help, "
    "no_exercises or nothing. May be repeated.",
)  # fmt: skip
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
