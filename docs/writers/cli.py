"""docs/cli.md: what the command line says about itself."""

import click

from foedus.cli import app
from writers.markdown import page

WIDTH = 80


def text() -> str:
    """The whole page."""
    return page("cli", commands=(part for name in ("", *app.commands) for part in _command(name)))


def _command(name: str) -> tuple[str, str]:
    command = app.commands[name] if name else app
    path = f"foedus {name}".strip()
    context = click.Context(
        command, info_name=path, terminal_width=WIDTH, max_content_width=WIDTH,
        help_option_names=["-h", "--help"],
    )  # fmt: skip
    return f"## {path}", f"```text\n{command.get_help(context)}\n```"
