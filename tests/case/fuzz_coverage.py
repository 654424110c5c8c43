"""Break case files so that each break reaches new lines of the reader (atheris, libFuzzer).

    python tests/case/fuzz_coverage.py [-max_total_time=600] [-runs=100000]

Begins with a sound case and with those of `bad/`, and with the words that a case file may hold.
Ends with 1 at the first text that makes the reader fail otherwise than with its problems; the text
is kept in the folder that is printed. Arguments are those of libFuzzer.
"""

import sys
import tempfile
from pathlib import Path

import atheris

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE)]

with atheris.instrument_imports(include=["foedus.case", "foedus.errors", "ruamel.yaml"]):
    from test_no_traceback import verdict

    from foedus.case.read import draft_text

SOUND = HERE.parent / "engine" / "break-even.yaml"
TOKENS = (
    "between: [", "exactly: ", "low: ", "central: ", "high: ", "scale: log", "choices: [", "1e308",
    ".nan", "&a ", "*a", "!!", "? ", "<<: ", "|-", "uses: [common]", "when: {", "says: ",
)  # fmt: skip


def one(data: bytes) -> None:
    """One text: sound, or refused with problems."""
    text = data.decode("utf-8", "replace")
    verdict(lambda: draft_text(text, "x.yaml"))


def main() -> None:
    """Begin a corpus and hand over to libFuzzer, which ends the process."""
    place = Path(tempfile.mkdtemp(prefix="foedus-fuzz-"))
    corpus = place / "corpus"
    corpus.mkdir()
    for path in (SOUND, *sorted((HERE / "bad").glob("*.yaml"))):
        (corpus / path.name).write_bytes(path.read_bytes())
    words = place / "words"
    words.write_text("".join(f'"{token}"\n' for token in TOKENS))
    print(f"what is found is kept in {place}", flush=True)
    asked = [f"-dict={words}", f"-artifact_prefix={place}/", "-max_len=12000", *sys.argv[1:]]
    atheris.Setup([sys.argv[0], *asked, str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
