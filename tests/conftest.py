from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases, postgres
from tests.office import Office
from workflow.demo.people import Person, city


@pytest.fixture(scope="session")
def everyone() -> list[Person]:
    """The city of the story: 5,257 workers."""
    return city()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=databases.BOTH, help="run what can lie on it on this database, and only it")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whatever works on a register does so on every database."""
    if "database" in metafunc.fixturenames:
        asked = metafunc.config.getoption("--database")
        only = [one for one in databases.BOTH if metafunc.definition.get_closest_marker(one)] or databases.BOTH
        metafunc.parametrize("database", [one for one in only if asked in (None, one)], scope="session")


@pytest.fixture(autouse=True)
def _swept() -> Iterator[None]:
    """Databases that a test made on the server go with it; those of a session stay."""
    mark = postgres.made_so_far()
    yield
    postgres.sweep(mark)


@pytest.fixture
def office(tmp_path: Path, database: str) -> Office:
    """An office with an empty register under kota-serang."""
    return Office(tmp_path, place=databases.fresh(database, tmp_path)).init()


@pytest.fixture(scope="session")
def _twenty(tmp_path_factory: pytest.TempPathFactory, everyone: list[Person], database: str) -> Office:
    folder = tmp_path_factory.mktemp("twenty")
    office = Office(folder, place=databases.fresh(database, folder)).init()
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
