"""Facts that correct one another: which of them stand, and which one a correction of a record has to name.

Nothing is corrected twice, so that facts stand in chains of which the last one counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from gis.domain.lifecycle import RETRACTION

Content = Mapping[str, Any]


class StoredFact(NamedTuple):
    """A fact as it is stored.

    Parameters
    ----------
    fact_id : under which it is known
    row_id : the number by which others name it that correct it
    corrects_row : the number of the one that it corrects
    external_id : the key that its sender gave to it
    content : what was entered
    """

    fact_id: int
    row_id: int
    corrects_row: int | None
    external_id: str | None
    content: Content


class KnownRecord(NamedTuple):
    """What a sender's key stands for.

    Parameters
    ----------
    content : as the last entry says it that continues the record without a key of its own
    end_id : the fact at the end of its chain, which a correction corrects
    is_gone : that one took it back
    """

    content: Content
    end_id: int
    is_gone: bool


@dataclass(frozen=True)
class KnownFacts:
    """Facts of one collection.

    Parameters
    ----------
    standing : the contents that nothing corrects and that take nothing back
    by_key : what each sender's key stands for
    """

    standing: list[Content]
    by_key: dict[str, KnownRecord]


def withdraws(content: Content) -> bool:
    """Whether a fact takes back another one and says nothing itself."""
    return bool(content.get("retracted")) or content.get("kind") == RETRACTION


def trace(facts: Iterable[StoredFact]) -> KnownFacts:
    """What stands of facts, and what their senders' keys stand for.

    Parameters
    ----------
    facts : of one collection, each chain from its first one or from one with a key to its end
    """
    stored = list(facts)
    later = {fact.corrects_row: fact for fact in stored if fact.corrects_row is not None}
    return KnownFacts(
        [fact.content for fact in stored if fact.row_id not in later and not withdraws(fact.content)],
        {fact.external_id: _record(fact, later) for fact in stored if fact.external_id is not None},
    )


def _record(fact: StoredFact, later: Mapping[int, StoredFact]) -> KnownRecord:
    last, is_own = fact, True
    content = fact.content
    while (following := later.get(last.row_id)) is not None:
        last = following
        is_own = is_own and last.external_id is None
        if is_own:
            content = last.content
    return KnownRecord(content, last.fact_id, withdraws(last.content))
