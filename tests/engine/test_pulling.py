"""Pressure on a plan, in the whole engine."""

from pathlib import Path

import numpy as np

from foedus.case.read import read_text
from foedus.engine.many import play
from foedus.engine.reading import bound
from foedus.worlds.points import unit_rows, values

TEXT = (Path(__file__).parent / "break-even.yaml").read_text()
NUMBERS = """
  alignment.treaty: {exactly: 1, unit: "1", source: made}
  alignment.exercises: {exactly: 1, unit: "1", source: made}
  alignment.base: {exactly: 2, unit: "1", source: made}
  alignment.host: {exactly: 60, unit: M USD/year, source: made}
  alignment.elites: {exactly: 0, unit: "1", source: made}
  alignment.elites_want: {exactly: 0, unit: "1", source: made}
  alignment.helper: {exactly: 0, unit: M USD/year, source: made}
  alignment.helper_wants: {exactly: 1, unit: "1", source: made}
  alignment.helper_cares: {exactly: 1, unit: "1", source: made}
  alignment.helper_there: {exactly: 0, unit: "1", source: made}
  alignment.binds: {exactly: 1, unit: "1", source: made}
  neighbour.weight: {exactly: 40, unit: M USD/year, source: made}
  neighbour.wants: {exactly: 0, unit: "1", source: made}
  neighbour.cares: {exactly: 1, unit: "1", source: made}
  neighbour.alarm: {exactly: 0, unit: "1", source: made}
  neighbour.ties: {exactly: 0.25, unit: "1", source: made}"""
ASKED = "\n  distance: [none]\n  pressure: [mean]\n"
OPTION = """
  large: {says: A base., sets: {base.troops: {exactly: 9999, unit: persons, source: made}}}
  less:
    says: What pressure leaves of it.
    sets: {base.troops: {exactly: 5999.4, unit: persons, source: made}}"""


def _found(theories: str, binds: str = "1", worlds: tuple[int, int] = (0, 32)):
    asked = f"\n  distance: [none]\n  pressure: [{theories}]\n"
    text = TEXT.replace("\n  distance: [none]\n", asked)
    numbers = NUMBERS.replace("binds: {exactly: 1,", f"binds: {{exactly: {binds},")
    text = text.replace("assumptions:", "assumptions:" + numbers, 1)
    case = read_text(text.replace("options:", "options:" + OPTION, 1), "test.yaml")
    model = bound(case)
    rows = values(case, model, unit_rows(len(model.columns), *worlds, 0))
    return model, rows, play(case, model, rows)


def test_of_a_base_the_mean_leaves_the_host_s_share_and_the_host_alone_all():
    model, rows, found = _found("alone, mean")
    large, home = model.options.index("large"), model.options.index("without")
    means = rows[0, :, model.at("theory.pressure")] == 1
    assert set(means) == {False, True}
    np.testing.assert_allclose(found["base_kept"][large], np.where(means, 0.6, 1), rtol=1e-12)
    assert (found["base_kept"][home] == 1).all()
    # a pact and a base of ten thousand of all ties: 3/4; the rival wants none, and has 40 of 100
    np.testing.assert_allclose(found["pressure"][large], 0.4 * 0.75, rtol=1e-12)
    np.testing.assert_allclose(found["pressure"][home], 0.4 * 0.25, rtol=1e-12)
    np.testing.assert_allclose(found["autonomy"][large], np.where(means, 0.7, 1), rtol=1e-12)
    np.testing.assert_allclose(found["hedging"][home], 1, rtol=1e-12)


def test_diplomacy_brings_the_neighbour_closer_and_spreads_the_host_s_ties():
    """Of ties of .25 each: a fifth of the way to the closest, at half an effort, by hand."""
    talks = """
  relations.effort: {exactly: 0, unit: "1", source: made}
  relations.cost: {exactly: 0, unit: M USD/year, source: made}
  relations.warms: {exactly: 0.2, unit: "1", source: made}
  diplomacy.eases.effect: {exactly: 0, unit: log-odds, source: made}"""
    option = """
  talks: {says: T., sets: {relations.effort: {exactly: 0.5, unit: "1", source: made}}}"""
    text = TEXT.replace("\n  distance: [none]\n", ASKED + "  diplomacy: [eases]\n")
    text = text.replace("assumptions:", "assumptions:" + NUMBERS + talks, 1)
    case = read_text(text.replace("options:", "options:" + option, 1), "test.yaml")
    model = bound(case)
    found = play(case, model, values(case, model, unit_rows(len(model.columns), 0, 16, 0)))
    ties = np.array([0.25, 0.25 + 0.5 * 0.2 * 0.75])
    spread = (1 - (ties**2).sum() / ties.sum() ** 2) * 2
    np.testing.assert_allclose(found["hedging"][model.options.index("talks")], spread, rtol=1e-12)
    np.testing.assert_allclose(found["hedging"][model.options.index("without")], 1, rtol=1e-12)


def test_a_world_is_the_same_alone_and_among_worlds_of_other_theories():
    """Worlds of one theory are played together, and its rounds where some world holds it."""
    theories = "alone, mean, median, challenges"
    model, rows, found = _found(theories)
    held = rows[0, :, model.at("theory.pressure")]
    assert len(set(held)) == 4
    assert (np.diff(held) < 0).any()  # the design has them in no order
    for first, last in [(0, 1), (1, 6), (6, 32)]:
        _, _, part = _found(theories, worlds=(first, last))
        for name, value in part.items():
            np.testing.assert_array_equal(value, found[name][:, first:last], name)


def test_a_base_that_pressure_cuts_is_a_smaller_base_to_the_last_number():
    model, _, pressed = _found("mean, median")
    _, rows, free = _found("alone, mean")
    means = rows[0, :, model.at("theory.pressure")] == 1
    large, less = model.options.index("large"), model.options.index("less")
    alone = np.flatnonzero(~means)[0]
    held = np.flatnonzero(pressed["base_kept"][large] < 1)[0]
    for name in ("challenge.T", "cost_host", "wins_helped.T", "war"):
        assert pressed[name][large][held] != free[name][large][alone], name
        np.testing.assert_allclose(pressed[name][large][held], free[name][less][alone], rtol=1e-9)


def test_where_it_does_not_bind_a_base_is_built_as_wanted_and_pressure_is_told_all_the_same():
    _, _, held = _found("mean, median", "0")
    _, _, bound_by = _found("mean, median")
    _, _, free = _found("alone, mean", "0")
    for name in ("base_kept", "pressure", "autonomy"):
        np.testing.assert_array_equal(held[name], bound_by[name])
    assert (held["base_kept"] < 1).any()
    for name in ("challenge.T", "cost_host", "wins_helped.T", "war"):
        np.testing.assert_array_equal(held[name], free[name])


def test_without_the_question_nothing_is_asked_and_nothing_changes():
    model, rows, found = _found("alone, mean")
    case = read_text(TEXT.replace("options:", "options:" + OPTION, 1), "test.yaml")
    plain = bound(case)
    bare = play(case, plain, values(case, plain, unit_rows(len(plain.columns), 0, 32, 0)))
    assert "pressure" not in bare
    alone = np.flatnonzero(rows[0, :, model.at("theory.pressure")] == 0)
    for name, value in bare.items():
        np.testing.assert_array_equal(found[name][:, alone], value[:, :1].repeat(len(alone), 1))
