"""What could be a number of a person is masked in sentences, and nothing else is."""

from __future__ import annotations

import pytest

from domain.identity import hide_numbers

DIGEST = "8375225369832199ce29d43da641ce5739210e4855b578396217acd491b57c82"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("NIK 3673010101900001.", "NIK 3673********0001."),
        ("NI 199001012025211001 is taken", "NI 1990**********1001 is taken"),
        ("nik3673010101900001ce29", "nik3673********0001ce29"),
        ("an account of 19 digits: 1234567890123456789", "an account of 19 digits: 1234567890123456789"),
        (f"sha256 {DIGEST}", f"sha256 {DIGEST}"),
        (f"{DIGEST}, 3673010101900001", f"{DIGEST}, 3673********0001"),
        (DIGEST[:63], f"8375********2199{DIGEST[16:63]}"),
    ],
)
def test_numbers_of_persons_are_hidden_and_digests_are_not(said: str, shown: str) -> None:
    assert hide_numbers(said) == shown
