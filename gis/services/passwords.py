"""Hashes of passwords: argon2id, at least as dear as OWASP asks for (19 MiB, two passes, one lane)."""

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# 32 MiB and three passes: about 60 ms of one processor, for the person who signs in and for whoever guesses.
_HASHER = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
_AT_ONCE = threading.BoundedSemaphore(4)  # bounds the memory that a flood of sign-ins can take
# The hash of a random text that nobody knows, so that a wrong name takes no less time than a wrong password.
# Here, and not made at each start, which it would delay by as much as a sign-in takes.
_NOBODYS = "$argon2id$v=19$m=32768,t=3,p=1$Vqxnlaeqe+RC35uGcB1oxQ$NkaQrFo+j6JV/sr5t6UbeC2BnBcmWV3DfH7YBYrCe34"


def hash_password(password: str) -> str:
    """The hash to store, with its parameters and a salt of its own.

    Parameters
    ----------
    password : as it was typed; that it may be used has been checked
    """
    with _AT_ONCE:
        return _HASHER.hash(_normal(password))


def is_right(password: str, stored: str | None) -> bool:
    """Whether a password is the one of a hash; without a hash it is not, after the same work.

    Parameters
    ----------
    password : as it was typed
    stored : the hash; None where there is nobody to sign in
    """
    try:
        with _AT_ONCE:
            _HASHER.verify(_NOBODYS if stored is None else stored, _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def renewed(password: str, stored: str) -> str | None:
    """The hash of today's parameters, where the stored one was made with others; else None.

    Parameters
    ----------
    password : found to be right
    stored : its hash
    """
    return hash_password(password) if _HASHER.check_needs_rehash(stored) else None


def _normal(password: str) -> bytes:
    # The same signs may be typed as other code points on another keyboard (NIST SP 800-63B).
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
