"""A case as a model of ema_workbench. Its licence keeps it out of what foedus installs, so the two
tests that need it are skipped without it. Tried with ema_workbench 2.5.3 in an environment of its
own: python -m venv ema; ema/bin/pip install ema_workbench==2.5.3 'pandas<3' and foedus;
ema/bin/python -m pytest tests/test_models.py
"""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import foedus
from foedus.errors import FoedusError
from foedus.models import as_ema_model, experiments, in_blocks
from foedus.table import Run
from test_ecosystem import TEXT

DOCS = Path(__file__).parents[1] / "docs" / "ema-workbench.md"
WHY = "ema_workbench brings a licence that foedus does not take"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("run")
    (folder / "tiny.yaml").write_text(TEXT, "utf-8")
    return foedus.simulate(foedus.read(folder / "tiny.yaml"), 64, out=folder / "run")


def test_experiments_in_the_worlds_of_a_run_have_its_outcomes(run: Run) -> None:
    worlds = run.sound.drop("world", "scramble").to_dicts()
    options = run.manifest["options"]
    asked = [{**world, "option": option} for option in options for world in worlds]
    found = pl.DataFrame(list(experiments(run.case, asked)))
    frame = run.frame("outcomes").collect()
    for k, option in enumerate(options):
        kept = frame.filter(option=option).sort("world")
        for name in run.manifest["outcomes"]:
            here = found[name][64 * k : 64 * (k + 1)]
            np.testing.assert_allclose(here, kept[name], rtol=1e-6)


def test_an_experiment_that_is_not_whole_is_refused(run: Run) -> None:
    (world, *_) = run.sound.drop("world", "scramble").to_dicts()
    with pytest.raises(FoedusError, match="no option 'heavy'"):
        list(experiments(run.case, [{**world, "option": "heavy"}]))
    del world["rates.challenge"]
    with pytest.raises(FoedusError, match=r"no value for rates\.challenge"):
        list(experiments(run.case, [world]))


def test_without_ema_workbench_it_says_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ema_workbench", None)
    with pytest.raises(FoedusError, match="pip install ema_workbench"):
        as_ema_model(run.case)


def test_importing_the_module_loads_neither_the_engine_nor_ema_workbench() -> None:
    loaded = (
        "import sys, foedus.models; print('jax' in sys.modules, 'ema_workbench' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False"]


def test_ema_workbench_draws_by_the_law_of_the_case_and_plays_one_as_many(run: Run) -> None:
    ema = pytest.importorskip("ema_workbench", reason=WHY)
    model = as_ema_model(run.case)
    table, outcomes = ema.perform_experiments(model, 300, policies=2, evaluator=in_blocks(model))
    low, high = run.case.assumptions["rates.challenge"].points()
    drawn = table["rates.challenge"]
    assert (drawn.min() >= low, drawn.max() <= high) == (True, True)
    assert drawn.mean() == pytest.approx((low + high) / 2, rel=0.01)
    assert len(outcomes["challenge.T"]) == 600
    np.testing.assert_allclose(outcomes["challenge.T"][table["option"] == "without"],
                               drawn[table["option"] == "without"], rtol=1e-9)  # fmt: skip
    scenarios = [ema.Scenario(k, **{u.name: table[u.name][k] for u in model.uncertainties})
                 for k in range(2)]  # fmt: skip
    policies = [ema.Policy("light", option="light")]
    by_one = ema.perform_experiments(model, scenarios, policies)[1]
    at_once = ema.perform_experiments(model, scenarios, policies, evaluator=in_blocks(model))[1]
    for name, value in at_once.items():
        np.testing.assert_array_equal(by_one[name], value)


def test_the_example_of_the_docs_runs(run: Run) -> None:
    pytest.importorskip("ema_workbench", reason=WHY)
    (snippet,) = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    path = run.folder.parent / "tiny.yaml"
    mine = snippet.replace('"south-caucasus"', f'"{path}"').replace("war.AZE-ARM", "war")
    exec(compile(mine, str(DOCS), "exec"), {})
