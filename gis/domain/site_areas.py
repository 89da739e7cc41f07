"""A site's mapped area beside the one that a decree names: what they share, and whether they differ."""

from dataclasses import dataclass
from typing import Literal

#: Lines that are nowhere farther apart agree: coordinates are given to decimetres, and surveyed worse.
TOLERANCE_M = 1.0
#: Of very detailed shapes distances are not measured; they agree if all but so much of each is shared.
TOLERANCE_SHARE = 0.001

#: Which of the two is not there.
Missing = Literal["decree", "mapped", "both"]


@dataclass(frozen=True)
class AreaComparison:
    """Two areas of one site, in geodesic square metres on the WGS 84 ellipsoid.

    Parameters
    ----------
    mapped_m2, decree_m2 : the areas
    overlap_m2 : what they share
    beyond_decree_m : the directed Hausdorff distance from the mapped line to the decree's: how far the mapped
        line is from the other one at most, in metres; none where the shapes have too many vertices
    beyond_mapped_m : the same from the decree's line to the mapped one
    precision_m : how much the distances may be too short, since points on the lines are tried and not all of
        them; beside that they are good to 1 in 10,000
    """

    mapped_m2: float
    decree_m2: float
    overlap_m2: float
    beyond_decree_m: float | None
    beyond_mapped_m: float | None
    precision_m: float | None

    @property
    def largest_distance_m(self) -> float | None:
        """The larger of the two directed distances: the Hausdorff distance of the lines."""
        if self.beyond_decree_m is None or self.beyond_mapped_m is None:
            return None
        return max(self.beyond_decree_m, self.beyond_mapped_m)

    @property
    def overlap_of_mapped(self) -> float:
        """The share of the mapped area that lies inside the decree's, 0…1."""
        return min(1.0, self.overlap_m2 / self.mapped_m2)

    @property
    def overlap_of_decree(self) -> float:
        """The share of the decree's area that is mapped, 0…1."""
        return min(1.0, self.overlap_m2 / self.decree_m2)

    @property
    def differs(self) -> bool:
        """Whether they differ by more than how well places are known."""
        if self.largest_distance_m is not None:
            return self.largest_distance_m > TOLERANCE_M
        return min(self.overlap_of_mapped, self.overlap_of_decree) < 1 - TOLERANCE_SHARE

    def to_record(self) -> dict[str, float | bool | None]:
        """The figures as pages and their twins have them: square metres and metres to one decimal."""
        return {
            "differs": self.differs,
            "mapped_m2": round(self.mapped_m2, 1),
            "decree_m2": round(self.decree_m2, 1),
            "overlap_m2": round(self.overlap_m2, 1),
            "overlap_of_mapped": round(self.overlap_of_mapped, 4),
            "overlap_of_decree": round(self.overlap_of_decree, 4),
            "largest_distance_m": _metres(self.largest_distance_m),
            "beyond_decree_m": _metres(self.beyond_decree_m),
            "beyond_mapped_m": _metres(self.beyond_mapped_m),
            "precision_m": None if self.precision_m is None else round(self.precision_m, 2),
        }


def _metres(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
