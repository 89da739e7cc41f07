"""Features, HTML: every document for people, with what it tells and where it leads."""

from html.parser import HTMLParser

from tests.conformance.answers import COLLECTIONS, HTML, Answer, Side

CLASSES = ("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class Read(HTMLParser):
    """The text, the links and the language of a page."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.text, self.links, self.language = "", [""], ""
        self.feed(answer.body.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        if tag == "html":
            self.language = given.get("lang") or ""

    def handle_data(self, data: str) -> None:
        self.text += data


def _paths(side: Side) -> list[str]:
    own = []
    for name in COLLECTIONS:
        path = f"/ogc/collections/{name}"
        own += [path, f"{path}/queryables", f"{path}/items", f"{path}/items/{side.whole(name)[0]['id']}"]
    return ["/ogc", "/ogc/api", "/ogc/conformance", "/ogc/collections", *own]


def test_html_definition(side: Side) -> None:
    """/req/html/definition: every document that answers 200 also comes as text/html, by Accept and by f."""
    for path in _paths(side):
        few = {"limit": 3} if path.endswith("/items") else {}
        by_name = side.found(path, {"f": "html", **few})
        by_accept = side.found(path, few, accept=BROWSER)
        assert (by_name.media_type, by_accept.media_type) == (HTML, HTML), path
        assert side.found(path, {"f": "json", **few}, accept=BROWSER).media_type != HTML


def test_html_content_1(side: Side) -> None:
    """/req/html/content: a page is HTML 5, says its language, and leads to the document for machines."""
    for path in _paths(side):
        page = side.found(path, {"f": "html", **({"limit": 3} if path.endswith("/items") else {})})
        assert page.body.lstrip().lower().startswith(b"<!doctype html>"), path
        read = Read(page)
        assert read.language in ("id", "en")
        assert any(link.split("?")[0].endswith(path) and "f=html" not in link for link in read.links), path


def test_html_content_2(side: Side) -> None:
    """/req/html/content: a page tells what the document tells."""
    declared = side.found("/ogc/conformance").json["conformsTo"]
    told = Read(side.found("/ogc/conformance", {"f": "html"})).text
    assert [uri for uri in declared if uri not in told] == []
    for name in COLLECTIONS:
        read = Read(side.found(f"/ogc/collections/{name}/queryables", {"f": "html"}))
        properties = side.found(f"/ogc/collections/{name}/queryables").json["properties"]
        assert [each for each in properties if each not in read.text] == []
        feature = side.whole(name)[0]
        read = Read(side.found(f"/ogc/collections/{name}/items/{feature['id']}", {"f": "html"}))
        values = [value for value in feature["properties"].values() if isinstance(value, str)]
        assert [value for value in values if value not in read.text] == []


def test_html_content_3(side: Side) -> None:
    """/req/html/content: from the landing page links lead to each collection and each feature."""
    landing = Read(side.found("/ogc", {"f": "html"}))
    assert {"/ogc/conformance", "/ogc/collections", "/ogc/api"} <= {
        link.split("?")[0] for link in landing.links
    }
    listed = Read(side.found("/ogc/collections", {"f": "html"})).links
    for name in COLLECTIONS:
        assert any(link.split("?")[0] == f"/ogc/collections/{name}/items" for link in listed)
        answer = side.items(name, {"limit": 3})
        page = Read(side.found(f"/ogc/collections/{name}/items", {"limit": 3, "f": "html"}))
        for key in answer.ids:
            assert any(link.split("?")[0].endswith(f"/items/{key}") for link in page.links)
        assert any("after=" in link and "f=html" in link for link in page.links) == any(
            each["rel"] == "next" for each in answer.links
        )
