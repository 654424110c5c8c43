"""Compiled programs are kept between commands, where the user has not said otherwise."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from foedus.compiled import MOST, keep_compiled

CASE = Path(__file__).parent / "engine" / "break-even.yaml"
MAIN = "from foedus.cli import main; main()"
RUN = [sys.executable, "-c", MAIN, "run", str(CASE), "-n", "16", "--no-explain", "-o"]


@pytest.fixture
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("JAX_COMPILATION_CACHE_DIR", raising=False)
    monkeypatch.delenv("JAX_COMPILATION_CACHE_MAX_SIZE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def test_a_second_run_finds_what_the_first_compiled(caches: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        subprocess.run([*RUN, str(tmp_path / name)], check=True, capture_output=True)
        kept = {each.name for each in caches.glob("foedus/compiled-*/jit__played-*-cache")}
        assert len(kept) == 1, f"after the {name} run"
    one, other = (
        next((tmp_path / n / "outcomes").iterdir()).read_bytes() for n in ("first", "second")
    )
    assert one == other


def test_what_the_user_told_jax_is_heeded(caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAX_COMPILATION_CACHE_DIR", "elsewhere")
    keep_compiled()
    assert os.environ["JAX_COMPILATION_CACHE_DIR"] == "elsewhere"
    assert not list(caches.iterdir())


def test_nothing_is_kept_where_nothing_can_be_written(caches: Path) -> None:
    (caches / "foedus").write_text("a file where the folder would be")
    keep_compiled()
    assert "JAX_COMPILATION_CACHE_DIR" not in os.environ


def test_what_is_kept_is_bounded(caches: Path) -> None:
    keep_compiled()
    folder = Path(os.environ.pop("JAX_COMPILATION_CACHE_DIR"))
    assert folder.parent == caches / "foedus"
    assert int(os.environ.pop("JAX_COMPILATION_CACHE_MAX_SIZE")) == MOST
