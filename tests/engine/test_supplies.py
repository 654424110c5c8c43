"""Arms made at home and bought abroad, in the whole engine."""

from pathlib import Path

import numpy as np
import pytest

from foedus.case.read import read_text
from foedus.case.schema import Case
from foedus.engine.many import play
from foedus.engine.reading import bound
from foedus.worlds.points import unit_rows, values

TEXT = (Path(__file__).parent / "break-even.yaml").read_text()
TEXT = TEXT.replace("[2030, 2030]", "[2030, 2032]")
NUMBERS = """
  purchases.total: {exactly: 1000, unit: M USD/year, source: made}
  purchases.domestic: {exactly: 0.2, unit: "1", source: made}
  purchases.joint: {exactly: 0.25, unit: "1", source: made}
  purchases.tied: {exactly: 0.4, unit: share, source: made}
  purchases.helper: {exactly: 0.5, unit: "1", source: made}
  purchases.largest: {exactly: 0.75, unit: "1", source: made}
  purchases.others: {exactly: 2, unit: suppliers, source: made}
  purchases.helper_refuses: {exactly: 0, unit: probability, source: made}
  purchases.largest_refuses: {exactly: 0.5, unit: probability, source: made}
  purchases.others_refuse: {exactly: 0.1, unit: probability, source: made}
  purchases.lot: {exactly: 100, unit: M USD, source: made}
  purchases.bite: {exactly: 0.5, unit: "1", source: made}
  industry.learns.rate: {exactly: 0.2, unit: share, source: made}
  industry.learns.retention: {exactly: 0.5, unit: share, source: made}
  industry.learns.premium: {exactly: 0.4, unit: share, source: made}
  industry.stays_dear.premium: {exactly: 0.3, unit: share, source: made}"""
OPTION = """
  own:
    says: More is made at home.
    sets: {purchases.domestic: {exactly: 0.6, unit: "1", source: made}}"""


def asked(beliefs: str, numbers: str = NUMBERS) -> Case:
    text = TEXT.replace("distance: [none]\n", f"distance: [none]\n  industry: {beliefs}\n")
    text = text.replace("assumptions:", "assumptions:" + numbers, 1)
    return read_text(text.replace("options:", "options:" + OPTION, 1), "test.yaml")


def played(c: Case) -> dict[str, np.ndarray]:
    model = bound(c)
    assert list(model.options) == ["own", "without", "light"]
    return play(c, model, values(c, model, unit_rows(len(model.columns), 0, 16, 0)))


def without(numbers: str, theory: str) -> str:
    return "\n".join(line for line in numbers.splitlines() if f"industry.{theory}" not in line)


def test_dependence_and_strength_are_those_counted_by_hand():
    """800 abroad: 400 from the helper (a quarter jointly at home, of which .4 is tied), 300, 100.

    Own industry: 400 abroad, half as much of each.
    """
    found = played(asked("[stays_dear]", without(NUMBERS, "learns")))
    tied = np.array([300 + 0.4 * 100, 300, 100])
    shares = tied / tied.sum()
    index = (shares**2 / [1, 1, 2]).sum()
    denied = np.array([0.0, 150, 10]).sum() / 1000
    assert found["imports"] == pytest.approx(np.array([[0.35], [0.7], [0.7]]) * np.ones(16))
    assert found["concentration"][1:] == pytest.approx(index)
    assert found["denied"][0] == pytest.approx(denied / 2)
    assert found["denied"][1] == pytest.approx(denied)
    strength = (1 - 0.5 * denied / 2) / (1 - 0.5 * denied)
    assert found["wins_alone.T"][0] == pytest.approx(1 / (1 + strength), rel=1e-12)
    assert found["wins_alone.T"][1] == pytest.approx(0.5, rel=1e-12)
    yearly = np.exp(-np.log(1.05) * np.arange(3)).sum()
    assert found["cost_host"][1] == pytest.approx(0.3 * 300 * yearly)
    assert found["cost_host"][0] == pytest.approx(0.3 * 650 * yearly)


def test_an_industry_that_learns_gets_cheaper_from_the_experience_it_has():
    """Made at home: 3 lots a year today, steady at 6; then 6.5 a year: 9.5, 11.25, 12.125."""
    found = played(asked("[learns]", without(NUMBERS, "stays_dear")))
    falls = -np.log2(1 - 0.2)
    yearly = np.exp(-np.log(1.05) * np.arange(3))

    def premium(known: np.ndarray) -> np.ndarray:
        return 0.4 * (1 + known**-falls) / 2

    home = 300 * (premium(np.array([6.0, 6.0, 6.0])) * yearly).sum()
    own = 650 * (premium(np.array([9.5, 11.25, 12.125])) * yearly).sum()
    assert found["cost_host"][1] == pytest.approx(home, rel=1e-12)
    assert found["cost_host"][0] == pytest.approx(own, rel=1e-12)
