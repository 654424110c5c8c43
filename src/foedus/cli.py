"""The command line: its commands, and how it ends when one of them cannot go on."""

import os
import sys
import traceback
from pathlib import Path
from typing import NoReturn

import click

from foedus import __version__
from foedus.commands.backtest import backtest
from foedus.commands.check import check
from foedus.commands.diff import diff
from foedus.commands.explain import explain
from foedus.commands.judge import judge
from foedus.commands.listing import list_
from foedus.commands.live import live
from foedus.commands.new import new
from foedus.commands.optimise import optimise
from foedus.commands.plan import plan
from foedus.commands.printing import console
from foedus.commands.report import report
from foedus.commands.run import run
from foedus.commands.schema import schema
from foedus.commands.show import show
from foedus.commands.story import story
from foedus.compiled import keep_compiled
from foedus.errors import CaseError, FoedusError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="foedus")
def app() -> None:
    """Test arguments about alliances and foreign bases in many plausible worlds.

    CASE is the path of a case file, or the name of a shipped case: try `foedus run
    south-caucasus`. RUN is the folder that `foedus run` made.

    Exit codes: 0 done; 1 a claim has a verdict named by --fail-on; 2 something to mend in what
    was given; 3 a fault of foedus itself.
    """
    keep_compiled()


for _command in (
    run, check, show, list_, judge, explain, story, plan, optimise, report,
    diff, new, schema, backtest, live,
):  # fmt: skip
    app.add_command(_command)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line, and end with its exit code."""
    try:
        app(arguments, prog_name="foedus", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo(
            "Stopped. What is finished is kept: the same command goes on from there.", err=True
        )
        sys.exit(130)
    except FoedusError as error:
        _tell(error)
        sys.exit(2)
    except BrokenPipeError:  # the reader, say `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        if not error.filename or Path(str(error.filename)).is_relative_to(Path(__file__).parent):
            _our_fault(error)
        click.echo(f"{error.filename}: {(error.strerror or str(error)).lower()}", err=True)
        sys.exit(2)
    except Exception as error:
        _our_fault(error)


def _our_fault(error: Exception) -> NoReturn:
    if os.environ.get("FOEDUS_TRACEBACK"):
        traceback.print_exc()
    click.echo(
        f"This is a fault of foedus, not of your case: {type(error).__name__}: {error}. "
        "Please report it with the case file and the command; "
        "FOEDUS_TRACEBACK=1 before the command shows where it happened.",
        err=True,
    )
    sys.exit(3)


def _tell(error: FoedusError) -> None:
    """Every problem, the place first so that an editor can jump to it."""
    errors = console(stderr=True)
    problems = error.problems if isinstance(error, CaseError) else ()
    for problem in problems:
        where, _, rest = str(problem).partition(": ")
        errors.print(f"{where}:", style="bold", end=" ", markup=False, soft_wrap=True)
        errors.print(rest, markup=False, soft_wrap=True)
    if len(problems) > 1:
        errors.print(f"{len(problems)} problems.")
    if not problems:
        errors.print(str(error), markup=False, soft_wrap=True)
