"""The same code on a CUDA device: the same worlds are sound, and every outcome is the same.

Two kinds of processor round exponentials differently in the last bit, and some hundred operations
follow, so numbers agree to TOLERANCE of themselves and not to the last bit.
"""

from pathlib import Path

import jax
import numpy as np
import pytest

from foedus.case.read import read_text
from foedus.engine.many import play
from foedus.engine.reading import bound
from foedus.worlds.points import unit_rows, values

TEXT = (Path(__file__).parent / "break-even.yaml").read_text("utf-8")
EDITS = {
    "years: [2030, 2030]": "years: [2030, 2034]",
    "rates.challenge: {exactly: 0.10,": "rates.challenge: {between: [0.05, 0.2],",
    "knowledge: [private]": "knowledge: [private, agent_error, logit]",
    "forces.Rival: {exactly: 1,": "forces.Rival: {between: [0.5, 2],",
}
WORLDS = 256
TOLERANCE = 1e-9


def device(kind: str) -> jax.Device | None:
    try:
        return jax.devices(kind)[0]
    except RuntimeError:  # jax has none of this kind, or was installed without it
        return None


def played(on: jax.Device) -> dict[str, np.ndarray]:
    text = TEXT
    for old, new in EDITS.items():
        assert old in text, old
        text = text.replace(old, new)
    case = read_text(text, "made.yaml")
    model = bound(case)
    numbers = values(case, model, unit_rows(len(model.columns), 0, WORLDS, 0))
    with jax.default_device(on):
        return play(case, model, numbers)


CUDA = device("cuda")


@pytest.mark.skipif(CUDA is None, reason="jax has no CUDA device here")
def test_a_cuda_device_plays_the_same_worlds_as_the_processor() -> None:
    here, there = played(jax.devices("cpu")[0]), played(CUDA)
    np.testing.assert_array_equal(there.pop("sound"), here.pop("sound"))
    for name, value in here.items():
        np.testing.assert_allclose(there[name], value, rtol=TOLERANCE, atol=1e-12, err_msg=name)
