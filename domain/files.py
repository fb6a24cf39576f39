"""Writing a file whole or not at all, so that nobody ever reads half an answer."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.errors import EnvironmentFailed
from domain.text import Text, text


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Yield where to write; what stands there at the end becomes `path`, and after an error nothing changes.

    The yielded path is alone in a folder beside `path`, which is free for further temporary files and goes
    in the end. A pipe or a device is no file to replace: it gets the bytes once they are complete.
    Raises EnvironmentFailed where the disk says no.
    """
    try:
        final = path.resolve()  # a link stays a link
        pours = path.exists() and not path.is_file() and not path.is_dir()
        _must_be_writable(final, path.name)
        with tempfile.TemporaryDirectory(prefix=".lantik-", dir=None if pours else final.parent) as folder:
            draft = Path(folder) / final.name
            yield draft
            if pours:
                _pour(draft, path)
            else:
                _settle(draft, final)
    except ConnectionError:
        raise  # a broken pipe is no fault of this file
    except OSError as error:
        raise EnvironmentFailed(
            text("Cannot write {file}: {reason}. No file was changed.", file=path.name, reason=reason_of(error))
        ) from error


OF_THE_SYSTEM = (
    text("File name too long"), text("Input/output error"), text("Is a directory"), text("No space left on device"),
    text("No such file or directory"), text("Not a directory"), text("Permission denied"),
    text("Read-only file system"),
)  # fmt: skip
"""What the operating system often says of a file, so that the catalogs have it."""


def reason_of(error: Exception) -> Text:
    """What the operating system says of a file; of other errors the kind."""
    return text(getattr(error, "strerror", None) or type(error).__name__)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, as `replaced` does; a former one at its place is closed first."""
    with replaced(path) as draft:
        draft.touch(0o600)
        draft.write_bytes(content)
        if path.is_file():
            path.chmod(0o600)


def _must_be_writable(final: Path, name: str) -> None:
    """Renaming asks the folder only; a file that its owner made read-only stays."""
    if final.is_dir():
        raise EnvironmentFailed(text("Cannot write {file}: it is a folder. No file was changed.", file=name))
    if final.exists() and not os.access(final, os.W_OK):
        raise EnvironmentFailed(text("Cannot write {file}: the file is read-only. No file was changed.", file=name))


def _pour(draft: Path, path: Path) -> None:
    with draft.open("rb") as source, path.open("wb") as target:
        shutil.copyfileobj(source, target)


def _settle(draft: Path, final: Path) -> None:
    """Bring the draft to the disk before its name, so that a power cut leaves the old file or the new one."""
    with draft.open("r+b") as file:
        os.fsync(file.fileno())
    if final.exists():
        shutil.copymode(final, draft)
    draft.replace(final)
    if os.name == "posix":
        folder = os.open(final.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
