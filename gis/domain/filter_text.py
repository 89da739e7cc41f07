"""CQL2 text (OGC 21-065r2, annex B) to the tree that CQL2 JSON is.

A parser of our own and not that of the package `cql2`, with which the tests compare it: before a mistake,
that one's time doubles with each bracket, to hours for forty. This one reads each token once, and tells where
it stands when it refuses.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from gis.errors import InvalidInputError

Tree = Any
DEEPEST = 40  # brackets and negations within each other

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>'(?:[^'\\]|''|\\'|\\(?!'))*')
    | (?P<number>[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w.]))
    | (?P<word>[^\W\d][\w]*(?:[.:][\w]+)*)
    | (?P<quoted>"(?:[^"]|"")+")
    | (?P<sign><>|!=|<=|>=|[=<>(),])
    | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
_COMPARATORS = ("=", "<>", "!=", "<=", ">=", "<", ">")
_RESERVED = {"and", "or", "not", "like", "between", "in", "is", "null"}
#: How deep the positions lie in the brackets of a geometry, and its name in GeoJSON.
_GEOMETRIES = {
    "point": (0, "Point"),
    "linestring": (1, "LineString"),
    "polygon": (2, "Polygon"),
    "multipoint": (1, "MultiPoint"),
    "multilinestring": (2, "MultiLineString"),
    "multipolygon": (3, "MultiPolygon"),
}


class _Token(NamedTuple):
    kind: str
    text: str
    at: int

    @property
    def word(self) -> str:
        """A word or a sign in lower case; nothing for others, so that a quoted name is no keyword."""
        return self.text.lower() if self.kind in ("word", "sign") else ""


def parse_text(text: str) -> Tree:
    """The tree of a filter, as CQL2 JSON would be: dictionaries, lists, strings, numbers and booleans.

    Parameters
    ----------
    text : of a length that the caller has looked at

    Raises
    ------
    InvalidInputError : it is not CQL2, or too deep; the message tells where
    """
    return _Parser(_tokens(text)).whole()


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    while not found or found[-1].kind != "end":
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            raise InvalidInputError("filter", text[at : at + 20], f"CQL2 text (character {at + 1})")
        found.append(_Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
        at = match.end()
    return found


class _Parser:
    """Goes through tokens once, from left to right."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._depth = 0

    def whole(self) -> Tree:
        """The tree of all tokens."""
        tree = self._either()
        if self._token.kind != "end":
            self._refuse("AND, OR or the end of the filter")
        return tree

    @property
    def _token(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._token
        if token.kind != "end":
            self._next += 1
        return token

    def _takes(self, *words: str) -> bool:
        """Go on if the next tokens are these words, else stay."""
        ahead = self._tokens[self._next : self._next + len(words)]
        if tuple(token.word for token in ahead) != words:
            return False
        self._next += len(words)
        return True

    def _expect(self, sign: str) -> None:
        if not self._takes(sign):
            self._refuse(f"'{sign}'")

    def _refuse(self, allowed: str) -> NoReturn:
        token = self._token
        found = token.text[:40] or "the end"
        raise InvalidInputError("filter", found, f"{allowed} (character {token.at + 1})")

    def _deeper(self, read: Callable[[], Tree]) -> Tree:
        self._depth += 1
        if self._depth > DEEPEST:
            self._refuse(f"at most {DEEPEST} brackets and negations within each other")
        tree = read()
        self._depth -= 1
        return tree

    def _either(self) -> Tree:
        parts = [self._all()]
        while self._takes("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else _call("or", *parts)

    def _all(self) -> Tree:
        parts = [self._negated()]
        while self._takes("and"):
            parts.append(self._negated())
        return parts[0] if len(parts) == 1 else _call("and", *parts)

    def _negated(self) -> Tree:
        if self._takes("not"):
            return _call("not", self._deeper(self._negated))
        return self._predicate()

    def _predicate(self) -> Tree:
        left = self._operand()
        if self._token.word in _COMPARATORS:
            comparator = self._take().text
            return _call("<>" if comparator == "!=" else comparator, left, self._operand())
        if self._takes("is", "null"):
            return _call("isNull", left)
        if self._takes("is", "not", "null"):
            return _call("not", _call("isNull", left))
        negated = self._takes("not")
        found = self._tail(left)
        if found is None:
            if negated:
                self._refuse("LIKE, BETWEEN or IN")
            return left
        return _call("not", found) if negated else found

    def _tail(self, left: Tree) -> Tree:
        if self._takes("like"):
            return _call("like", left, self._operand())
        if self._takes("ilike"):  # no CQL2, but what GDAL writes (filter_cql.py)
            return _call("ilike", left, self._operand())
        if self._takes("between"):
            low = self._operand()
            if not self._takes("and"):
                self._refuse("AND and the upper bound")
            return _call("between", left, low, self._operand())
        if self._takes("in"):
            return _call("in", left, self._list(self._operand))
        return None

    def _operand(self) -> Tree:
        token = self._token
        if self._takes("("):
            tree = self._deeper(self._either)
            self._expect(")")
            return tree
        if token.kind == "number":
            return self._number()
        if token.kind in ("text", "quoted"):
            self._take()
            return _unquoted(token) if token.kind == "text" else {"property": _name(token)}
        if token.kind == "word" and token.word not in _RESERVED:
            self._take()
            if self._token.word == "(" or (token.word in _GEOMETRIES and self._token.word == "z"):
                return self._deeper(lambda: self._called(token))
            return token.word == "true" if token.word in ("true", "false") else {"property": token.text}
        return self._refuse("a property, a value, a function or '('")

    def _called(self, token: _Token) -> Tree:
        name = token.word
        if name in _GEOMETRIES or name == "geometrycollection":
            return self._geometry(name)
        if name in ("bbox", "envelope"):
            return {"bbox": self._list(self._number)}
        if name in ("date", "timestamp"):
            return {name: self._only(self._list(self._string))}
        if name == "interval":
            return {"interval": self._list(self._operand)}
        read = self._member if name.startswith("a_") else self._operand
        return {"op": token.text, "args": self._list(read)}

    def _member(self) -> Tree:
        # Only where an array may stand is a bracket one, so that nothing is ever read twice.
        return self._deeper(lambda: self._list(self._operand)) if self._token.word == "(" else self._operand()

    def _geometry(self, name: str) -> Tree:
        self._takes("z")
        if name == "geometrycollection":
            return {"type": "GeometryCollection", "geometries": self._list(self._part)}
        depth, kind = _GEOMETRIES[name]
        if depth == 0:
            self._expect("(")
            coordinates: Tree = self._position()
            self._expect(")")
        else:
            coordinates = self._coordinates(depth, in_brackets=name == "multipoint")
        return {"type": kind, "coordinates": coordinates}

    def _part(self) -> Tree:
        if self._token.word not in _GEOMETRIES:
            self._refuse("a geometry other than a collection")
        return self._geometry(self._take().word)

    def _coordinates(self, depth: int, *, in_brackets: bool) -> Tree:
        if depth > 0:
            return self._list(lambda: self._coordinates(depth - 1, in_brackets=in_brackets))
        if in_brackets and self._takes("("):
            position = self._position()
            self._expect(")")
            return position
        return self._position()

    def _position(self) -> Tree:
        numbers = [self._number()]
        while self._token.kind == "number":
            numbers.append(self._number())
        return numbers

    def _list(self, read: Callable[[], Tree]) -> list[Tree]:
        self._expect("(")
        found = [read()]
        while self._takes(","):
            found.append(read())
        self._expect(")")
        return found

    def _only(self, found: list[Tree]) -> Tree:
        return found[0] if len(found) == 1 else self._refuse("one text")

    def _string(self) -> Tree:
        if self._token.kind != "text":
            self._refuse("a text in quotes")
        return _unquoted(self._take())

    def _number(self) -> int | float:
        if self._token.kind != "number" or len(self._token.text) > 40:
            self._refuse("a number of at most 40 digits")
        text = self._take().text
        return int(text) if text.lstrip("+-").isdecimal() else float(text)


def _unquoted(token: _Token) -> str:
    return re.sub(r"''|\\'", "'", token.text[1:-1])


def _name(token: _Token) -> str:
    return token.text[1:-1].replace('""', '"')


def _call(name: str, *arguments: Tree) -> Tree:
    return {"op": name, "args": list(arguments)}
