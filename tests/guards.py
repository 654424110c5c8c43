"""Take out what guards each promise of docs/reliability.md, one at a time: a test must then fail.

    python tests/guards.py [WORD ...]     only guards with one of these words in their file or text

Works on a copy; the source is not touched. Ends with 1 if a guard could be taken out unseen.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
FAILED = 1  # what pytest ends with if a test failed; other codes say that none was run
PATIENCE = 1200  # seconds until a test without its guard counts as failed


class Guard(NamedTuple):
    """A line that keeps a promise, what stands there instead, and the tests that must notice."""

    says: str  # what is taken out, as docs/reliability.md calls it
    file: str
    line: str
    instead: str
    tests: str


STOPPED, SCALE, KEEP = "tests/test_stopped.py", "tests/test_scale.py", "tests/test_keep.py"
CORNERS, ENGINE = "tests/engine/test_corners.py", "tests/engine/test_engine.py"
HISTOGRAM, BOMBS = "tests/judge/test_histogram.py", "tests/case/test_bombs.py"
MISTAKES = "tests/test_mistakes.py"
ANY_ACT = f"{STOPPED}::test_stopped_at_any_act_of_the_disk_it_ends_with_the_same_files[halves]"

GUARDS = (
    Guard("forcing a file before it is renamed", "disk.py",
          "        os.fsync(file.fileno())\n    os.replace", "        pass\n    os.replace",
          ANY_ACT),
    Guard("writing under another name first", "disk.py",
          'path.with_name(f"{path.name}.{uuid.uuid4().hex[:8]}{HALF}")', "path", ANY_ACT),
    Guard("forgetting a torn line before the next is added", "table.py",
          "    _write_log(run, whole)\n", "", ANY_ACT),
    Guard("leaving out blocks whose checksum is wrong", "table.py",
          "bad = set(run._damaged)", "bad = set[Path]()", f"{STOPPED} -k any_damage"),
    Guard("refusing to read a part whose checksum is wrong", "table.py",
          "if self._damaged:", "if False:", f"{STOPPED} -k any_damage"),
    Guard("refusing a folder of another run", "table.py",
          "    _refuse_another(folder, manifest)\n", "", f"{STOPPED} -k another_case"),
    Guard("the versions of libraries and of code in the manifest", "table.py",
          '"versions": versions(),', '"versions": {},', f"{STOPPED} -k contributing"),
    Guard("knowing a manifest by the log", "table.py",
          'if _logged_identity(self.folder) not in ("", _identity(found)):', "if False:",
          f"{STOPPED} -k changed_manifest"),
    Guard("the lock", "disk.py", "lock.acquire(timeout=0)", "pass", f"{STOPPED} -k second_writer"),
    Guard("telling a full disk from other errors", "disk.py",
          "(errno.ENOSPC, errno.EDQUOT, errno.EFBIG)", "()", f"{STOPPED} -k full_disk"),
    Guard("the checksum of a line", "disk.py",
          'if check != b"%08x" % zlib.crc32(text):', "if not text:", f"{STOPPED} -k torn_and"),
    Guard("a name of its own for each half-written file", "disk.py",
          "{path.name}.{uuid.uuid4().hex[:8]}{HALF}", "{path.name}{HALF}",
          f"{STOPPED} -k same_file_at_once"),
    Guard("the log in the order of the blocks", "table.py",
          "            _write_log(run, Run(folder).blocks)\n", "", f"{SCALE} -k one_is_killed"),
    Guard("trying a block that failed once more", "scale.py",
          "retries=RETRIES", "retries=0", f"{SCALE} -k made_again"),
    Guard("handing a late block to another worker", "scale.py",
          "                    self._hurry()\n", "                    pass\n",
          f"{SCALE} -k straggler"),
    Guard("asking a worker for its versions", "scale.py",
          "    if other:\n", "    if False:\n", f"{SCALE} -k other_versions"),
    Guard("waiting until a part is seen here", "scale.py",
          "            self._seen(record)\n", "", f"{SCALE} -k share_the_disk"),
    Guard("counting all tests of a claim together", "judge/tallies.py",
          "right &= held", "right = held", f"{KEEP} -k verdicts_from_counts"),
    Guard("leaving out of the counts what could not be computed", "keep.py",
          'right = frames["worlds"]["sound"].to_numpy()',
          'right = np.ones(len(frames["worlds"]), bool)', f"{KEEP} -k verdicts_from_counts"),
    Guard("the rank of a quantile", "judge/histogram.py",
          'rank, side="right"', 'rank, side="left"', f"{HISTOGRAM} -k quantile"),
    Guard("counting the bin of a bound apart", "judge/histogram.py",
          "self._keys < key]", "self._keys <= key]", f"{HISTOGRAM} -k share_lies"),
    Guard("leaving out worlds with impossible odds", "engine/many.py",
          "sound = _sound(y.threats.leads_to, mass) & finite", "sound = finite",
          f"{CORNERS} -k corners_of"),
    Guard("leaving out worlds with outcomes too large to keep", "engine/many.py",
          "sound = _sound(y.threats.leads_to, mass) & finite",
          "sound = _sound(y.threats.leads_to, mass)", f"{CORNERS} -k too_large"),
    Guard("judging each world of a tile by itself", "engine/many.py",
          "sound = _sound(y.threats.leads_to, mass) & finite",
          "sound = (_sound(y.threats.leads_to, mass) & finite).all() & finite",
          f"{CORNERS} -k one_bad_world"),
    Guard("asking the mechanisms in turn which gave no odds", "engine/refused.py",
          "jnp.argmax(failed), len(CHECKS)", "jnp.argmax(~failed), len(CHECKS)",
          f"{ENGINE} -k odds_pass_one"),
    Guard("going forward in the design to the block's first world", "worlds/points.py",
          "(start ^ (start >> 1))", "(start & 0)", f"{ENGINE} -k any_split"),
    Guard("passing over what is no list of files", "case/figures.py",
          "used if isinstance(used, list) else []", "used", f"{MISTAKES} -k no_list"),
    Guard("the most parts of a file", "case/tree.py",
          "MAX_NODES = 50_000", "MAX_NODES = 5_000_000", f"{BOMBS} -k claims"),
    Guard("the most levels of a file", "case/tree.py",
          "MAX_DEPTH = 20", "MAX_DEPTH = 200_000", f"{BOMBS} -k lists"),
    Guard("the most bytes of a file", "case/tree.py",
          "MAX_BYTES = 1_000_000", "MAX_BYTES = 1_000_000_000", f"{BOMBS} -k hundred_megabytes"),
    Guard("asking a seed to be none below 0", "engine/run.py",
          "if seed < 0:", "if False:", f"{MISTAKES} -k counts_out_of_reach"),
    Guard("refusing to write over a folder or a pipe", "disk.py",
          "if path.exists() and not path.is_file():", "if False:",
          f"{MISTAKES} -k takes_the_place"),
    Guard("asking a manifest for its keys", "table.py",
          "if not isinstance(found, dict):", "if False:", f"{MISTAKES} -k without_keys"),
)  # fmt: skip


def is_seen(guard: Guard, home: Path) -> bool:
    """Whether its tests fail once the guard is taken out of the copy of the source in `home`."""
    path = home / "src" / "foedus" / guard.file
    text = path.read_text("utf-8")
    path.write_text(text.replace(guard.line, guard.instead), "utf-8")
    command = [sys.executable, "-m", "pytest", "-qx", "-p", "no:cacheprovider"]
    try:
        done = subprocess.run(
            [*command, *guard.tests.split()], cwd=home, capture_output=True, text=True,
            check=False, timeout=PATIENCE, env={**os.environ, "PYTHONPATH": str(home / "src")},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return True
    finally:
        path.write_text(text, "utf-8")
    if done.returncode not in (0, FAILED):
        raise SystemExit(f"{guard.says}: no test was run\n{done.stdout[-2000:]}{done.stderr}")
    return done.returncode == FAILED


def main(words: list[str]) -> int:
    """Try the guards, and say what came of each."""
    missed = tried = 0
    with tempfile.TemporaryDirectory(prefix="foedus-guards-") as folder:
        home = Path(folder)
        for part in ("src", "tests", "docs", "conftest.py", "pyproject.toml", "README.md"):
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            copy(ROOT / part, home / part)
        for guard in GUARDS:
            if words and not any(word in f"{guard.file} {guard.says}" for word in words):
                continue
            seen = is_seen(guard, home)
            tried, missed = tried + 1, missed + (not seen)
            print(f"{guard.says}: {'seen by' if seen else 'NOT SEEN by'} {guard.tests}", flush=True)
    print(f"{tried} guards taken out, {missed} of them unseen")
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
