from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import fresh
from tests.engine import Engine


@pytest.fixture
def engine(tmp_path: Path, database: str) -> Iterator[Engine]:
    """An empty register of Kota Serang."""
    made = Engine(fresh(database, tmp_path))
    yield made
    made.close()
