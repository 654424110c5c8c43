"""Aid short of troops, in the whole engine."""

from pathlib import Path

import numpy as np

from foedus.case.read import read_text
from foedus.case.schema import Case
from foedus.engine.many import play
from foedus.engine.reading import bound
from foedus.worlds.points import unit_rows, values

STAKE = "stakes.helper_stake: {exactly: 0,"
TEXT = (Path(__file__).parent / "break-even.yaml").read_text()
TEXT = TEXT.replace(STAKE, STAKE.replace("0,", "0.5,"))
MADE = "source: made}"
NUMBERS = f"""
  aid.short_of_troops.odds: {{exactly: 0.2, unit: probability, {MADE}
  aid.short_of_troops.strength: {{exactly: 0.5, unit: "1", {MADE}
  aid.short_of_troops.share: {{exactly: 0.4, unit: "1", {MADE}
  aid.short_of_troops.cost: {{exactly: 0, unit: M USD/year, {MADE}"""
OPTIONS = f"""
  none:
    says: No aid.
    sets: {{aid.short_of_troops.odds: {{exactly: 0, unit: probability, {MADE}}}
  surge:
    says: Aid that is worth more, and kept ready.
    sets:
      aid.short_of_troops.strength: {{exactly: 1.5, unit: "1", {MADE}
      aid.short_of_troops.cost: {{exactly: 30, unit: M USD/year, {MADE}"""
HELP, AID, COST, RESIST = "help.T", "aid.T", "cost_helper", "resist.T"


def case(text: str = TEXT) -> Case:
    return read_text(text, "test.yaml")


def asked(beliefs: str) -> Case:
    text = TEXT.replace("distance: [none]\n", f"distance: [none]\n  aid: {beliefs}\n")
    text = text.replace("assumptions:", f"assumptions:{NUMBERS}", 1)
    return case(text.replace("options:", f"options:{OPTIONS}", 1))


def outcomes(c: Case, worlds: int = 16) -> tuple[dict[str, np.ndarray], list[str]]:
    model = bound(c)
    found = play(c, model, values(c, model, unit_rows(len(model.columns), 0, worlds, 0)))
    return found, list(model.options)


def test_aid_is_calibrated_costs_what_it_costs_and_stands_in_for_troops():
    found, options = outcomes(asked("[none, short_of_troops]"))
    plain, known = outcomes(case())
    home, surge, never = (options.index(o) for o in ("without", "surge", "none"))
    believe = found[AID][home] > 0
    assert believe.any(), "some worlds believe that aid can be sent"
    assert not believe.all(), "and some do not"
    troops = plain[HELP][known.index("without"), 0]
    np.testing.assert_allclose(found[HELP][home], troops, rtol=1e-12)
    np.testing.assert_allclose(found[AID][home][believe], 0.2, rtol=1e-12)
    np.testing.assert_array_equal(found[AID][never], 0)
    np.testing.assert_array_equal(found[AID][surge] > found[AID][home], believe)
    np.testing.assert_array_equal(found[HELP][surge] < found[HELP][home], believe)
    np.testing.assert_array_equal(found[RESIST][surge] > found[RESIST][home], believe)
    np.testing.assert_allclose((found[COST][surge] - found[COST][home])[believe], 30, rtol=1e-12)
    for o in ("without", "light"):
        for name, each in plain.items():
            here = found[name][options.index(o)]
            np.testing.assert_array_equal(here[~believe], each[known.index(o), 0], err_msg=name)


def test_a_case_that_does_not_ask_keeps_no_number_of_aid():
    assert AID not in outcomes(case())[0]
