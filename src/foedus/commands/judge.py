"""`foedus judge RUN`: its claims, again."""

import click

from foedus.commands.printing import as_json_option, console, print_json
from foedus.commands.verdicts import exit_on, fail_on_option, said


@click.command(short_help="Judge the claims of a run again.")
@click.argument("run")
@fail_on_option
@as_json_option
def judge(run: str, fail_on: tuple[str, ...], as_json: bool) -> None:
    """Judge the claims of RUN again, and print the verdicts."""
    with console(stderr=True).status("Judging the claims"):
        from foedus.judge.claims import judge as judged
        from foedus.table import open_run
        from foedus.terminal import summary

        done = open_run(run)
        verdicts = judged(done)
    if as_json:
        print_json({"run": str(done.folder), **said(done, verdicts)})
    else:
        summary(done, verdicts, console())
    exit_on(verdicts, fail_on)
