"""Files as offices send them, made on the spot: synthetic people only."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

Save = Callable[..., Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Writes content to a file and returns its path."""

    def write(content: str | bytes, name: str = "list.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def workbook(tmp_path: Path) -> Save:
    """Writes rows to a workbook; `edit` gets the sheet before it is saved."""

    def write(rows: Iterable[Sequence[Any]], edit: Callable[[Any], object] = lambda sheet: sheet) -> Path:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        edit(book.active)
        path = tmp_path / "list.xlsx"
        book.save(path)
        return path

    return write


@pytest.fixture
def repack() -> Callable[[Path, dict[str, bytes]], Path]:
    """Replaces or adds parts of a workbook, by the end of their names."""

    def write(path: Path, parts: dict[str, bytes]) -> Path:
        packed = io.BytesIO()
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
            for part in source.infolist():
                replaced = [content for name, content in parts.items() if part.filename.endswith(name)]
                target.writestr(part.filename, replaced[0] if replaced else source.read(part))
        path.write_bytes(packed.getvalue())
        return path

    return write
