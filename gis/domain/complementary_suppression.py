"""The nation's number of people beside those of its provinces, of which 1 to 9 are withheld.

A true sum, less the numbers that are told, narrows the one that is withheld. To tell it only where it does no
harm is no way out: whoever knows that rule learns from its absence that it would have done harm. So what is
told of the nation on such a day is made of nothing but what is told of its provinces, and gives nothing back,
whatever else is known, of other days and other releases too.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from gis.domain.disclosure import rounded


@dataclass(frozen=True)
class PublishedPeople:
    """What is published of one definition on one day of one release.

    Parameters
    ----------
    provinces : by code, for those with a count; none is withheld
    nation : the number of all of them; none is withheld
    """

    provinces: tuple[tuple[str, int | None], ...]
    nation: int | None


def publish_people(people: Mapping[str, int]) -> PublishedPeople:
    """Numbers of people of one definition as they are published.

    The nation's is its own number, rounded. Where a province is withheld it is the sum of the others as they
    are told; and withheld itself where that is nobody.

    Parameters
    ----------
    people : the number of each province with a count, at the end of a day
    """
    provinces = tuple((code, rounded(n)) for code, n in sorted(people.items()))
    told = [n for _, n in provinces if n is not None]
    if len(told) == len(provinces):
        return PublishedPeople(provinces, rounded(sum(people.values())))
    return PublishedPeople(provinces, sum(told) or None)
