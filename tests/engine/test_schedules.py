"""Levers that step from year to year: paths by hand, and the options that a schedule must equal."""

from functools import cache

import numpy as np
import pytest
from test_waits import TEXT, WORLDS, YEARS, played

from foedus.case.read import draft_text, read_text
from foedus.case.schema import Case
from foedus.case.show import show
from foedus.engine.reading import bound, sound
from foedus.engine.slopes import directions
from foedus.engine.story import story
from foedus.errors import CaseError
from foedus.worlds.points import in_the_end, unit_rows, values

FIRST = 2030


def lever(name: str, value: str, unit: str) -> str:
    return f"{name}: {{{value}, unit: {unit}, source: made}}"


def drills(value: str) -> str:
    return lever("training.exercises", value, "exercises/year")


def troops(value: str) -> str:
    return lever("base.troops", value, "persons")


WAIT = lever("base.delay", "exactly: 1.5", "years")
RANGE = "between: [500, 3000]"
OPTIONS = {
    "constant": drills("exactly: 9"),
    "one_step": drills("yearly: {2030: 9}"),
    "steps": drills("yearly: {2031: 9, 2033: 2}"),
    "from_2032": drills("yearly: {2032: 9}"),
    "grows": f"{troops('yearly: {2030: 400, 2031: 1000}')}, {WAIT}",
    "shrinks": f"{troops('yearly: {2030: 1000, 2033: 300}')}, {WAIT}",
    "at_once": f"{troops('exactly: 1000')}, {WAIT}",
    "builds": f"{troops('yearly: {2031: 1000}')}, {WAIT}",
}
DATED = {
    "dated": (drills("exactly: 9"), 2032),
    "built": (f"{troops('exactly: 1000')}, {WAIT}", 2031),
    "ranged": (f"{troops(RANGE)}, {WAIT}", 2031),
}


@cache
def case() -> Case:
    text = "".join(f"\n  {name}: {{says: S., sets: {{{sets}}}}}" for name, sets in OPTIONS.items())
    text += "".join(
        f"\n  {name}: {{says: S., when: {{year: {year}}}, sets: {{{sets}}}}}"
        for name, (sets, year) in DATED.items()
    )
    return read_text(TEXT.replace("options:", "options:" + text, 1), "test.yaml")


@cache
def all_played() -> tuple[dict[str, np.ndarray], list[str]]:
    return played(case(), ("cost_host", "disputes", "readiness"))


@pytest.mark.parametrize(
    ("schedule", "same"),
    [("one_step", "constant"), ("from_2032", "dated"), ("builds", "built")],
)
def test_a_schedule_is_bit_for_bit_the_option_it_must_equal(schedule, same):
    found, options = all_played()
    assert found["sound"].all()
    for name, value in found.items():
        one, other = value[options.index(schedule)], value[options.index(same)]
        np.testing.assert_array_equal(one, other, err_msg=name)
    moved = (
        found["disputes"][options.index(schedule)] != found["disputes"][options.index("without")]
    )
    assert moved.all()


def test_until_the_first_step_all_is_as_under_the_reference():
    found, options = all_played()
    steps, home = (options.index(each) for each in ("steps", "without"))
    for name, moves in (("cost_host", 1), ("disputes", 2)):  # what is trained counts a year later
        for year in range(YEARS):
            one, other = (found[f"{name}@{year}"][o] for o in (steps, home))
            assert ((one == other) == (year < moves)).all(), (name, year)


def test_readiness_follows_the_exercises_of_each_year_by_hand():
    """0, 9, 9, 2 and 2 exercises, each closing .06 of the gap; .9 of skill is lost a year."""
    found, options = all_played()
    skill, seen = 0.0, []
    for exercises in (0, 9, 9, 2, 2):
        seen.append(0.5 + 0.5 * skill)
        gained = -exercises * np.log(1 - 0.6 * 0.1)
        goal = gained / (gained + 0.76 + 0.14)
        skill = goal + (skill - goal) * np.exp(-(gained + 0.76 + 0.14))
    steps = options.index("steps")
    for year in range(YEARS):  # the outcome is a mean over the years played so far
        np.testing.assert_allclose(found[f"readiness@{year}"][steps], np.mean(seen[: year + 1]))


@pytest.mark.parametrize(
    ("option", "by_hand"),
    [
        ("at_once", [0, 500, 1000, 1000, 1000]),  # a year and a half to build
        ("grows", [0, 200, 400 + 300, 1000, 1000]),  # 400 from mid-2031, 600 more from mid-2032
        ("shrinks", [0, 500, 1000, 300, 300]),  # troops leave at once
        ("builds", [0, 0, 500, 1000, 1000]),
        ("built", [0, 0, 500, 1000, 1000]),
    ],
)
def test_a_base_grows_as_it_is_built_and_shrinks_at_once(option, by_hand):
    np.testing.assert_allclose(story(case(), option, 0).troops, by_hand, rtol=1e-15)


def test_what_is_built_is_paid_for_once():
    """By hand: places in the year in which they open at 0.1 M USD, then 50 M USD and 20,000 USD a
    person a year; the host pays three tenths; discounted at 5 %."""
    found, options = all_played()
    years = {
        "grows": ([0, 200, 500, 300, 0], [0, 200, 700, 1000, 1000]),
        "shrinks": ([0, 500, 500, 0, 0], [0, 500, 1000, 300, 300]),
    }
    for option, (places, there) in years.items():
        paid = (
            found["cost_host"][options.index(option)] - found["cost_host"][options.index("without")]
        )
        by_hand = sum(
            0.3 * (0.1 * built + 50 * (n > 0) + 0.020 * n) / 1.05**year
            for year, (built, n) in enumerate(zip(places, there, strict=True))
        )
        np.testing.assert_allclose(paid, by_hand, rtol=1e-10)


def test_a_base_of_the_reference_stays_while_more_is_built_and_is_not_paid_for_again():
    text = TEXT.replace("base.troops: {exactly: 0,", "base.troops: {exactly: 1000,")
    more = f"\n  more: {{says: S., sets: {{{troops('exactly: 1600')}, {WAIT}}}}}"
    c = read_text(text.replace("options:", "options:" + more, 1), "test.yaml")
    assert story(c, "more", 0).troops == pytest.approx([1000, 1300, 1600, 1600, 1600])
    assert story(c, "without", 0).troops == pytest.approx([1000] * 5)
    first = story(c, "more", 0).cost[0] - story(c, "without", 0).cost[0]
    assert first == 0  # what stands is not built anew
    assert story(c, "without", 0).cost[0] == pytest.approx(50 + 20)


def test_a_world_s_numbers_are_those_of_each_year_and_slopes_are_taken_along_them():
    c, model = case(), bound(case())
    assert model.steps == (1, 2, 3)
    count, column = len(model.columns), model.at("base.troops")
    unit = unit_rows(count, 0, WORLDS, 0)
    numbers, o = values(c, model, unit), list(model.options).index("ranged")
    later = numbers[o][
        :, [count + len(model.stepped) * k + model.stepped.index(column) for k in range(3)]
    ]
    drawn = 500 + 2500 * unit[:, column]
    assert (numbers[o][:, column] == 0).all()
    np.testing.assert_allclose(later, np.stack([drawn] * 3, axis=1), rtol=1e-15)
    np.testing.assert_array_equal(in_the_end(model, numbers[o], column), later[:, -1])
    moved = directions(c, model, unit, np.full(WORLDS, column))
    assert (moved[o][:, column] == 0).all()
    np.testing.assert_allclose(in_the_end(model, moved[o], column), 2500.0)


def test_a_schedule_is_read_back_in_a_sentence():
    said = " ".join(show(case()).split())
    assert "as the reference until it is 9 exercises/year from 2031, then 2 exercises/year" in said


WRONG = {
    "years": ("yearly: {2031: 9}", "yearly: {2029: 9}", "2029 is no year of the case"),
    "words": ("yearly: {2031: 9}", "yearly: {soon: 9}", "'soon' is no year"),
    "twice": ("yearly: {2031: 9}", "exactly: 2, yearly: {2031: 9}", "says it in two ways"),
    "empty": ("yearly: {2031: 9}", "yearly: {}", "holds too few"),
    "legal": ("yearly: {2031: 9}", "yearly: {2031: -1}", "-1 is outside its legal range"),
    "waits": ("sets:", "when: {year: 2032}, sets:", "cannot wait as well"),
    "start": (drills("yearly: {2031: 9}"), lever("timing.warning", "yearly: {2031: 9}", "days"),
              "holds from the first year to the last"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "says"), WRONG.values(), ids=WRONG)
def test_a_schedule_that_cannot_be_played_is_refused_where_it_stands(old, new, says):
    option = f"  steps: {{says: S., sets: {{{drills('yearly: {2031: 9}')}}}}}".replace(old, new)
    text = TEXT.replace("options:", f"options:\n{option}", 1)
    with pytest.raises(CaseError) as refused:
        sound(draft_text(text, "test.yaml"))
    line = text[: text.index("  steps:")].count("\n") + 1
    (problem,) = refused.value.problems
    assert says in str(problem)
    assert problem.where.startswith(f"test.yaml:{line}:")


def test_neither_an_assumption_nor_the_reference_has_a_schedule():
    stands = "training.exercises: {exactly: 0,"
    assert stands in TEXT
    with pytest.raises(CaseError, match="an assumption cannot step from year to year"):
        bound(read_text(TEXT.replace(stands, "training.exercises: {yearly: {2031: 1},"), "t.yaml"))
    home = TEXT.replace("without: {", f"without: {{sets: {{{drills('yearly: {2031: 9}')}}}, ")
    with pytest.raises(CaseError, match="the reference has no schedule"):
        bound(read_text(home, "t.yaml"))
