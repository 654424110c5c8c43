"""The whole engine: one case file in, odds out."""

import itertools
from functools import partial
from math import prod
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
import pytest

from foedus.case.read import read_text
from foedus.case.schema import Case
from foedus.engine import arriving, clock, course, many
from foedus.engine.many import play
from foedus.engine.reading import bound
from foedus.engine.run import simulate
from foedus.engine.year import Threatened
from foedus.errors import RunError
from foedus.mechanisms import crisis, memory
from foedus.worlds.points import unit_rows, values
from foedus.worlds.world import knowledge, world

TEXT = (Path(__file__).parent / "break-even.yaml").read_text()


def case(*edits: tuple[str, str]) -> Case:
    text = TEXT
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    return read_text(text, "test.yaml")


def outcomes(c: Case, worlds: int = 16) -> dict[str, np.ndarray]:
    model = bound(c)
    return play(c, model, values(c, model, unit_rows(len(model.columns), 0, worlds, 0)))


def test_the_published_break_even_comes_out_of_the_whole_engine(published) -> None:
    """Worked example of extended deterrence: u15 .3, u16 -.05, u25 -.7, u26 -.45, sigma 1."""
    found = outcomes(case())["challenge.T"]
    published(
        "challenge without a base, whole engine",
        "worked example",
        published=0.10,
        ours=float(found[0, 0]),
        tolerance=1e-9,
    )
    published(
        "challenge with a light base, whole engine",
        "worked example",
        published=0.0967096,
        ours=float(found[1, 0]),
        tolerance=1e-6,
    )
    shift = np.log(0.10 / 0.90) - np.log(0.0967096 / 0.9032904)
    step = ("troops.cross_step.step: {exactly: 0,", f"troops.cross_step.step: {{exactly: {shift},")
    provoked = outcomes(case(step))["challenge.T"]
    published(
        "challenge at the break-even provocation, whole engine",
        "worked example",
        published=0.10,
        ours=float(provoked[1, 0]),
        tolerance=1e-6,
    )


SPREAD = [
    ("years: [2030, 2030]", "years: [2030, 2041]"),
    ("rates.challenge: {exactly: 0.10,", "rates.challenge: {between: [0.05, 0.2],"),
    ("memory.share: {exactly: 0,", "memory.share: {between: [0, 1],"),
    ("treaty.end: {exactly: 0,", "treaty.end: {between: [0, 0.05],"),
    ("memory.rivalry_end: {exactly: 0,", "memory.rivalry_end: {between: [0, 0.1],"),
    ("knowledge: [private]", "knowledge: [private, agent_error, logit]"),
    ("forces.Rival: {exactly: 1,", "forces.Rival: {between: [0.5, 2],"),
    ("rivals: false", "rivals: true"),
]
TWIN = (
    "options:\n",
    "options:\n  twin: {says: The same., sets: "
    "{base.troops: {exactly: 0, unit: persons, source: made}}}\n",
)
BOTH_WAYS = (
    "rivals: true}",
    "rivals: true}, U: {challenger: Host, target: Rival, helper: null, rivals: true}",
)


def test_an_option_equal_to_the_reference_changes_nothing_to_the_last_bit() -> None:
    c = case(*SPREAD, TWIN)
    rows = list(c.options)
    for name, value in outcomes(c, 300).items():
        assert (value[rows.index("twin")] == value[rows.index("without")]).all(), name


def test_any_split_gives_the_same_bits_and_a_larger_run_contains_the_smaller() -> None:
    c = case(*SPREAD)
    model = bound(c)
    whole = outcomes(c, 700)
    for first, last in [(0, 1), (1, 130), (130, 700)]:
        part = play(c, model, values(c, model, unit_rows(len(model.columns), first, last, 0)))
        for name, value in part.items():
            assert (value == whole[name][:, first:last]).all(), name


def test_the_order_of_options_changes_no_world() -> None:
    c = case(*SPREAD)
    turned = c.model_copy(update={"options": dict(reversed(c.options.items()))})
    here, there = outcomes(c, 64), outcomes(turned, 64)
    for name in here:
        np.testing.assert_allclose(here[name], there[name][::-1], rtol=1e-12)


@pytest.mark.parametrize("ways", [1, 2])
def test_every_history_of_two_years_enumerated_agrees_with_the_clock(ways: int) -> None:
    """The chain against a sum over all histories: disputes, events, ends of treaty and rivalry."""
    edits = [*SPREAD, BOTH_WAYS] if ways == 2 else SPREAD
    edits = [("years: [2030, 2030]", "years: [2030, 2031]"), *edits[1:]]
    c = case(*edits, ("treaty.end: {between: [0, 0.05]", "treaty.end: {between: [0.1, 0.3]"))
    model = bound(c)
    numbers = values(c, model, unit_rows(len(model.columns), 0, 16, 0))
    found = play(c, model, numbers)
    for option, k in itertools.product(range(2), range(16)):
        with jax.enable_x64(True):
            by_hand = _enumerate(model, numbers, option, k)
        for name, value in by_hand.items():
            assert found[name][option, k] == pytest.approx(value, rel=1e-12, abs=1e-14), name


def _challenges(noise: crisis.Noise, t: Threatened, rates: jnp.ndarray) -> jnp.ndarray:
    """Odds of a challenge by years since the last dispute, treaty and rivalry."""
    score = t.score[None, :, None] + t.slope[None, :, None] * rates[:, None]
    return crisis.shift_log_odds(noise.link(score), t.shift[None, :, None])


@partial(jax.jit, static_argnums=0)
def _years(model, home, row):
    """What one world holds, year by year: the engine's own functions of one world, no clock.

    Returns:
        Challenges by year and threat, of shape (age, treaty, rivalry); what they lead to by year
        and threat, of shape (event, treaty); the yearly odds that treaty and rivalry end; years
        since the last dispute.
    """
    on = jnp.ones(4)
    began = course.begin(model, home, on)
    w = world(model, row, on)
    stands = arriving.standings(model, w)
    noise = knowledge(model, w.common)
    last, tables, events = began.first, [], []
    for year in range(model.years):
        y = course.one_year(model, w, stands, began, last, jnp.asarray(float(year)))
        last = y.leaves
        each = [
            jax.tree.map(lambda leaf, i=i: leaf[i], y.threats) for i in range(len(model.threats))
        ]
        tables.append([_challenges(noise, t, began.anchors.rates[i]) for i, t in enumerate(each)])
        events.append([jnp.stack(t.leads_to[:3]) for t in each])
    ends = w.common.treaty.end, w.local.memory.rivalry_end[0]
    return tables, events, ends, w.local.memory.since[0]


def _enumerate(model, numbers: np.ndarray, option: int, k: int) -> dict[str, float]:
    """Odds by summing over every history of the years, one at a time, in plain Python."""
    tables, events, ends, last = jax.tree.map(
        np.asarray, _years(model, numbers[model.reference, k], numbers[option, k])
    )
    totals: dict[str, float] = {}
    threats = range(len(model.threats))
    for i in threats:
        totals[f"disputes.{model.threats[i].name}"] = 0.0
        for event in clock.EVENTS:
            totals[f"{event}.{model.threats[i].name}"] = 0.0
    since = int(last)

    def walk(year: int, odds: float, age: int, ended: int, over: int, seen: frozenset) -> None:
        if odds == 0.0:
            return
        if year == model.years:
            for i, e in seen:
                totals[f"{clock.EVENTS[e]}.{model.threats[i].name}"] += odds
            return
        p = [float(tables[year][i][min(age, memory.STATES - 1), ended, over]) for i in threats]
        for happens in itertools.product([False, True], repeat=len(p)):
            here = odds * prod(q if h else 1 - q for q, h in zip(p, happens, strict=True))
            for i, happened in enumerate(happens):
                totals[f"disputes.{model.threats[i].name}"] += here * happened
            later = 0 if any(happens) else age + 1
            marks = [(i, e) for i, h in enumerate(happens) if h for e in range(3)]
            for come in itertools.product([False, True], repeat=len(marks)):
                f = [float(events[year][i][e, ended]) for i, e in marks]
                now = here * prod(x if c else 1 - x for x, c in zip(f, come, strict=True))
                new = seen | {m for m, c in zip(marks, come, strict=True) if c}
                for stop, close in itertools.product([False, True], repeat=2):
                    lose = (
                        1.0
                        if ended and not stop
                        else 0.0
                        if ended
                        else ends[0]
                        if stop
                        else 1 - ends[0]
                    )
                    shut = (
                        1.0
                        if over and not close
                        else 0.0
                        if over
                        else ends[1]
                        if close
                        else 1 - ends[1]
                    )
                    walk(
                        year + 1,
                        now * lose * shut,
                        later,
                        *map(int, (ended or stop, over or close)),
                        new,
                    )

    walk(0, 1.0, since, 0, 0, frozenset())
    return totals


def test_the_first_year_of_the_reference_has_the_rates_that_were_drawn() -> None:
    c = case(*SPREAD)
    model = bound(c)
    numbers = values(c, model, unit_rows(len(model.columns), 0, 64, 0))[0]
    drawn = numbers[:, model.at("rates.challenge")]
    shape = 1 - numbers[:, model.at("memory.share")] * (1 - memory.RIVALS[5])
    np.testing.assert_allclose(outcomes(c, 64)["challenge.T"][0], drawn * shape, rtol=1e-10)
    one = case(("years: [2030, 2030]", "years: [2030, 2030]"))
    found = outcomes(one)
    assert found["help.T"][0, 0] == pytest.approx(0.41, abs=1e-12)
    assert found["resist.T"][0, 0] == pytest.approx(0.48, abs=1e-12)
    assert found["war.T"][0, 0] == pytest.approx(0.10 * 0.042, abs=1e-12)
    assert found["grab.T"][0, 0] == pytest.approx(0.10 * 0.05, abs=1e-12)


def test_a_switched_off_channel_no_longer_acts() -> None:
    light = "sets: {base.troops: {exactly: 1000, unit: persons, source: made}}"
    off = case((light, light + ", without: [denial, tripwire]"))
    found = outcomes(off)["challenge.T"]
    assert found[1, 0] == found[0, 0]
    tripwire = outcomes(case((light, light + ", without: [denial]")))["challenge.T"]
    assert tripwire[1, 0] == pytest.approx(0.09868, abs=1e-5)  # published: tripwire alone


def test_a_helper_that_fears_to_be_drawn_in_comes_less_often_for_its_troops_and_deters_less() -> (
    None
):
    light = "sets: {base.troops: {exactly: 1000, unit: persons, source: made}}"
    alone = (light, light + ", without: [denial]")
    found = outcomes(case(alone, ("gain: {exactly: 0.03,", "gain: {exactly: -0.02,")))
    assert found["help.T"][1, 0] == pytest.approx(found["help.T"][0, 0] - 0.02, abs=1e-9)
    assert found["challenge.T"][1, 0] > found["challenge.T"][0, 0]
    seldom = ("pact: {exactly: 0.41,", "pact: {exactly: 0.05,")
    least = outcomes(case(alone, seldom, ("gain: {exactly: 0.03,", "gain: {exactly: -0.1,")))
    assert least["help.T"][:, 0] == pytest.approx([0.05, 0], abs=1e-8)


def test_a_world_whose_odds_pass_one_is_marked_counted_and_left_out(tmp_path: Path) -> None:
    c = case(
        ("rates.fatal_answered: {exactly: 0.46,", "rates.fatal_answered: {between: [0, 0.46],"),
        ("rates.fatal_unanswered: {exactly: 0.05,", "rates.fatal_unanswered: {exactly: 0,"),
    )
    r = simulate(c, 256, out=tmp_path / "run")
    refused = r.blocks[0]["refused"]
    assert 0 < refused < 256
    assert len(r.sound) == 256 - refused
    why = r.frame("refused").collect()
    assert set(why["mechanism"]) == {"escalation"}
    assert set(why["what"]) == {"a challenge is likelier to become a war than to cost a life"}
    assert set(why["option"]) <= set(c.options)
    assert set(why["world"]) == set(r.frame("worlds").filter(~pl.col("sound")).collect()["world"])
    ((mechanism, _, count),) = r.why_refused()
    assert (mechanism, count) == ("escalation", refused)
    # war .042 of disputes, answered .48: refused where bloodshed would be rarer than war
    assert r.sound["rates.fatal_answered"].min() > 0.042 / 0.48 * 0.99


def test_the_same_seed_gives_the_same_files_and_another_seed_others(tmp_path: Path) -> None:
    c = case(*SPREAD)
    one, two = (simulate(c, 100, out=tmp_path / name) for name in "ab")
    other = simulate(c, 100, seed=1, out=tmp_path / "c")
    for kind in ("worlds", "outcomes"):
        assert one.blocks[0]["parts"][kind] == two.blocks[0]["parts"][kind]
        assert one.blocks[0]["parts"][kind] != other.blocks[0]["parts"][kind]


def test_a_run_is_continued_from_what_is_whole_and_never_mixed(tmp_path: Path) -> None:
    c = case(*SPREAD)
    worlds = many.BLOCK + 50
    whole = simulate(c, worlds, out=tmp_path / "whole")
    broken = simulate(c, worlds, out=tmp_path / "broken")
    (tmp_path / "broken" / "outcomes" / "part-00000.parquet").write_bytes(b"half a block")
    again = simulate(c, worlds, out=tmp_path / "broken")
    assert again.blocks == whole.blocks
    with pytest.raises(RunError, match="seed"):
        simulate(c, worlds, seed=5, out=tmp_path / "broken")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("keep me")
    with pytest.raises(RunError, match="not empty"):
        simulate(c, 16, out=tmp_path / "full")
    assert broken.folder == again.folder


def test_a_table_has_one_row_a_world_and_option(tmp_path: Path) -> None:
    c = case(*SPREAD)
    r = simulate(c, 40, out=tmp_path / "run")
    rows = r.frame("outcomes").collect()
    assert rows.select("world", "option").is_unique().all()
    assert len(rows) == 40 * len(c.options)
    assert r.frame("worlds").collect()["theory.knowledge"].dtype == pl.Enum(
        ["private", "agent_error", "logit"]
    )
    assert not list(r.folder.rglob("*.tmp"))


def test_a_case_changed_in_python_is_never_run_under_its_old_text(tmp_path: Path) -> None:
    c = case(*SPREAD)
    longer = c.model_copy(update={"years": (2030, 2049)})
    with pytest.raises(RunError, match="changed in Python"):
        simulate(longer, 16, out=tmp_path / "run")
    assert not (tmp_path / "run").exists()
