from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine import Engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty register of Kota Serang."""
    made = Engine(tmp_path / "lantik.db")
    yield made
    made.close()
