"""Runs of a small case: one to read, and a way to write others."""

from functools import partial
from pathlib import Path

import pytest
from small_report import MakeRun, write_run

from foedus.report.page import report
from foedus.table import Run


@pytest.fixture
def make_run(tmp_path: Path) -> MakeRun:
    """A function that writes a run of its own, to be changed at will."""
    return partial(write_run, tmp_path / "run")


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One run that no test changes."""
    return write_run(tmp_path_factory.mktemp("small") / "run")


@pytest.fixture(scope="session")
def small_page(small_run: Run) -> Path:
    """Its report."""
    return report(small_run)
