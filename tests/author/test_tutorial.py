"""The tutorial does what it says: its commands are run, in order, in an empty folder."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from foedus import cli
from foedus.engine.reading import check, read

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(sh|yaml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def put(text: str, lines: str) -> str:
    """Lines of the page written into the file: over a line of the same name, or into its part."""
    kept, last = lines.rstrip("\n").splitlines(), "\nclaims:\n"
    if not re.match(r"  C\d", lines):
        names = [line.split(":")[0] for line in kept]
        rest = [line for line in text.splitlines() if line.split(":")[0] not in names]
        text, last = "\n".join(rest) + "\n", "\nassumptions:\n"
    assert last in text
    return text.replace(last, last + "\n".join(kept) + "\n")


def ended(arguments: list[str]) -> int:
    try:
        cli.main(arguments)
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_every_command_of_the_tutorial_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "norway.yaml"
    for kind, block in BLOCK.findall(PAGE.read_text("utf-8")):
        if kind == "yaml":
            file.write_text(put(file.read_text("utf-8"), block), "utf-8")
            continue
        for line in block.splitlines():
            command, *arguments = shlex.split(line)
            if command == "cp":
                shutil.copy(*arguments)
            else:
                assert command == "foedus"
                assert ended(arguments) == 0, (line, capsys.readouterr().err)
    assert "say the same" in capsys.readouterr().out
    assert check(file) == []
    case = read(file)
    assert case.assumptions["rates.challenge"].central == 0.072
    assert list(case.claims) == ["C4", "C3", "C1", "C2"]
    assert (tmp_path / "run" / "report.html").exists()
