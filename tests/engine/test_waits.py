"""Options that wait until tension is high."""

from pathlib import Path

import numpy as np
import pytest

from foedus.case.read import read_text
from foedus.case.schema import Case
from foedus.engine.many import play
from foedus.engine.reading import bound
from foedus.engine.story import story
from foedus.errors import CaseError
from foedus.worlds.points import unit_rows, values

YEARS, WORLDS = 5, 16
TEXT = (Path(__file__).parent / "break-even.yaml").read_text()
TEXT = TEXT.replace("[2030, 2030]", f"[2030, {2029 + YEARS}]")
TEXT = TEXT.replace("memory.share: {exactly: 0,", "memory.share: {exactly: 0.5,")
TEXT = TEXT.replace("rates.challenge: {exactly: 0.10,", "rates.challenge: {between: [0.01, 0.1],")
TEXT = TEXT.replace("memory.since: {exactly: 5,", "memory.since: {exactly: 15,")
TEXT = TEXT.replace("training.floor: {exactly: 1,", "training.floor: {exactly: 0.5,")
STEP = "troops.cross_step.step: {exactly: 0"
TEXT = TEXT.replace(f"{STEP},", f"{STEP}.3,")
BASE = "base.troops: {exactly: 1000, unit: persons, source: made}"
DRILLS = "training.exercises: {exactly: 9, unit: exercises/year, source: made}"
ABOVE = 0.05
WAITS = f"""
  base: {{says: A base once it is tense., when: {{tension: T, above: {ABOVE}}}, sets: {{{BASE}}}}}
  drills: {{says: Drills then., when: {{tension: T, above: {ABOVE}}}, sets: {{{DRILLS}}}}}"""
LATE = "".join(
    f"""
  late{year}:
    says: A base in that year.
    sets:
      {BASE}
      base.delay: {{exactly: {year}, unit: years, source: made}}"""
    for year in range(1, YEARS)
)


def case(options: str) -> Case:
    return read_text(TEXT.replace("options:", "options:" + options, 1), "test.yaml")


def played(c: Case, yearly: tuple[str, ...] = ()) -> tuple[dict[str, np.ndarray], list[str]]:
    model = bound(c)
    rows = values(c, model, unit_rows(len(model.columns), 0, WORLDS, 0))
    return play(c, model, rows, yearly), list(model.options)


def test_a_base_that_waits_is_one_that_opens_in_the_year_after_tension_was_high():
    found, options = played(case(WAITS + LATE), ("disputes",))
    home, waits, drills = (options.index(o) for o in ("without", "base", "drills"))
    so_far = np.array([found[f"disputes@{year}"][home] for year in range(YEARS)])
    tension = np.diff(so_far, axis=0, prepend=0.0)
    high = tension > ABOVE
    opens = np.where(high.any(axis=0), high.argmax(axis=0) + 1, YEARS)
    assert len(set(opens)) > 2, "worlds differ in when it opens"
    assert YEARS in set(opens), "and in some it never does"
    for name in ("disputes", "war", "help", "cost_host", "cost_helper"):
        for world, year in enumerate(opens):
            same = f"late{year}" if year < YEARS else "without"
            expected = found[name][options.index(same), world]
            assert found[name][waits, world] == expected, (name, world, year)
    until = [found[f"disputes@{year}"][drills] for year in range(YEARS)]
    for year in range(YEARS):
        early = year < opens
        np.testing.assert_array_equal(until[year][early], so_far[year][early])
    moved = found["readiness"][drills] != found["readiness"][home]
    np.testing.assert_array_equal(moved, opens < YEARS - 1)


def test_a_story_tells_of_the_year_in_which_the_base_opens():
    told = story(case(WAITS), "base", 0)
    opened = np.flatnonzero(told.troops > 0)
    high = np.flatnonzero(told.disputes > ABOVE)
    assert (opened[0] if len(opened) else YEARS) == (high[0] + 1 if len(high) else YEARS)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("tension: T", "tension: U", "no threat 'U'"),
        (BASE, "timing.warning: {exactly: 1, unit: days, source: made}", "holds from the first"),
        ("above: 0.05", "above: 2", "below 1"),
    ],
)
def test_what_cannot_wait_is_refused(old, new, says):
    with pytest.raises(CaseError, match=says):
        bound(case(WAITS.replace(old, new)))
