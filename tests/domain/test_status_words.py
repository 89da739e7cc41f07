"""Words for where a site stands."""

import pytest

from gis.domain.lifecycle import EVENT_KINDS, RETRACTION
from gis.domain.status_words import STATUS_KINDS, is_retraction, status_kind


@pytest.mark.parametrize(
    ("text", "kind", "planned"),
    [
        ("ditutup", "closed", False),
        ("SUDAH DITUTUP", "closed", False),
        ("Telah ditutup.", "closed", False),
        ("akan ditutup", "closed", True),
        ("Direncanakan ditutup", "closed", True),
        ("belum ditutup", "recorded", False),
        ("Masih aktif", "recorded", False),
        ("aktif kembali", "reactivated", False),
        ("Bantuan & pemulangan", "assisted", False),
        ("Pembinaan/alih fungsi", "repurposed", False),
        ("SK/Perda", "decreed", False),
        ("disegel", "sealed", False),
        ("ditunda", "postponed", False),
        ("sengketa", "halted", False),
    ],
)
def test_words(text: str, kind: str, planned: bool) -> None:
    assert status_kind(text) == (kind, planned)


def test_the_kinds_themselves() -> None:
    assert set(STATUS_KINDS) == set(EVENT_KINDS) - {RETRACTION}
    assert [status_kind(kind) for kind in STATUS_KINDS] == [(kind, False) for kind in STATUS_KINDS]


@pytest.mark.parametrize("text", ["", "entah", "retraction", "ditutup sementara"])
def test_what_is_not_known_is_not_guessed(text: str) -> None:
    assert status_kind(text) is None


def test_a_word_that_takes_back_is_no_status() -> None:
    assert is_retraction("Laporan ditarik")
    assert is_retraction(RETRACTION)
    assert not is_retraction("ditutup")
    assert status_kind("ditarik") is None
