"""An office with an empty register of Kota Serang."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine import Engine


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Engine]:
    made = Engine(tmp_path / "lantik.db")
    yield made
    made.close()
