"""The menu of the site shows every page once."""

from writers.hooks import MENU, menu


def test_every_page_is_in_the_menu_once_and_no_other() -> None:
    pages = {"index.md", "cli.md", "new.md", "how-to/run.md"}
    shown = [page for section in menu(pages) for each in section.values() for page in each]
    assert sorted(shown) == sorted(pages)
    assert menu(pages)[-1] == {"More": ["new.md"]}
    assert menu(pages)[0] == {"Start": ["index.md", "how-to/run.md"]}


def test_no_page_has_two_places() -> None:
    named = [page for section in MENU.values() for page in section]
    assert len(named) == len(set(named))
