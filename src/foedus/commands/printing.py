"""How commands print: tables and warnings for people, JSON for scripts."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from foedus.errors import Problem

if TYPE_CHECKING:
    from rich.console import Console

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


def console(*, stderr: bool = False) -> "Console":
    """A console on standard output, or on standard error for what is no result."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False)


def paths(on: "Console", found: dict[str, Path]) -> None:
    """Paths on lines of their own, never broken: a reader copies them."""
    on.print()
    for what, path in found.items():
        on.print(f"{what + ':':<12}{path}", soft_wrap=True, markup=False)


def warn(odd: Iterable[Problem], on: "Console") -> None:
    """Each problem as a warning, on a line of its own."""
    for problem in odd:
        on.print(f"warning: {problem}", style="yellow", markup=False, soft_wrap=True)


def print_json(value: Any) -> None:
    """`value` as JSON on standard output."""
    click.echo(json.dumps(value, indent=1, ensure_ascii=False))


def dicts(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Problems as JSON can hold them."""
    return [vars(problem) for problem in problems]
