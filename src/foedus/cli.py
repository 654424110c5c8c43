"""The command line. Thin: each command imports what it needs, so `--help` is quick."""

import json
import os
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from foedus import __version__, authoring
from foedus.backtest.command import backtest
from foedus.errors import CaseError, FoedusError, Problem
from foedus.live.command import live

if TYPE_CHECKING:
    from rich.console import Console

    from foedus.engine.run import Job, Progress
    from foedus.judge.claims import Verdict
    from foedus.keep import Keep
    from foedus.table import Run

WORDS = ("holds", "depends", "fails", "too close to call", "untested")
KINDS = ("questions", "theories", "outcomes", "cases", "levers")

_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
_fail_on = click.option(
    "--fail-on", type=click.Choice(WORDS), multiple=True, metavar="VERDICT",
    help=f"Exit with 1 if a claim has this verdict: {', '.join(WORDS)}. May be repeated.",
)  # fmt: skip


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="foedus")
def app() -> None:
    """Test arguments about alliances and foreign bases in many plausible worlds.

    CASE is the path of a case file, or the name of a shipped case: try `foedus run
    south-caucasus`. RUN is the folder that `foedus run` made.

    Exit codes: 0 done; 1 a claim has a verdict named by --fail-on; 2 something to mend in what
    was given; 3 a fault of foedus itself.
    """


@app.command(short_help="Play a case out, judge its claims, write a report.")
@click.argument("case")
@click.option("-n", "--worlds", default=65_536, show_default=True, help="How many worlds to play.")
@click.option("--seed", default=0, show_default=True, help="Another seed draws other worlds.")
@click.option("-o", "--out", type=click.Path(), help="The run folder. [default: runs/CASE-...]")
@click.option(
    "--keep",
    default="all",
    show_default=True,
    metavar="all|N|summary",
    help="All rows; or counts of all worlds, and the rows of N of them.",
)
@click.option(
    "--explain/--no-explain",
    "explained",
    default=True,
    show_default=True,
    help="Also find out when each claim breaks and what decides it.",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    metavar="N",
    help="Play on N worker processes of this machine, with Dask.",
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="Play on the Dask cluster at this address, or of this scheduler file.",
)
@_fail_on
@_as_json
def run(
    case: str,
    worlds: int,
    seed: int,
    out: str | None,
    keep: str,
    workers: int | None,
    dask: str | None,
    explained: bool,
    fail_on: tuple[str, ...],
    as_json: bool,
) -> None:
    """Play every option of CASE out in many worlds, judge its claims, and write a report."""
    if workers and dask:
        raise click.UsageError("give --workers or --dask, not both")
    errors = _console(stderr=True)
    with errors.status("Reading the case"):
        from foedus.engine.reading import check, read
        from foedus.engine.run import carry_out, in_threads
        from foedus.judge.claims import judge as judged
        from foedus.keep import planned
        from foedus.report.page import report as write
        from foedus.terminal import played, summary

        found = read(case)
        _warn(check(found), errors)
    with played(errors, len(found.options)) as progress:
        at = workers or dask
        job = planned(found, worlds, seed, out, _keep(keep))
        done = _on_cluster(at, job, progress) if at else carry_out(job, in_threads, progress)
    with errors.status("Judging the claims"):
        verdicts = judged(done)
    if not as_json:
        summary(done, verdicts, _console())
    if explained:
        from foedus.explaining import explain_all
        from foedus.telling import working

        with working(errors) as tell:
            explain_all(done, tell)
    with errors.status("Writing the report"):
        page = write(done)
    if as_json:
        _print_json({"run": str(done.folder), "report": str(page), **_said(done, verdicts)})
    else:
        _paths(_console(), {"Run folder": done.folder, "Report": page})
    _exit_on(verdicts, fail_on)


@app.command(short_help="Say all that is wrong with a case.")
@click.argument("case")
@_as_json
def check(case: str, as_json: bool) -> None:
    """Say everything that is wrong with CASE, each with its line and a remedy."""
    from foedus.engine.reading import check as checked

    try:
        odd = checked(case)
    except CaseError as error:
        if not as_json:
            raise
        _print_json({"sound": False, "problems": _dicts(error.problems), "warnings": []})
        sys.exit(2)
    if as_json:
        _print_json({"sound": True, "problems": [], "warnings": _dicts(odd)})
        return
    _warn(odd, _console(stderr=True))
    click.echo(f"{case} can be run.")


@app.command(short_help="Read a case back in plain sentences.")
@click.argument("case")
@_as_json
def show(case: str, as_json: bool) -> None:
    """Read CASE back in plain sentences."""
    from rich.text import Text

    from foedus.case.show import show as shown
    from foedus.engine.reading import read

    found = read(case)
    if as_json:
        _print_json(found.model_dump(mode="json", by_alias=True, exclude_none=True))
        return
    console = _console()
    for i, line in enumerate(shown(found, min(console.width, 96)).splitlines()):
        heading = i == 0 or line.isupper()
        console.print(Text(line, style="bold" if heading else ""), soft_wrap=True)


@app.command(name="list", short_help="List what a case can speak of.")
@click.argument("kind", type=click.Choice(KINDS))
@_as_json
def list_(kind: str, as_json: bool) -> None:
    """List what a case can speak of: questions, theories, outcomes, levers; or shipped cases."""
    from foedus.listing import rows

    with _console(stderr=True).status("Looking"):
        found = rows(kind)
    if as_json:
        _print_json(found)
        return
    from rich.table import Table

    table = Table(*found[0], box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for row in found:
        table.add_row(*map(str, row.values()))
    _console().print(table)


@app.command(short_help="Judge the claims of a run again.")
@click.argument("run")
@_fail_on
@_as_json
def judge(run: str, fail_on: tuple[str, ...], as_json: bool) -> None:
    """Judge the claims of RUN again, and print the verdicts."""
    with _console(stderr=True).status("Judging the claims"):
        from foedus.judge.claims import judge as judged
        from foedus.table import open_run
        from foedus.terminal import summary

        done = open_run(run)
        verdicts = judged(done)
    if as_json:
        _print_json({"run": str(done.folder), **_said(done, verdicts)})
    else:
        summary(done, verdicts, _console())
    _exit_on(verdicts, fail_on)


@app.command(short_help="Say when a claim breaks; or which option is never badly wrong.")
@click.argument("run")
@click.argument("claim", required=False)
@click.option("--no-design", is_flag=True, help="Play no further worlds: use what RUN holds.")
@click.option(
    "--sobol",
    "points",
    default=0,
    metavar="N",
    show_default=True,
    help="Sobol indices from N base points, a power of two such as 256.",
)
@click.option(
    "--gradients",
    default=0,
    type=click.IntRange(0),
    metavar="N",
    show_default=True,
    help="How outcomes move along each range, in N worlds: which assumptions cannot matter.",
)
@_as_json
def explain(
    run: str, claim: str | None, no_design: bool, points: int, gradients: int, as_json: bool
) -> None:
    """Say when CLAIM breaks in RUN, what decides it, and what would flip three of its worlds.

    Without CLAIM, compare the options: robustness, the assumptions that claims stand on, and how
    far the ranges decide. Worlds that are needed beside those of RUN are played, and kept in it.
    """
    with _console(stderr=True).status("Opening the run"):
        from foedus import explaining, telling, telling_options
        from foedus.judge.explain import explain as explained
        from foedus.judge.options import choice
        from foedus.judge.weighed import explain_weighed, weighed_only
        from foedus.table import open_run

        done = open_run(run)
    with telling.working(_console(stderr=True)) as tell:
        if claim is None:
            found = choice(done) if no_design else explaining.compare_options(done, tell)
        elif weighed_only(done, claim):
            if points or gradients:
                raise FoedusError(
                    f"'{claim}' is weighed, so it has no test to take Sobol indices or slopes of"
                )
            weighed = explain_weighed(done, claim)
        elif no_design:
            said = explained(done, claim)
        else:
            said = explaining.explain_fully(done, claim, tell, points=points, gradients=gradients)
    if claim is None and as_json:
        import dataclasses

        _print_json(dataclasses.asdict(found))
    elif claim is None:
        telling_options.tell_choice(done, found, _console())
    elif weighed_only(done, claim) and as_json:
        _print_json(weighed.plain())
    elif weighed_only(done, claim):
        telling.tell_weighed(weighed, _console())
    elif as_json:
        click.echo((done.folder / "explained" / f"{claim}.json").read_text("utf-8"))
    else:
        telling.tell_explanation(done, said, _console())


@app.command(short_help="Tell one world year by year: an illustration.")
@click.argument("case")
@click.option("--option", default="", help="Under which option. [default: the reference]")
@click.option("--world", default=0, show_default=True, help="Which world, from 0.")
@click.option("--seed", default=0, show_default=True, help="Of the worlds, as of a run.")
@click.option("--draw", default=0, show_default=True, help="Another number: another history.")
@_as_json
def story(case: str, option: str, world: int, seed: int, draw: int, as_json: bool) -> None:
    """Tell one world of CASE year by year, and one history drawn from its odds with dice.

    An illustration of what a world is. Verdicts count all histories of all worlds instead.
    """
    with _console(stderr=True).status("Playing one world"):
        from foedus import storytelling
        from foedus.engine.reading import read

        found = read(case)
        told = storytelling.story(found, option, world, seed=seed, draw=draw)
    if as_json:
        _print_json(storytelling.as_json(told))
    else:
        storytelling.tell(found, told, _console())


@app.command(short_help="Plan the movement of one world's help exactly.")
@click.argument("case")
@click.option("--option", default="", help="Whose help. [default: the reference]")
@click.option("--world", default=0, show_default=True, help="Which world, from 0.")
@click.option("--threat", default="", help="Whom it is against. [default: the first]")
@click.option("--year", default=0, help="In which year. [default: the first]")
@click.option("--by", "by_day", type=int, help="Ask that all of it is there by this day.")
@click.option("--seconds", default=60.0, show_default=True, help="Time limit of the solver.")
@click.option("--seed", default=0, show_default=True, help="Of the worlds of a CASE.")
@click.option(
    "--audit", type=int, metavar="N", help="Plan N worlds, and compare with how they play."
)
@click.option("-o", "--out", type=click.Path(), help="The folder to write. [default: plans/...]")
@_as_json
def plan(
    case: str,
    option: str,
    world: int,
    threat: str,
    year: int,
    by_day: int | None,
    seconds: float,
    seed: int,
    audit: int | None,
    out: str | None,
    as_json: bool,
) -> None:
    """Plan the movement of one world's help exactly: what closes by when, and what holds it up.

    CASE may also be a RUN: then its case and seed are taken, and --audit is kept for its report.
    """
    from foedus import planning

    source = planning.source(case, seed)
    if audit is not None:
        with planning.audited(_console(stderr=True)) as progress:
            checked = planning.audit(source, option, audit, progress)
        if as_json:
            _print_json(checked)
        else:
            _console().print(checked["says"], soft_wrap=True)
        return
    with _console(stderr=True).status("Planning"):
        found = planning.planned_world(source, option, world, (threat, year), seconds)
        if by_day is not None:
            planning.ask_for(found, by_day)
        written = planning.write(source, found, out)
    if as_json:
        _print_json({**planning.as_json(found), "files": {k: str(v) for k, v in written.items()}})
    else:
        planning.tell_plan(found, _console())
        _paths(_console(), written)


@app.command(short_help="Search settings of levers that nothing beats.")
@click.argument("case")
@click.option(
    "--over",
    multiple=True,
    required=True,
    metavar="LEVER[=LOW:HIGH]",
    help="A lever to search over: as far as the options of CASE span it, or in a range, "
    "or among words such as treaty.obligation='none|defence'. May be repeated.",
)
@click.option(
    "--objective",
    "asked",
    multiple=True,
    metavar="OUTCOME[:mean]",
    help="What is to be low, or high if more is better: what nine worlds in ten keep, or "
    "the mean. May be repeated. [default: outcomes of the claims, and cost]",
)
@click.option("--generations", default=30, show_default=True, help="How long to search.")
@click.option("-o", "--out", type=click.Path(), help="The folder. [default: optimised/CASE]")
@_as_json
def optimise(
    case: str, over: tuple[str, ...], asked: tuple[str, ...], generations: int,
    out: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Search settings of levers that no other setting beats in all objectives.

    Every setting is played in the same 2,048 worlds. What was found is printed as a table, and as
    options to paste into CASE. The same command goes on with a search that was stopped.
    """
    with _console(stderr=True).status("Reading the case"):
        from foedus import optimise as search
        from foedus.engine.reading import read
        from foedus.telling import working
        from foedus.telling_options import tell_found

        found = read(case)
        levers, aims = search.levers(found, over), search.objectives(found, asked)
    folder = Path(out) if out else Path("optimised") / Path(found.file).stem
    with working(_console(stderr=True)) as tell:
        best = search.optimise(
            found, levers, aims, folder, generations=generations,
            tell=lambda done, total: tell("Searching", done, total),
        )  # fmt: skip
    if as_json:
        values = [dict(zip(map(str, asked or [a.words for a in aims]), row, strict=True))
                  for row in best.values.tolist()]  # fmt: skip
        _print_json({"settings": best.settings, "objectives": values,
                     "hypervolume": best.hypervolume, "evaluated": best.evaluated})  # fmt: skip
    else:
        tell_found(found, best, _console())


@app.command(short_help="Write the report of a run.")
@click.argument("run")
@click.option("-o", "--out", type=click.Path(), help="The file to write. [default: in RUN]")
@click.option(
    "--document",
    type=click.Path(),
    metavar="FILE",
    help="Your copy of the text: show it, its claims marked and linked to their verdicts.",
)
@_as_json
def report(run: str, out: str | None, document: str | None, as_json: bool) -> None:
    """Write the report of RUN: one HTML file that opens without a network."""
    with _console(stderr=True).status("Writing the report"):
        from foedus.report.page import report as write
        from foedus.table import open_run

        page = write(open_run(run), out, document=document)
    if as_json:
        _print_json({"report": str(page)})
    else:
        _paths(_console(), {"Report": page})


def _keep(said: str) -> "Keep":
    if said in ("all", "summary"):
        return said  # type: ignore[return-value]
    if not said.isdecimal():
        raise click.BadParameter(f"'{said}' is not all, summary or a number", param_hint="--keep")
    return int(said)


def _on_cluster(at: int | str, job: "Job", progress: "Progress") -> "Run":
    from foedus.scale import cluster, simulate_on

    with cluster(at) as client:
        return simulate_on(client, job, progress)


for _command in (authoring.diff, authoring.new, authoring.schema, backtest, live):
    app.add_command(_command)


def _said(done: "Run", verdicts: "list[Verdict]") -> dict[str, Any]:
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


def _exit_on(verdicts: "list[Verdict]", words: tuple[str, ...]) -> None:
    if any(each.verdict in words for each in verdicts):
        sys.exit(1)


def _console(*, stderr: bool = False) -> "Console":
    from rich.console import Console

    return Console(stderr=stderr, highlight=False)


def _paths(console: "Console", paths: dict[str, Path]) -> None:
    """Paths on lines of their own, never broken: a reader copies them."""
    console.print()
    for what, path in paths.items():
        console.print(f"{what + ':':<12}{path}", soft_wrap=True, markup=False)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=1, ensure_ascii=False))


def _dicts(problems: Iterable[Problem]) -> list[dict[str, str]]:
    return [vars(problem) for problem in problems]


def _warn(odd: Iterable[Problem], console: "Console") -> None:
    for problem in odd:
        console.print(f"warning: {problem}", style="yellow", markup=False, soft_wrap=True)


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
    console = _console(stderr=True)
    problems = error.problems if isinstance(error, CaseError) else ()
    for problem in problems:
        where, _, rest = str(problem).partition(": ")
        console.print(f"{where}:", style="bold", end=" ", markup=False, soft_wrap=True)
        console.print(rest, markup=False, soft_wrap=True)
    if len(problems) > 1:
        console.print(f"{len(problems)} problems.")
    if not problems:
        console.print(str(error), markup=False, soft_wrap=True)
