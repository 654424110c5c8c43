"""Answers of an author -> the text of a case that can be checked and run at once.

Figures of states come from the table that foedus ships; what is not of the case in particular it
takes from the shared figures. Every other line says in its note what an author should put there.
"""

from collections.abc import Iterator
from typing import NamedTuple

from foedus.case.states import State, distance

SOLDIERS = 4000  # persons to a brigade
JUDGED = "source: [judgement], note:"


class Choice(NamedTuple):
    """An option that a new case may begin with."""

    means: str
    sets: tuple[str, ...]  # lines of YAML
    claim: str  # what somebody may say of it; "" for nothing
    fewest: int = 0  # troops it may mean, where it is a base: with more today it would be a cut


_TROOPS = "base.troops: {{between: [{low}, {high}], unit: persons, " + JUDGED + ' "{note}"}}'
_LIGHT = _TROOPS.format(low=500, high=3000, note="Light bases abroad hold 500 to 3,000.")
_HEAVY = _TROOPS.format(low=5000, high=12000, note="Two to three brigades.")
_NONE = f"base.troops: {{exactly: 0, unit: persons, {JUDGED} Set by the option.}}"
_DELAY = f"base.delay: {{between: [1, 4], unit: years, {JUDGED} From a decision to the opening.}}"
_NO_TREATY = f"treaty.obligation: {{exactly: none, unit: obligation, {JUDGED} Set by the option.}}"
_NO_DRILLS = (
    f"training.exercises: {{exactly: 0, unit: exercises/year, {JUDGED} Set by the option.}}"
)


def _weight(low: float, high: float, note: str) -> str:
    return f'base.weight: {{between: [{low}, {high}], unit: "1", {JUDGED} {note}}}'


CHOICES: dict[str, Choice] = {
    "light_base": Choice(
        "A light permanent base of about 1,500.",
        (_LIGHT, _weight(0.1, 0.3, "Light forces count for little in holding ground."), _DELAY),
        "A light base makes a challenge less likely.",
        fewest=500,
    ),
    "heavy_base": Choice(
        "A heavy permanent base of about 8,000.",
        (_HEAVY, _weight(0.8, 1.0, "Heavy ground forces."), _DELAY),
        "A heavy base makes a challenge less likely.",
        fewest=5000,
    ),
    "no_base": Choice(
        "No base; everything else as today.", (_NONE,), "Without a base there are fewer disputes."
    ),
    "no_exercises": Choice(
        "Joint exercises stop; everything else as today.",
        (_NO_DRILLS,),
        "Without joint exercises there are fewer disputes.",
    ),
    "fast_help": Choice(
        "Help decides within a day and travels faster.",
        (
            f"timing.decision: {{between: [0.25, 1], unit: days, {JUDGED} Decided in advance.}}",
            f"timing.travel: {{between: [1.5, 5], unit: days, {JUDGED} With stored equipment.}}",
        ),
        "Faster help makes a challenge less likely.",
    ),
    "nothing": Choice(
        "No obligation, no exercises, no base: what the alliance is worth.",
        (_NONE, _NO_DRILLS, _NO_TREATY),
        "Without the alliance there are fewer disputes.",
    ),
}


def unfit(name: str, troops: int) -> str:
    """Why an option is no choice where the helper has so many troops today; "" where it is one."""
    if name == "no_base" and not troops:
        return "there is no base today; say with --troops how many persons there are"
    fewest = CHOICES[name].fewest
    if fewest and troops > fewest:
        return f"it may be {fewest:,} persons, and {troops:,} are there today: it would be a cut"
    return ""


class Answers(NamedTuple):
    """What an author is asked."""

    title: str
    question: str
    host: State
    helper: State
    challengers: tuple[State, ...]
    rivals: tuple[str, ...]  # the keys of those challengers that are strategic rivals of the host
    treaty: str  # defence, consultation or none
    troops: int  # the helper's troops in the host today
    years: tuple[int, int]
    options: tuple[str, ...]  # of CHOICES


def case_text(a: Answers) -> str:
    """The case as YAML."""
    return "\n".join(_lines(a)) + "\n"


_HEAD = """\
# Written by `foedus new`. It can be run as it is; every note says what belongs in its line.
# Numbers that are not here come from the shared figures (`uses`): a line of your own
# always goes before them. `foedus show` reads the case back; `foedus check` finds slips."""
_CLAIMS = """
# What people say. Put their words under `quote` (twelve at most), and who says so under `by`.
claims:"""
_SOURCES = """
sources:
  judgement: Our own judgement; nothing better is published. The note says what brackets it.
  capitals: Great-circle distance between capitals, from the table of states of foedus."""
_SINCE = "Full years since the last dispute: look it up. 15 and more count alike."
_TREATY = "As the author reads the treaty: cite it here."
_BECAUSE = "5 % is under a third of the published effect of a deterrent pact (-18 %)."


def _lines(a: Answers) -> Iterator[str]:
    host, helper = a.host.key, a.helper.key
    yield _HEAD
    yield "foedus: 1"
    yield f"title: {quoted(a.title)}"
    yield f"question: {quoted(a.question)}"
    yield "uses: [common]"
    yield f"years: [{a.years[0]}, {a.years[1]}]"
    yield "reference: as_today"
    yield f"alliance: {{host: {host}, helper: {helper}}}"
    yield "\nactors:"
    for each in (a.host, a.helper, *a.challengers):
        yield f"  {each.key}: {{name: {quoted(each.name)}}}"
    yield "\n# Who might challenge whom. Rivals get the rates of rivals."
    yield "threats:"
    for each in a.challengers:
        rivals = str(each.key in a.rivals).lower()
        who = f"challenger: {each.key}, target: {host}, helper: {helper}"
        yield f"  {each.key}-{host}: {{{who}, rivals: {rivals}}}"
    yield "\nassumptions:"
    yield from _assumptions(a)
    yield "\noptions:"
    yield f"  as_today: {{says: {quoted(_today(a))}}}"
    for name in a.options:
        yield f"  {name}:\n    says: {quoted(CHOICES[name].means)}\n    sets:"
        yield from (f"      {line}" for line in CHOICES[name].sets)
    yield _CLAIMS
    for i, name in enumerate(a.options, 1):
        yield from _claim(f"C{i}", name)
    yield _SOURCES


def _today(a: Answers) -> str:
    troops = f"{a.troops:,} troops of {a.helper.name}" if a.troops else "no base"
    treaty = "no treaty" if a.treaty == "none" else f"a treaty ({a.treaty})"
    return f"As today: {treaty}, some joint exercises, {troops}."


def _assumptions(a: Answers) -> Iterator[str]:
    for each in (a.host, a.helper, *a.challengers):
        size = each.persons / SOLDIERS
        span = f"between: [{0.8 * size:.3g}, {max(1.2 * size, 0.1):.3g}]"
        said = f"{each.persons:,} persons (COW, 2022) at 4,000 a brigade; a fifth either way."
        line = f"{span}, unit: brigades, source: [nmc], note: {quoted(said)}"
        yield f"  forces.{each.key}: {{{line}}}"
    choices = "choices: [0, 5, 15], unit: years"
    yield f"  memory.since: {{{choices}, {JUDGED} {quoted(_SINCE)}}}"
    treaty = f"exactly: {a.treaty}, unit: obligation"
    yield f"  treaty.obligation: {{{treaty}, {JUDGED} {quoted(_TREATY)}}}"
    drills = "low: 0, central: 2, high: 6, unit: exercises/year"
    yield f"  training.exercises: {{{drills}, {JUDGED} Count the joint exercises of a year.}}"
    km = distance(a.helper, a.host)
    span = f"between: [{max(0.7 * km, 50):.0f}, {max(1.1 * km, 100):.0f}], unit: km"
    said = f"{a.helper.name} to {a.host.name} {km:,.0f}, by capitals; bases may be nearer."
    yield f"  distance.fades.distance: {{{span}, source: [capitals], note: {quoted(said)}}}"
    if a.troops:
        span = f"between: [{0.8 * a.troops:.0f}, {1.2 * a.troops:.0f}], unit: persons"
        said = f"About {a.troops:,} today: cite a count here."
        yield f"  base.troops: {{{span}, {JUDGED} {quoted(said)}}}"


def _claim(key: str, option: str) -> Iterator[str]:
    yield f"  {key}:\n    says: {quoted(CHOICES[option].claim)}\n    kind: counterfactual"
    yield "    tests:\n      disputes:"
    yield f"        says: Under {option} expected disputes are lower by more than 5 %."
    yield f"        because: {_BECAUSE}"
    form = f"outcome: disputes, option: {option}, is: lower, than: as_today, by: 5 %"
    yield f"        compare: {{{form}}}"


def quoted(text: str) -> str:
    """Text as a YAML value that means itself, whatever is in it."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{plain}"'
