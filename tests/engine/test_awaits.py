"""Options that wait for a dispute: branches by the year in which it first comes, exactly."""

from pathlib import Path

import numpy as np
import pytest
from test_waits import BASE, DRILLS, TEXT, YEARS, case, played

from foedus.case.read import read_text
from foedus.case.show import show
from foedus.engine.reading import bound
from foedus.engine.story import story
from foedus.errors import CaseError, RunError

ENDS = TEXT.replace("treaty.end: {exactly: 0,", "treaty.end: {between: [0.05, 0.3],")
NOTHING = "\n  idle: {says: Nothing then., when: {dispute: T}}"
AWAITS = f"\n  base: {{says: A base then., when: {{dispute: T}}, sets: {{{BASE}}}}}"


@pytest.mark.parametrize("back", [False, True], ids=["one direction", "both directions"])
def test_branches_of_an_option_that_changes_nothing_add_up_to_the_reference(back):
    text = ENDS.replace("options:", "options:" + NOTHING, 1)
    if back:
        threat = "B: {challenger: Host, target: Rival, helper: null, rivals: false}"
        text = text.replace("threats: {", f"threats: {{{threat}, ")
    found, options = played(read_text(text, "test.yaml"), ("war", "disputes"))
    home, idle = options.index("without"), options.index("idle")
    assert found["sound"].all()
    for name, value in found.items():
        np.testing.assert_allclose(value[idle], value[home], rtol=1e-10, atol=1e-13, err_msg=name)


def test_two_years_by_hand():
    text = (Path(__file__).parent / "break-even.yaml").read_text()
    text = text.replace("[2030, 2030]", "[2030, 2031]")
    step = "troops.cross_step.step: {exactly: 0"
    text = text.replace(f"{step},", f"{step}.3,")
    base = f"\n  now: {{says: A base from the start., sets: {{{BASE}}}}}"
    text = text.replace("options:", "options:" + AWAITS + base, 1)
    found, options = played(read_text(text, "test.yaml"), ("disputes",))
    waits, now, home = (options.index(o) for o in ("base", "now", "without"))
    first, with_base = found["disputes@0"][home], found["disputes@0"][now]
    assert (np.abs(with_base - first) > 1e-3).all()
    # a dispute in the first year, and then the base; or none, and the second year as the first
    np.testing.assert_allclose(found["disputes@0"][waits], first, rtol=1e-12)
    np.testing.assert_allclose(
        found["disputes"][waits], first + first * with_base + (1 - first) * first, rtol=1e-12
    )


def test_what_it_costs_is_paid_only_where_a_dispute_has_come():
    found, options = played(case(AWAITS), ("cost_helper",))
    waits, home = options.index("base"), options.index("without")
    assert (found["cost_helper"][waits] > found["cost_helper"][home]).all()
    np.testing.assert_array_equal(found["cost_helper@0"][waits], found["cost_helper@0"][home])


def test_an_option_waits_for_one_thing_alone():
    for when in (
        "{dispute: T, tension: T, above: 0.1}",
        "{tension: T}",
        "{}",
        "{year: 2031, dispute: T}",
    ):
        with pytest.raises(CaseError, match="waits for one thing"):
            bound(case(f"\n  d: {{says: D., when: {when}, sets: {{{DRILLS}}}}}"))
    with pytest.raises(CaseError, match="no threat 'U'"):
        bound(case(f"\n  d: {{says: D., when: {{dispute: U}}, sets: {{{DRILLS}}}}}"))


def test_a_year_to_begin_in_is_one_of_the_case_s_and_delays_a_base_by_as_much():
    later = AWAITS.replace("dispute: T", "year: 2032")
    delayed = "base.delay: {exactly: 2, unit: years, source: made}"
    late = f"\n  late: {{says: L., sets: {{{BASE}, {delayed}}}}}"
    found, options = played(case(later + late))
    waits, same = options.index("base"), options.index("late")
    for name, value in found.items():
        np.testing.assert_array_equal(value[waits], value[same], err_msg=name)
    drills = f"\n  d: {{says: D., when: {{year: 2032}}, sets: {{{DRILLS}}}}}"
    found, options = played(case(drills), ("cost_host",))
    d, home = options.index("d"), options.index("without")
    paid = [found[f"cost_host@{y}"][d] - found[f"cost_host@{y}"][home] for y in range(YEARS)]
    assert (paid[1] == 0).all()
    assert (paid[2] > 0).all()
    with pytest.raises(CaseError, match="2050 is no year of the case"):
        bound(case(drills.replace("2032", "2050")))
    with pytest.raises(CaseError, match=r"when\.year: "):
        case(drills.replace("2032", "0"))


def test_a_story_of_it_is_refused_and_it_reads_back_in_words():
    c = case(AWAITS)
    with pytest.raises(RunError, match="begins after a first dispute"):
        story(c, "base", 0)
    assert "until the year after a dispute first came between the two states of T" in show(c)
