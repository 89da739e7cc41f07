"""What a join finds, row by row, and as a frame."""

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from gis.domain.borders import Floats, Geometries, Ints

JOIN_COLUMNS = ("province_code", "regency_code", "province_join_method", "regency_join_method")


class Method(IntEnum):
    """How a region was found; the names are the values of the columns `*_join_method`."""

    none = 0
    covers = 1
    tie = 2
    nearest = 3
    area = 4


@dataclass(frozen=True)
class Held:
    """Which regions of one level hold which rows, the primary one of each row first.

    Parameters
    ----------
    row, region : (n,) positions; entries of a row stand together
    share : (n,) of the row's area, at least 1 %; for points in several regions equal parts
    """

    row: Ints
    region: Ints
    share: Floats


@dataclass(frozen=True)
class Assignment:
    """The regions of each row, filled in step by step.

    Parameters
    ----------
    province, regency : (n,) positions of the primary regions, -1 for none
    province_method, regency_method : (n,) values of `Method`
    shared : codes of the other regions, for the rows that have any
    """

    province: Ints
    regency: Ints
    province_method: npt.NDArray[np.int8]
    regency_method: npt.NDArray[np.int8]
    shared: dict[int, list[str]] = field(default_factory=dict)

    @classmethod
    def of_nothing(cls, rows: int) -> "Assignment":
        """Rows that belong nowhere."""
        none = np.full(rows, -1, dtype=np.int16)
        return cls(none, none.copy(), np.zeros(rows, dtype=np.int8), np.zeros(rows, dtype=np.int8))

    def set_held(self, provinces: Held, regencies: Held, parent: Ints, many: Method) -> None:
        """Enter what holds rows: primary province, and the first regency that lies in it.

        Parameters
        ----------
        provinces, regencies : what holds the rows
        parent : each regency's province
        many : the method where more than one region of a level holds a row
        """
        first = _first_of_each(provinces.row)
        self.province[provinces.row[first]] = provinces.region[first]
        is_inside = parent[regencies.region] == self.province[regencies.row]
        inside = np.flatnonzero(is_inside)
        inside = inside[_first_of_each(regencies.row[inside])]
        self.regency[regencies.row[inside]] = regencies.region[inside]
        for held, method, primary in (
            (provinces, self.province_method, self.province),
            (regencies, self.regency_method, self.regency),
        ):
            rows, count = np.unique(held.row, return_counts=True)
            found = primary[rows] >= 0
            method[rows[found]] = np.where(count > 1, many, Method.covers)[found]

    def share_with(self, held: Held, primary: Ints, codes: Geometries) -> None:
        """Note the codes of the regions that hold a row and are not its primary one."""
        for row, region in zip(held.row.tolist(), held.region.tolist(), strict=True):
            if primary[row] != region:
                self.shared.setdefault(row, []).append(codes[region])

    def set_nearest(self, rows: Ints, regency: Ints, province: Ints | None = None) -> None:
        """Enter the nearest regency of rows, and the province too where it is nothing but the regency's.

        Parameters
        ----------
        rows : positions
        regency : what was found for each, -1 for none
        province : the province of each regency; None where the row's province is known already
        """
        found = regency >= 0
        rows = rows[found]
        self.regency[rows] = regency[found]
        self.regency_method[rows] = Method.nearest
        if province is not None:
            self.province[rows] = province[found]
            self.province_method[rows] = Method.nearest

    def to_frame(
        self, index: pd.Index, province_codes: Geometries, regency_codes: Geometries
    ) -> pd.DataFrame:
        """The columns of `JOIN_COLUMNS`, categorical, and `shared_with`, tuples of codes, provinces first."""
        shared_with = np.empty(len(self.province), dtype=object)
        shared_with[:] = [()] if len(shared_with) else []
        for row, codes in self.shared.items():
            shared_with[row] = tuple(sorted(codes, key=lambda code: (len(code), code)))
        methods = pd.Index([method.name for method in Method], dtype="str")
        provinces, regencies = (
            pd.Index(list(codes), dtype="str") for codes in (province_codes, regency_codes)
        )
        columns = (
            pd.Categorical.from_codes(self.province, provinces),
            pd.Categorical.from_codes(self.regency, regencies),
            pd.Categorical.from_codes(self.province_method, methods),
            pd.Categorical.from_codes(self.regency_method, methods),
        )
        found = dict(zip(JOIN_COLUMNS, columns, strict=True))
        return pd.DataFrame({**found, "shared_with": shared_with}, index=index, copy=False)


def _first_of_each(rows: Ints) -> Ints:
    return np.flatnonzero(np.append(True, np.diff(rows) > 0))[: len(rows)]
