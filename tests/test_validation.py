"""The page of published numbers says what the tests say."""

import re

from validation import PAGE, Row, page_rows, table


def test_every_test_the_page_names_exists():
    for row in page_rows():
        path, name = row.test.strip("`").split("::")
        source = (PAGE.parents[1] / path).read_text(encoding="utf-8")
        assert re.search(rf"^def {name}\([^)]*\bpublished\b", source, re.MULTILINE), row.test


def test_the_page_reads_back_as_it_was_written():
    rows = page_rows()
    assert rows
    assert table(rows) in PAGE.read_text(encoding="utf-8")
    assert len({row.fixed() for row in rows}) == len(rows)
    assert all(isinstance(row, Row) for row in rows)
