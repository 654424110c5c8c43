"""Claims marked in a reader's own copy of the text: found by words, and told where not."""

from pathlib import Path

import pytest
from small_report import CASE
from test_report_page import HOSTILE, Read

from foedus.case.read import read_text
from foedus.case.schema import Case
from foedus.engine.reading import read as read_case
from foedus.errors import RunError
from foedus.report.document import mark, read_document
from foedus.report.page import report
from foedus.table import Run

TEXT = """Some say that a base brings
fewer disputes; nobody knows. Others hold that “it is safe and cheap”.
It all began in 1992, they add, and there are better uses of the money."""
SHARED = Path(__file__).parents[3] / "shared"
DEBATE = SHARED / "documents" / "base-debate.txt"


@pytest.fixture(scope="module")
def case() -> Case:
    return read_text(CASE, "small.yaml")


def words(text: str, case: Case) -> dict[str, str]:
    """What is marked, by claim."""
    found: dict[str, str] = {}
    for piece in mark(text, case).pieces:
        for claim in piece.claims:
            found[claim] = found.get(claim, "") + piece.text
    return found


def test_every_claim_is_marked_where_its_words_are_and_no_letter_is_lost(case: Case) -> None:
    found = mark(TEXT, case)
    assert "".join(piece.text for piece in found.pieces) == TEXT
    assert words(TEXT, case) == {
        "FEWER": "a base brings\nfewer disputes",
        "SAFE": "it is safe and cheap",
        "SINCE": "began in 1992",
        "BETTER": "better uses of the money",
    }
    assert found.changed == found.lost == ()


def test_a_changed_text_is_matched_by_its_words_and_what_is_gone_is_listed(case: Case) -> None:
    changed = TEXT.replace("brings\nfewer disputes", "brought fewer disputes").replace(
        "1992", "May"
    )
    found = mark(changed, case)
    assert [place.claim for place in found.changed] == ["FEWER"]
    assert words(changed, case)["FEWER"] == "a base brought fewer disputes"
    assert found.lost == ("SINCE",)


def test_of_two_places_the_nearer_to_the_offset_is_marked(case: Case) -> None:
    twice = "began in 1992. " + "x " * 40 + "began in 1992."
    pieces = mark(twice, case).pieces
    start = sum(len(piece.text) for piece in pieces[: [bool(p.claims) for p in pieces].index(True)])
    assert start == twice.rindex("began")  # its offset is 60


def test_claims_that_overlap_are_both_marked() -> None:
    text = CASE.replace("quote: began in 1992", "quote: safe and cheap it began")
    joined = "Well, it is safe and cheap, it began so."
    found = words(joined, read_text(text, "small.yaml"))
    assert found["SAFE"] == "it is safe and cheap"
    assert found["SINCE"] == "safe and cheap, it began"


def test_the_report_links_each_mark_to_its_verdict_and_escapes_the_text(
    small_run: Run, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.txt"
    copy.write_text(TEXT.replace("1992", HOSTILE).replace("“", "&ldquo;"), "utf-8")
    page = Read(report(small_run, tmp_path / "page.html", document=copy).read_text("utf-8"))
    links = [a["href"] for a in page.all("a") if "chip" in str(a.get("class"))]
    assert links[-3:] == ["#claim-FEWER", "#claim-SAFE", "#claim-BETTER"]
    assert len(page.all("mark")) == 3
    assert page.all("img") == []
    assert "3 of 4 claims were found" in page.text
    assert "“began in 1992”" in page.text[page.text.index("Not found in this copy") :]


def test_without_a_document_the_page_says_nothing_of_one(small_page: Path) -> None:
    assert 'id="document"' not in small_page.read_text("utf-8")


@pytest.mark.parametrize(("content", "said"), [(b"\xff\xfe\x00", "no text in UTF-8"),
                                               (b" \n", "is empty")])  # fmt: skip
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "copy.txt"
    path.write_bytes(content)
    with pytest.raises(RunError, match=said):
        read_document(path)


@pytest.mark.skipif(not DEBATE.exists(), reason="the article is cited, not shipped")
def test_every_claim_of_the_first_case_is_found_word_for_word_in_the_article() -> None:
    found = mark(read_document(DEBATE), read_case("south-caucasus"))
    assert found.lost == found.changed == ()
