from __future__ import annotations

from pathlib import Path

import pytest

from tests.office import Office
from workflow.demo.people import Person, city


@pytest.fixture(scope="session")
def everyone() -> list[Person]:
    """The city of the story: 5,257 workers."""
    return city()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office with an empty register under kota-serang."""
    return Office(tmp_path).init()


@pytest.fixture(scope="session")
def _twenty(tmp_path_factory: pytest.TempPathFactory, everyone: list[Person]) -> Office:
    office = Office(tmp_path_factory.mktemp("twenty")).init()
    office.ok("import", office.workers(everyone[:20]), "--on", "2025-08-07")
    return office


@pytest.fixture
def twenty(_twenty: Office, tmp_path: Path) -> Office:
    """An office with twenty workers registered on 2025-08-07, copied for each test."""
    return _twenty.copy(tmp_path)


@pytest.fixture
def verified(twenty: Office) -> Office:
    """The twenty, verified on 2025-08-18 and so recorded on that day."""
    words = ("--on", "2025-08-18", "--document", "sptjm-opd 800/1 2025-08-15")
    twenty.ok("advance", "verify", "--all", *words, at="2025-08-18")
    return twenty
