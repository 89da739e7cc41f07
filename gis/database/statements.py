"""Named SQL: static text from `sql/queries/`, so that a statement can be read, run and reviewed by itself."""

import re
from functools import cache
from pathlib import Path
from typing import LiteralString

from gis.errors import DatabaseError

QUERIES = Path(__file__).parent / "sql" / "queries"
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_HEADER_LINE = re.compile(r"\s*(--.*)?")


@cache
def load(name: str) -> LiteralString:
    """The statement that stands in `sql/queries/<name>.sql`, without the comment lines at its head.

    Values are bound by name (`%(name)s`); a literal percent sign in the body is therefore written `%%`.

    Parameters
    ----------
    name : `<noun>_<verb>`, lower case, without folder and ending

    Returns
    -------
    The text; typed as a literal since it comes from the package itself and never from outside.

    Raises
    ------
    DatabaseError : there is no such file, or it holds no statement
    """
    path = QUERIES / f"{name}.sql"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise DatabaseError(f"no statement {name!r}: expected a file {name}.sql in {QUERIES}")
    lines = path.read_text(encoding="utf-8").splitlines()
    while lines and _HEADER_LINE.fullmatch(lines[0]):
        del lines[0]
    if not lines:
        raise DatabaseError(f"{path} holds comments only")
    return "\n".join(lines)
