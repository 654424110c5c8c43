"""The gallery holds what `foedus run` writes of each case, and leads to it."""

import sys
from pathlib import Path

import pytest

from writers import gallery

sys.path.append(str(Path(__file__).parents[1] / "live"))
import small_live


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    case = folder / "small.yaml"
    case.write_text(small_live.text(), "utf-8")
    return gallery.main([str(case)], folder, 64)


def test_a_case_has_its_question_verdicts_and_report(page: Path) -> None:
    said = page.read_text("utf-8")
    assert "64 worlds" in said
    assert "4 options, 3 claims: " in said
    assert "| A light base lowers disputes. |" in said
    assert "(gallery/small.html)" in said
    report = (page.parent / "gallery" / "small.html").read_text("utf-8")
    assert "A light base lowers disputes." in report
    assert report.rstrip().endswith("</html>")


def test_a_report_too_large_for_a_site_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery, "MOST", 5)
    report = tmp_path / "report.html"
    report.write_text("12345")
    assert gallery.within(report) == report
    report.write_text("123456")
    with pytest.raises(SystemExit, match="6 bytes, more than 5"):
        gallery.within(report)
