"""Whether two lists mean one name: titles, case, spacing and punctuation say nothing."""

from __future__ import annotations

import pytest

from domain.names import same_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siti Aminah", "SITI  AMINAH"),
        ("Siti Aminah", "Siti Aminah, S.Pd., M.M."),
        ("Siti Aminah", "Dra. Hj. Siti Aminah"),
        ("Siti Aminah", "siti aminah A.Md.Keb."),
        ("Budi Santoso", "Prof. Dr. Ir. H. Budi Santoso M.Si"),
        ("Nur'aini", "Nuraini"),
        ("M. Yusuf", "M Yusuf"),
        ("H. Ali", "Ali"),
    ],
)
def test_is_the_same(one: str, other: str) -> None:
    assert same_name(one, other)
    assert same_name(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siti Aminah", "Siti Aminah Putri"),
        ("M. Yusuf", "Yusuf"),
        ("M.Yusuf", "A.Yusuf"),
        ("Siti Aminah", "Siti Amina"),
        ("Dr.", "Ir."),
        ("Ali H", "Ali"),
    ],
)
def test_is_another(one: str, other: str) -> None:
    assert not same_name(one, other)
