"""Who acts: roles, and an account with its scope (domain.md, "Who sees what")."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

DatabaseRole = Literal["atlas_national", "atlas_scoped"]
Language = Literal["id", "en"]


class Role(StrEnum):
    """What an account may do; the first two are bound to one region."""

    regency = "regency"
    province = "province"
    planner = "planner"
    approver = "approver"
    admin = "admin"

    @property
    def is_scoped(self) -> bool:
        """Whether the role is bound to one region."""
        return self in (Role.regency, Role.province)


@dataclass(frozen=True)
class Identity:
    """The account on whose behalf a transaction runs.

    Parameters
    ----------
    account_id : its id
    name : what it signs in with
    role : what it may do
    region_code : Kemendagri's code of today that a scoped role is bound to; none for the others
    language : of its pages
    """

    account_id: int
    name: str
    role: Role
    region_code: str | None = None
    language: Language = "id"

    @property
    def database_role(self) -> DatabaseRole:
        """The role of PostgreSQL whose policies guard the rows."""
        return "atlas_scoped" if self.role.is_scoped else "atlas_national"

    def sees(self, code: str) -> bool:
        """Whether a region of today lies in the scope; national roles see all."""
        scope = self.region_code
        return scope is None or code == scope or code.startswith(f"{scope}.")
