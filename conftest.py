"""Every snippet of the README and the documentation is executed, in order, page by page.

Each page has a folder of its own, in which `my-case.yaml` is a small case that plays at once and
`foedus` plays 256 worlds where a snippet does not say how many. ```python and ```sh are executed; a
block that begins with ```yaml title="a.yaml" is written to that file. A snippet that cannot be
executed stands below a comment that says why: `<!--- skip: next "it sets up a machine" -->`.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sybil import Document, Example, Region, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser
from sybil.parsers.markdown.lexers import FencedCodeBlockLexer

HOME = Path(__file__).parent
COMMAND = f"""#!{sys.executable}
from foedus import cli
cli.app.context_settings["default_map"] = {{"run": {{"worlds": 256}}}}
cli.main()
"""
PATIENCE = 300  # seconds


def _folder(namespace: dict[str, Any]) -> None:
    """A folder with a small case and the command, for one page."""
    folder = Path(tempfile.mkdtemp(prefix="foedus-snippets-"))
    shutil.copy(HOME / "tests" / "engine" / "break-even.yaml", folder / "my-case.yaml")
    command = folder / ".venv" / "bin" / "foedus"
    command.parent.mkdir(parents=True)
    command.write_text(COMMAND, encoding="utf-8")
    command.chmod(0o755)
    namespace.update(folder=folder, before=Path.cwd())
    os.chdir(folder)


def _away(namespace: dict[str, Any]) -> None:
    os.chdir(namespace["before"])
    shutil.rmtree(namespace["folder"])


def _shell(example: Example) -> str | None:
    """None if all went well, else what was said."""
    folder = example.namespace["folder"]
    path = f"{folder / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", example.parsed],
        cwd=folder, env={**os.environ, "PATH": path}, timeout=PATIENCE, check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    return None if done.returncode == 0 else f"exit code {done.returncode}\n{done.stdout}"


def _files(document: Document) -> Iterable[Region]:
    """Blocks of YAML with the name of a file."""
    for region in FencedCodeBlockLexer(language=r'yaml title="[^"\n]+"')(document):
        region.parsed = (region.lexemes["language"].split('"')[1], region.lexemes["source"])
        region.evaluator = _write
        yield region


def _write(example: Example) -> None:
    name, text = example.parsed
    (example.namespace["folder"] / name).write_text(text, encoding="utf-8")


pytest_collect_file = Sybil(
    parsers=[SkipParser(), PythonCodeBlockParser(), CodeBlockParser("sh", _shell), _files],
    patterns=["README.md", "docs/*.md", "docs/**/*.md"],
    # docs/analysis.md counts the numbers of a run that tests/test_explaining.py makes.
    excludes=["docs/writers/*.md", "docs/analysis.md"],
    setup=_folder,
    teardown=_away,
).pytest()
