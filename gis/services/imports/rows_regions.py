"""The regions that a row declares: by Kemendagri's code, or by the names of a regency and its province."""

import re
from collections.abc import Mapping

from gis.domain.region_names import KEMENDAGRI_CODE, RegionNames
from gis.services.imports.raw_table import Cell
from gis.services.imports.rows_draft import Draft
from gis.services.imports.values import BadCellError, FieldType, as_text

_CODE_FIELDS = ("region_code", "declared_region_codes")
_BETWEEN = re.compile(r"\s*[;/&\n]\s*|\s+(?:dan|and)\s+", re.IGNORECASE)


class RegionFinder:
    """Finds the regions of rows, and remembers what was found for a text.

    Parameters
    ----------
    names : the regions of today
    """

    def __init__(self, names: RegionNames) -> None:
        self._names = names
        self._found: dict[tuple[str, str], tuple[str, ...]] = {}

    def find(self, draft: Draft, types: Mapping[str, FieldType]) -> None:
        """Put the regions that a row declares into the field that the record has for them."""
        try:
            codes = self.declared(draft)
        except BadCellError as error:
            draft.problems.append(error.problem)
            return
        if not codes:
            return
        if "declared_region_codes" in types:
            draft.values["declared_region_codes"] = codes
        elif "region_code" in types:
            if len(codes) > 1:
                names = ", ".join(self._names.name(code) for code in codes)
                problem = BadCellError("region_code", ", ".join(codes), "region_ambiguous", allowed=names)
                draft.problems.append(problem.problem)
            draft.values["region_code"] = codes[0]

    def declared(self, draft: Draft) -> tuple[str, ...]:
        """Codes of the regencies that a row declares, or of the province if it names no regency.

        Raises
        ------
        BadCellError : an unknown region, one that may be several, or a regency of another province
        """
        for name in _CODE_FIELDS:
            if (cell := draft.said(name)) is not None:
                return self._codes(name, cell)
        province, regency = draft.said("province"), draft.said("regency")
        key = (as_text(regency), as_text(province))
        if key not in self._found:
            self._found[key] = self._named(*key)
        return self._found[key]

    def _named(self, regency: str, province: str) -> tuple[str, ...]:
        within = self._province(province) if province else None
        if not regency:
            return () if within is None else (within,)
        return self._regencies(regency, within)

    def _codes(self, name: str, cell: Cell) -> tuple[str, ...]:
        # A sheet takes 64.10 for a number and drops its zero.
        text = f"{cell:05.2f}" if isinstance(cell, float) else as_text(cell)
        codes = tuple(part for part in re.split(r"[;,\s]+", text) if part)
        for code in codes:
            if not KEMENDAGRI_CODE.fullmatch(code):
                raise BadCellError(name, cell, "code_system")
            if code not in self._names.by_code:
                raise BadCellError(name, cell, "region_unknown")
        return codes

    def _province(self, text: str) -> str:
        found = self._names.provinces(text)
        if len(found) != 1:
            raise BadCellError("province", text, "province_unknown")
        return found[0]

    def _regencies(self, text: str, province: str | None) -> tuple[str, ...]:
        parts = [part for part in _BETWEEN.split(text) if part]
        if len(parts) > 1 and not self._names.regencies(text):
            return tuple(dict.fromkeys(self._one(part, province) for part in parts))
        return (self._one(text, province),)

    def _one(self, text: str, province: str | None) -> str:
        found = self._names.regencies(text, province)
        if len(found) == 1:
            return found[0]
        if found:
            allowed = ", ".join(f"{self._names.name(code)} ({code})" for code in found)
            raise BadCellError("regency", text, "region_ambiguous", allowed=allowed)
        if province is not None and self._names.regencies(text):
            raise BadCellError("regency", text, "region_elsewhere", province=self._names.name(province))
        if re.fullmatch(r"\d{4}", text):
            raise BadCellError("regency", text, "code_system")
        if alike := self._names.suggestions(text):
            raise BadCellError("regency", text, "region_similar", allowed=", ".join(alike))
        raise BadCellError("regency", text, "region_unknown")
