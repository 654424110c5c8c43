"""Files that are whole or not there, whatever stops the machine, and one writer at a time.

A file is written under another name, forced to the disk, renamed, and its folder is forced to
the disk: after a power cut it is as it was or it is new, never a mixture. A log grows line by
line, each with a checksum; a torn last line is as if it had never been written.
"""

import errno
import hashlib
import json
import os
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from foedus.errors import RunError

LOCK = ".lock"
HALF = ".tmp"  # the end of the name of a file that is being written


def replace(path: Path, content: bytes) -> None:
    """Write a file so that it is either as it was, or whole and new.

    Two processes may write the same file at once: one of the two is kept, whole.

    Raises:
        RunError: if a folder, a device or a pipe has that name: a file must not take its place.
    """
    if path.exists() and not path.is_file():
        raise RunError(f"{path} is a folder or a device, not a file; choose another name")
    half = path.with_name(f"{path.name}.{uuid.uuid4().hex[:8]}{HALF}")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, path)
    _sync_folder(path.parent)


def append(path: Path, record: dict[str, Any]) -> None:
    """Add one line to a log, and have it on the disk before going on."""
    with path.open("ab") as file:
        file.write(_line(record))
        file.flush()
        os.fsync(file.fileno())


def rewrite(path: Path, records: list[dict[str, Any]]) -> None:
    """Make a log hold these records and nothing else: no torn line for the next to stick to."""
    wanted = b"".join(map(_line, records))
    if checksum(path) != hashlib.sha256(wanted).hexdigest():
        replace(path, wanted)


def records(path: Path) -> list[dict[str, Any]]:
    """The whole lines of a log, in order; what is torn or damaged is left out."""
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    return [found for line in lines if (found := _record(line)) is not None]


def _line(record: dict[str, Any]) -> bytes:
    text = json.dumps(record, sort_keys=True).encode("utf-8")
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _record(line: bytes) -> dict[str, Any] | None:
    check, _, text = line.partition(b" ")
    if check != b"%08x" % zlib.crc32(text):
        return None
    found: dict[str, Any] = json.loads(text)
    return found


def checksum(path: Path) -> str:
    """SHA-256 of a file, as hexadecimal digits; empty where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def sweep(folder: Path, *below: str) -> None:
    """Remove what stopped writers have left half-written, in a folder and some folders below."""
    for each in (folder, *(folder / name for name in below)):
        for half in each.glob(f"*{HALF}"):
            half.unlink(missing_ok=True)


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Keep every other process from writing to a folder until done.

    The lock is the operating system's: it ends with the process, however that ends.

    Raises:
        RunError: if another process is writing to it.
    """
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise RunError(
            f"another process is writing to {folder}; wait until it is done, "
            "or choose another folder with --out"
        ) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def full_disk_told(folder: Path) -> Iterator[None]:
    """Say what to do when there is no room left; what is finished stays finished.

    Raises:
        RunError: instead of an OSError that says that the disk, the quota or a limit is full.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise RunError(
            f"{folder}: no room left to write ({os.strerror(error.errno).lower()}). What is "
            "finished is kept: make room, and the same command goes on from there"
        ) from None


def _sync_folder(folder: Path) -> None:
    """Force a renaming to the disk: the name of a file is kept in its folder, not in the file."""
    if os.name == "nt":  # has no such thing
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
