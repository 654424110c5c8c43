"""Rivals that react by spending, in the whole engine."""

from pathlib import Path

import numpy as np
import pytest

from foedus.case.read import read_text
from foedus.case.schema import Case
from foedus.engine import refused
from foedus.engine.many import play
from foedus.engine.reading import bound
from foedus.worlds.points import unit_rows, values

TEXT = (
    (Path(__file__).parent / "break-even.yaml").read_text().replace("[2030, 2030]", "[2030, 2032]")
)
NUMBERS = """
  budgets.host: {exactly: 1000, unit: M USD/year, source: made}
  budgets.gdp: {exactly: 20000, unit: M USD/year, source: made}
  budgets.per_head: {exactly: 50, unit: k USD/person/year, source: made}
  budgets.foreign_weight: {exactly: 0.5, unit: "1", source: made}
  budgets.crowding: {exactly: -0.2, unit: pp growth per pp of GDP, source: made}
  rivalry.spending: {exactly: 4000, unit: M USD/year, source: made}
  rivalry.attention: {exactly: 0.5, unit: "1", source: made}
  rivalry.feared: {exactly: 1, unit: "1", source: made}"""
CORRECTS = """
  race.error_correction.impact: {exactly: 0.05, unit: elasticity, source: made}
  race.error_correction.adjustment: {exactly: 0.08, unit: 1/year, source: made}
  race.error_correction.reaction: {exactly: 0.28, unit: elasticity, source: made}
  race.error_correction.income: {exactly: 1, unit: elasticity, source: made}"""
RACES = """
  race.richardson.defence: {exactly: 0.1, unit: 1/year, source: made}
  race.richardson.fatigue: {exactly: 0.2, unit: 1/year, source: made}"""
SPENT, GROWN, WON, CHALLENGE = "rivals_spend", "economy", "wins_alone.T", "challenge.T"


def asked(beliefs: str, numbers: str) -> Case:
    text = TEXT.replace("distance: [none]\n", f"distance: [none]\n  race: {beliefs}\n")
    return read_text(text.replace("assumptions:", "assumptions:" + numbers, 1), "test.yaml")


def played(c: Case) -> dict[str, np.ndarray]:
    model = bound(c)
    return play(c, model, values(c, model, unit_rows(len(model.columns), 0, 16, 0)))


def test_a_rival_corrects_its_spending_and_forces_as_counted_by_hand():
    """The base adds 25 M USD, half of a rival's attention: ln(1 + .5 x .025), from the first year.

    The second year reacts with impact and adjustment, the third with adjustment alone; the host
    follows a year later, and its economy pays for its share of the base.
    """
    found = played(asked("[error_correction]", NUMBERS + CORRECTS))
    base = 0.5 * 0.5 * 1000 * 50 / 1000 / 1000
    faced = np.log1p(base)
    second = 0.05 * faced + 0.08 * 0.28 * faced
    host_share, places = 0.3, 100.0
    paid = host_share * (50 + 20 + places)
    grown = -0.2 * paid / 20000
    host = 0.08 * grown
    here = np.log1p(base + 0.5 * np.expm1(0.0))
    third = second + 0.05 * (here - faced) - 0.08 * (second - 0.28 * here)
    extra = 4000 * np.expm1([0.0, second, third])
    assert found[SPENT][1] == pytest.approx(extra.mean(), rel=1e-12)
    later = host_share * (50 + 20) + 1000 * np.expm1(0.0)
    assert found[GROWN][1] == pytest.approx(np.expm1(grown - 0.2 * later / 20000), rel=1e-9)
    assert host < 0 < third
    for name in (SPENT, GROWN, "host_spends"):
        np.testing.assert_array_equal(found[name][0], 0)
    grows = np.exp([0.0, second, third])
    host_grows = np.exp([0.0, 0.0, 0.08 * grown + 0.0])
    based = 0.5 * 1000 * 0.5 / 3000
    alone = grows / (grows + host_grows + based)
    assert found[WON][1] == pytest.approx(alone.mean(), rel=1e-4)


def test_who_does_not_react_changes_nothing_bit_for_bit():
    steady = played(asked("[steady, error_correction]", NUMBERS + CORRECTS))
    plain = played(read_text(TEXT, "test.yaml"))
    still = steady[SPENT][1] == 0
    assert still.any(), "some worlds hold that nobody reacts"
    assert not still.all(), "and some do not"
    for name, each in plain.items():
        np.testing.assert_array_equal(steady[name][:, still], each[:, still], err_msg=name)
        np.testing.assert_array_equal(steady[name][0], each[0], err_msg=name)


def test_a_race_without_an_end_is_refused_and_says_why():
    endless = RACES.replace("exactly: 0.1,", "exactly: 0.2,")
    c = asked("[richardson]", NUMBERS + endless)
    model = bound(c)
    numbers = values(c, model, unit_rows(len(model.columns), 0, 2, 0))
    found = play(c, model, numbers)
    assert not found["sound"].any()
    why = refused.reasons(c, model, numbers, found["sound"], 0)
    assert set(why["mechanism"]) == {"spending"}
    assert played(asked("[richardson]", NUMBERS + RACES))["sound"].all()
