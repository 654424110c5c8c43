"""The example package: a theory and an outcome of somebody else, run as they stand."""

import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

from foedus.engine import contributed
from foedus.errors import FoedusError

PACKAGE = Path(__file__).parents[2] / "examples" / "stochastic-combat"

PLAY = """
import json, sys
import jax, numpy as np
from foedus import listing
from foedus.case.read import draft_text
from foedus.engine.many import play
from foedus.engine.reading import bound, sound
from foedus.worlds.points import unit_rows, values
from stochastic_combat import SquareLaw, square_law
listed = [row["outcome"] for row in listing.rows("outcomes")]
theories = [row["theory"] for row in listing.rows("theories")]
case = sound(draft_text(open(sys.argv[1], encoding="utf-8").read(), "own.yaml"))
model = bound(case)
found = play(case, model, values(case, model, unit_rows(len(model.columns), 0, 32, 0)))
jax.config.update("jax_enable_x64", True)
odds = [float(square_law(SquareLaw(units=np.float64(1)), np.float64(a), np.float64(d)))
        for a, d in ((20, 20), (24, 16), (16, 24))]
worst = found["worst_year.T"]
there = "worst_year, worst_year.THREAT" in listed and "square_law" in theories
print(json.dumps({"listed": there, "odds": odds,
                  "sound": bool(found["sound"].all()),
                  "worst": [float(worst.min()), float(worst.max())],
                  "bound": bool((found["worst_year"] >= worst - 1e-12).all())}))
"""

CASE = """\
foedus: 1
title: A small case
question: Is it small?
uses: [common]
years: [2027, 2028]
reference: now
alliance: {host: AAA, helper: BBB}
actors: {AAA: {name: Aland}, BBB: {name: Bland}, CCC: {name: Cland}}
threats: {T: {challenger: CCC, target: AAA, helper: BBB, rivals: true}}
theories: {contest: [square_law]}
assumptions:
  forces.AAA: {exactly: 10, unit: brigades, source: own}
  forces.BBB: {exactly: 40, unit: brigades, source: own}
  forces.CCC: {exactly: 30, unit: brigades, source: own}
  memory.since: {exactly: 5, unit: years, source: own}
  treaty.obligation: {exactly: defence, unit: obligation, source: own}
  training.exercises: {exactly: 3, unit: exercises/year, source: own}
  contest.square_law.units: {between: [1, 5], unit: 1/brigade, source: own}
options: {now: {says: As today.}}
claims:
  C1:
    says: The worst year is quiet.
    kind: counterfactual
    tests:
      t: {says: Quiet., because: Any., level: {outcome: worst_year, option: now, is: at_most, value: 0.5}}
sources: {own: Made}
"""  # noqa: E501


@cache
def exact(attack: int, defence: int) -> float:
    """The attacker's chance where each side loses a unit as often as the other has units."""
    if defence == 0:
        return 1.0
    if attack == 0:
        return 0.0
    hit = attack * exact(attack, defence - 1) + defence * exact(attack - 1, defence)
    return hit / (attack + defence)


def test_a_theory_and_an_outcome_of_another_package_are_used_like_our_own(tmp_path: Path) -> None:
    import json

    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text("utf-8"))["project"]
    installed = tmp_path / "stochastic_combat-0.1.0.dist-info"  # what an installer writes
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: stochastic-combat\n")
    lines = [
        f"[{group}]\n" + "".join(f"{name} = {where}\n" for name, where in points.items())
        for group, points in project["entry-points"].items()
    ]
    (installed / "entry_points.txt").write_text("\n".join(lines))
    (tmp_path / "own.yaml").write_text(CASE)
    where = [str(tmp_path), str(PACKAGE / "src")]
    code = f"import sys; sys.path[:0] = {where!r}\n{PLAY}"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "own.yaml")], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said = json.loads(done.stdout)
    assert said["listed"]
    assert said["sound"]
    assert 0 < said["worst"][0] <= said["worst"][1] < 1
    assert said["bound"], "the worst of all threats is no better than one of them"
    for odds, (attack, defence) in zip(said["odds"], ((20, 20), (24, 16), (16, 24)), strict=True):
        assert odds == pytest.approx(exact(attack, defence), abs=0.01)


def test_an_outcome_that_takes_a_name_of_ours_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib.metadata import EntryPoint

    point = EntryPoint("war", "somewhere:war", "foedus.outcomes")
    monkeypatch.setattr(contributed, "entry_points", lambda group: [point])
    with pytest.raises(FoedusError, match="offers an outcome 'war': there is one of that name"):
        contributed.contributed(["war"])
