"""Plays the worlds that an explanation reads, then explains: the engine before the judge.

The judge never plays a world. Whoever has only a run folder can still explain it; what was not
played is then said to be missing.
"""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor

from foedus import __version__
from foedus.engine import closing, designs
from foedus.engine.compiler import forget
from foedus.engine.designs import Design
from foedus.engine.run import Job, carry_out, in_threads, planned
from foedus.errors import FoedusError, RunError
from foedus.judge.channels import based
from foedus.judge.claims import standing
from foedus.judge.conditions import tested_claim
from foedus.judge.designs import saltelli
from foedus.judge.examples import chosen
from foedus.judge.explain import Explanation, explain, explain_tested
from foedus.judge.explained import explained
from foedus.judge.options import Choice, answered, choice, measures, tested
from foedus.judge.quantities import count
from foedus.judge.screens import keeping
from foedus.judge.weighed import WeighedExplanation, weighed_only
from foedus.table import Run, manifest_of
from foedus.waiting import Tell

FRESH_WORLDS = 8_192  # at most: a share is then known to within 1.1 percentage points
LOOKED_THROUGH = 8_192  # worlds, when all claims are explained: as many as check what is found
CHANNEL_WORLDS = 2_048
YEAR_WORLDS = 2_048


def explain_all(run: Run, tell: Tell) -> list[Explanation | WeighedExplanation]:
    """Every claim that worlds bear on: what a run costs little more for.

    Claims with tests are checked on fresh worlds.
    """
    if keeping(run).sound.is_empty():
        return []
    claims = answered(run)
    if tested(run):
        play_fresh(run, tell)
        forget()  # of what comes next other programs are made, and the room of these is wanted
        play_years(run, tell)
        follow_help(run, tell)
        forget()
    found = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(explain, run, claim, most=LOOKED_THROUGH) for claim in claims]
        for k, job in enumerate(jobs):
            tell(f"Explaining {count(len(claims), 'claim')}", k, len(claims))
            found.append(job.result())
    return found


def explain_fully(
    run: Run, claim: str, tell: Tell, *, points: int = 0, gradients: int = 0
) -> Explanation | WeighedExplanation:
    """One claim, with the channels of its bases and what flips three worlds.

    Args:
        run: a run folder, opened.
        claim: the name of a claim that has tests, or is weighed.
        tell: told how far the work is.
        points: base points for Sobol indices, a power of two; 0 for none.
        gradients: worlds in which outcomes are followed along each range; 0 for none.

    Raises:
        RunError: there is no such claim, or no world can say anything of it.
        FoedusError: Sobol indices or slopes are asked of a claim that has no test.
    """
    if not weighed_only(run, claim):
        return _tested_fully(run, claim, tell, points, gradients)
    if points or gradients:
        raise FoedusError(
            f"'{claim}' is weighed, so it has no test to take Sobol indices or slopes of"
        )
    tell(f"Explaining {claim}", 0, 1)
    return explain(run, claim)


def _tested_fully(run: Run, claim: str, tell: Tell, points: int, gradients: int) -> Explanation:
    tested_claim(run, claim)
    if not keeping(run).sound.is_empty():
        further = [_sobol(run, points)] if points else []
        if gradients:
            seed = run.manifest["seed"]
            worlds = min(gradients, run.manifest["worlds"])
            further.append(designs.slopes(run.case, worlds, seed))
        play_fresh(run, tell)
        for option in based(run.case, run.case.claims[claim]):
            _play(run, designs.channels(run.case, option), CHANNEL_WORLDS, tell)
        kept = keeping(run)
        places = chosen(standing(kept, run.case.claims[claim]), kept.sound["world"])
        three = sorted({int(kept.sound["world"][at]) for at in places.values()})
        _play(run, designs.near(run.case, claim, three, run.manifest["seed"]), 0, tell)
        for design in further:
            _play(run, design, 0, tell)
    tell(f"Explaining {claim}", 0, 1)
    return explain_tested(run, claim)


def compare_options(run: Run, tell: Tell) -> Choice:
    """What bears on the choice of an option: every claim explained, and outcomes by year.

    Raises:
        RunError: no world of the run could be computed.
    """
    claims = [] if keeping(run).sound.is_empty() else tested(run)
    if any(explained(run, claim) is None for claim in claims):
        explain_all(run, tell)
    if claims:
        play_years(run, tell)
    tell("Comparing the options", 0, 1)
    return choice(run)


def play_fresh(run: Run, tell: Tell) -> None:
    """Worlds in which no box was found, once a run."""
    _play(run, designs.fresh(), FRESH_WORLDS, tell)


def play_years(run: Run, tell: Tell) -> None:
    """What claims are about as it stands after each year: for sell-by years, and for the report."""
    _play(run, designs.years(measures(run)), YEAR_WORLDS, tell)


def follow_help(run: Run, tell: Tell) -> None:
    """By when help comes, kept for the report; nothing without routes.

    In the worlds whose years were played: the run's first, whichever rows the run itself keeps.
    """
    first = run.design("years")
    if first is None:
        return
    tell("Following help on its way", 0, 1)
    worlds = keeping(first).sound["world"].to_numpy()
    found = closing.closing(run.case, worlds, run.manifest["seed"])
    if found is not None:
        closing.keep(found, run.folder)


def _sobol(run: Run, points: int) -> Design:
    says = {"kind": "sobol", "points": points, "seed": run.manifest["seed"]}
    names = designs.uncertain(run.case)
    if not names:
        raise RunError("no assumption differs from world to world, so there are no Sobol indices")
    return designs.placed(run.case, saltelli(points, len(names), says["seed"]), says)


_WHAT = {
    "fresh": "Playing fresh worlds to check on",
    "channels": "Switching the channels of a base off",
    "near": "Moving one assumption at a time",
    "years": "Looking at every year",
    "sobol": "Playing the design of Sobol indices",
    "slopes": "Following outcomes along each range",
}


def _play(run: Run, design: Design, most: int, tell: Tell) -> None:
    """A design of a run, unless it is there."""
    if run.manifest["foedus"] != __version__:
        raise RunError(
            f"{run.folder} was played by foedus {run.manifest['foedus']} and this is "
            f"{__version__}, so what is played now would not go with it; run the case again, or "
            "add --no-design"
        )
    worlds = min(run.manifest["worlds"], most or run.manifest["worlds"])
    what = _WHAT[design.says["kind"]]
    job = planned(run.case, worlds, run.manifest["seed"], run.folder, design)
    if _another(job):  # an earlier explanation's: ours to replace, as the run itself is not
        shutil.rmtree(job.folder)
    tell(what, 0, 1)
    carry_out(job, in_threads, lambda done, total: tell(what, done, total))


def _another(job: Job) -> bool:
    """Whether the folder of a design holds other worlds than those that are wanted."""
    if not (job.folder / "manifest.json").exists():
        return False
    try:
        there = Run(job.folder).manifest
    except RunError:  # damaged
        return True
    wanted = manifest_of(job.case, job.plan)
    return any(there.get(key) != value for key, value in wanted.items() if key != "case_name")
