"""What is kept stays within its room."""

from gis.services.kept import Kept


def test_it_keeps_within_its_room_what_was_used_last() -> None:
    kept: Kept[int, bytes] = Kept(1_000, len)
    for n in range(10):
        kept.put(n, bytes(100))
    assert kept.get(0) == bytes(100)
    kept.put(10, bytes(100))
    assert kept.get(1) is None
    assert kept.get(0) == bytes(100)
    assert kept.size == 1_000


def test_the_same_key_counts_once_and_what_is_too_large_is_not_kept() -> None:
    kept: Kept[str, bytes] = Kept(1_000, len)
    for n in range(100):
        kept.put("a", bytes(n))
    assert kept.size == 99
    kept.put("b", bytes(1_001))
    assert (kept.get("b"), kept.size) == (None, 99)
    kept.clear()
    assert (kept.size, kept.get("a")) == (0, None)
