"""What may be a password: long, and not what an attacker tries first (NIST SP 800-63B, 5.1.1.2)."""

import secrets
from typing import Literal

SHORTEST = 12
LONGEST = 1024  # hashing costs by length too
_TOO_NEAR = 4  # characters beside the name or a common word

Refusal = Literal["short", "long", "name", "common"]

# Of the lists of leaked passwords, what is left after the shortest is refused, and words of this place.
_COMMON = (
    *("password", "passw0rd", "katasandi", "sandi", "rahasia", "qwerty", "qwertyuiop", "asdfghjkl"),
    *("iloveyou", "letmein", "welcome", "admin", "administrator", "superadmin", "changeme", "secret"),
    *("indonesia", "bismillah", "sayang", "merdeka", "garuda", "pancasila", "kemensos", "dinsos"),
    *("lokalisasi", "closureatlas", "atlas", "monkey", "dragon", "football", "princess", "sunshine"),
    *("superman", "zxcvbnm", "zaq12wsx", "1q2w3e4r5t6y", "1qaz2wsx3edc", "q1w2e3r4t5y6", "abcdefghijkl"),
    *("correcthorsebatterystaple", "trustno1", "abc123"),
)
_ROWS = (
    *("01234567890123456789", "98765432109876543210"),
    *("qwertyuiopasdfghjklzxcvbnm", "abcdefghijklmnopqrstuvwxyz"),
)


def check_password(password: str, name: str) -> Refusal | None:
    """Why a password is refused; None if it may be used.

    Parameters
    ----------
    password : as it was typed
    name : what its account is called
    """
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    plain = _plain(password)
    bare = _plain(name)
    if len(bare) > 2 and bare in plain and len(plain) - len(bare) <= _TOO_NEAR:
        return "name"
    return "common" if _is_common(plain) else None


def random_password() -> str:
    """A password of 100 random bits in groups that can be read aloud."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that are taken for another
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


def _is_common(plain: str) -> bool:
    if len(set(plain)) < 5 or any(plain in row for row in _ROWS):
        return True
    for word in _COMMON:
        rest = plain.replace(word, "")
        if rest != plain and len(rest) <= _TOO_NEAR:
            return True
    return False


def _plain(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())
