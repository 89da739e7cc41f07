"""Refusals of the register in the language of a page, found by the English sentences of its errors."""

import re
from collections.abc import Callable
from functools import cache

from flask_babel import gettext as _

from webmap.allowed_words import ALLOWED
from webmap.i18n import BATCH_WORDS, ROLE_WORDS


def _l(sentence: str) -> str:
    """Mark a sentence for the catalogue, in which it is looked up once it is said."""
    return sentence


# What functions of the database raise.
RAISED = (
    _l("%(code)s is no Kemendagri code of a province or regency of today"),
    _l("%(code)s is no Kemendagri code of a regency or city of today"),
    _l("region_code %(code)s: no Kemendagri code of a province or regency of today"),
    _l("site %(id)s: %(code)s is no Kemendagri code of a province or regency of today"),
    _l("a batch is returned with a reason"),
    _l("centre_id %(id)s: there is no such centre"),
    _l("corrects_id %(id)s: there is no such boundary of site %(site)s"),
    _l("corrects_id %(id)s: there is no such claim on that region"),
    _l("corrects_id %(id)s: there is no such count of this centre"),
    _l("corrects_id %(id)s: there is no such earlier event of site %(site)s"),
    _l("corrects_id %(id)s: there is no such entry of a centre"),
    _l("corrects_id: there is no such earlier headcount of this site and region"),
    _l("corrects_id: there is no such record of aid of this site and region"),
    _l("region_code: has to name the part of the site that the aid is for"),
    _l("there is no such earlier document"),
    _l("the site does not lie in %(code)s"),
    _l("the point does not lie in the city that the centre is said to be in"),
    _l("the place has %(found)s vertices, at most 5000 are looked up"),
    _l("lies outside of the region of the account that entered it"),
    _l("the site is not there"),
    _l("the site was changed by somebody else in the meantime"),
    _l("what it corrects was corrected by another entry in the meantime"),
    _l("it repeats what is not an earlier entry of what it corrects"),
    _l("it was corrected since; undo batch %(id)s first"),
    _l("it was taken back since; undo batch %(id)s first"),
    _l("it was changed since, by what no batch wrote; correct that entry"),
    _l("the batch holds nothing new"),
    _l("the batch is being undone already"),
    _l("the batch is %(state)s, this needs %(wanted)s"),
    _l("nobody is signed in"),
    _l("nobody approves his own entry"),
    _l("only an approver decides over a batch"),
    _l("only its author hands a batch in"),
    _l("only its author takes a batch back"),
    _l("only an admin administers accounts"),
    _l("nobody changes the own account here; ask another admin"),
    _l("there is no account %(name)s"),
)
# What the database itself says, and what services and pages say.
SAID = (
    _l("%(table)s: contradicts what is stored, by %(rule)s"),
    _l("%(table)s: contradicts what is stored, by %(rule)s: %(words)s"),
    _l("Key (%(columns)s)=(%(values)s) already exists."),
    _l("Key (%(columns)s)=(%(values)s) conflicts with existing key (%(others)s)=(%(theirs)s)."),
    _l("%(field)s: found %(found)s; allowed is %(allowed)s"),
    _l("row %(row)s: %(words)s"),
    _l("row %(row)s, %(field)s: found %(found)s; allowed is %(allowed)s"),
    _l("what the constraint %(rule)s lets through"),
    _l("a reference that exists (%(rule)s)"),
    _l("a value, it may not be left out"),
    _l("this account may not do that"),
    _l("this account may not do that; it is for %(roles)s"),
    _l("the batch is not open, or not this account's"),
    _l("the sign-in has ended"),
    _l("a token holds for 30, 90 or 365 days"),
    _l("the batch is %(state)s; its rows cannot be read again"),
    _l("lies in %(found)s, outside of the region of this account"),
    _l("lies in no region, outside of the region of this account"),
    _l("this key was used before, with another file; a new file needs a new key"),
    _l("no release was made: a withheld number of people could be told from it"),
    _l("no release was made: where a hidden site lies could be told from it"),
    _l("no release was made: there is one of %(day)s, and releases never go back"),
    _l("no release was made: the register has changed since it was looked at"),
    _l("no release was made: another one is being made just now"),
    _l("no release was made: the register has changed since it was looked at"),
    _l("a release needs the boundaries: atlas boundaries load"),
    _l("too many files are being read; try again in a minute"),
    _l("other files take long to read; try again in a minute"),
    _l("too many large answers are being read at the moment; try again soon"),
    _l("the database cannot be reached at the moment; try again in a moment"),
    _l("the database took too long over this; ask for less, or try again"),
    _l("the database's disk is full; free some space, then try again"),
    _l("the database is away or has no connection free; try again in a moment"),
)
_PLACE = re.compile(r"%\((\w+)\)s")


#: All sentences, those first that hold most letters of their own.
SENTENCES = tuple(sorted((*RAISED, *SAID, *ALLOWED), key=lambda text: -len(_PLACE.sub("", text))))


def say(text: str) -> str:
    """A sentence of an error in the language of the request; one that is not known stays as it is.

    Parameters
    ----------
    text : `str()` of an error, or a part of it
    """
    sentence = sentence_of(text)
    if sentence is None:
        return text
    words: str = _(sentence)
    values = {name: _PARTS.get(name, str)(value) for name, value in _values(sentence, text).items()}
    return words % values if values else words


def knows(text: str) -> bool:
    """Whether a sentence, with all that it holds of others, is in the catalogue."""
    sentence = sentence_of(text)
    if sentence is None:
        return False
    held = _values(sentence, text)
    return all(knows(held[name]) for name in ("words", "allowed") if name in held)


def sentence_of(text: str) -> str | None:
    """The sentence, with the names of its places, that a text is; none if it is not known."""
    return next((sentence for sentence in SENTENCES if _pattern(sentence).fullmatch(text)), None)


def _values(sentence: str, text: str) -> dict[str, str]:
    found = _pattern(sentence).fullmatch(text)
    return found.groupdict() if found else {}


@cache
def _pattern(sentence: str) -> re.Pattern[str]:
    parts = enumerate(_PLACE.split(sentence))
    text = "".join(f"(?P<{part}>.+?)" if odd % 2 else re.escape(part) for odd, part in parts)
    return re.compile(text, re.DOTALL)


def _states(text: str) -> str:
    """States of batches: one, or several with "or" between."""
    between = _("or")
    return f" {between} ".join(str(BATCH_WORDS.get(state, state)) for state in text.split(" or "))


def _roles(text: str) -> str:
    return ", ".join(str(ROLE_WORDS.get(role, role)) for role in text.split(", "))


_PARTS: dict[str, Callable[[str], str]] = {
    "words": say,
    "allowed": say,
    "state": _states,
    "wanted": _states,
    "roles": _roles,
}
