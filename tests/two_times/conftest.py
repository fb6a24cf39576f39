from __future__ import annotations

import pytest

from tests.office import Office
from tests.two_times.asked import LETTER, ONE


@pytest.fixture
def proposed(verified: Office) -> Office:
    """Twenty verified on 2025-08-18; the first proposed on the 20th and approved on 2025-09-04."""
    verified.ok("advance", "propose", ONE, "--on", "2025-08-20", *LETTER, at="2025-08-20")
    approval = ("--document", "keputusan-menpan B/1 2025-09-04")
    verified.ok("advance", "approve", ONE, "--on", "2025-09-04", *approval, at="2025-09-04")
    return verified
