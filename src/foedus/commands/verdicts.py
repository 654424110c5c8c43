"""Verdicts for scripts: as JSON, and as the exit code."""

import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from foedus.judge.claims import Verdict
    from foedus.table import Run

WORDS = ("holds", "depends", "fails", "too close to call", "untested")

fail_on_option = click.option(
    "--fail-on", type=click.Choice(WORDS), multiple=True, metavar="VERDICT",
    help=f"Exit with 1 if a claim has this verdict: {', '.join(WORDS)}. May be repeated.",
)  # fmt: skip


def said(done: "Run", verdicts: "list[Verdict]") -> dict[str, Any]:
    """What a run comes to: its worlds, screens, outcomes and verdicts."""
    import dataclasses

    from foedus.judge.claims import plain
    from foedus.judge.screens import screened
    from foedus.terminal import spread

    kept = screened(done)
    numbers = spread(kept, list(done.manifest["outcomes"])).sort("outcome", "option")
    return {
        "worlds": done.manifest["worlds"],
        "seed": done.manifest["seed"],
        "kept": len(kept.sound),
        "screens": [dataclasses.asdict(each) for each in kept.screens],
        "outcomes": numbers.to_dicts(),
        "verdicts": [plain(each) for each in verdicts],
    }


def exit_on(verdicts: "list[Verdict]", words: tuple[str, ...]) -> None:
    """End with the code 1 if a claim has one of the verdicts named."""
    if any(each.verdict in words for each in verdicts):
        sys.exit(1)
