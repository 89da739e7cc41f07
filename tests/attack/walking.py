"""Every address that can be asked for: of the table of routes, with arguments and parameters to attack.

What a route takes is found out from the route and its answers. An argument or a parameter for which there is
no value below is an error, so that a new one is not left out.
"""

import html
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.attack.planting import PLACES, Marks, crossing_id
from webmap.links import STATE_PARAMETERS

Values = dict[str, list[str]]
REGIONS = ("code", "key")  # arguments that may be the code of a region, of which a release tells
_ALLOWED = re.compile(r"allowed is one of ([\w, -]+)")
_LINK = re.compile(r'(?:href|src|action|data-\w+)="(/[^"#]*)')
_EPSG_3857 = "http://www.opengis.net/def/crs/EPSG/0/3857"
_ARGUMENT = re.compile(r"<(?:[^<>]*:)?(\w+)>")
_READ = re.compile(r"request\.args\.get\(\s*\"(\w+)\"|\(\"\w+\", \"(replaces|retracts)\"\)")


@dataclass(frozen=True)
class Targets:
    """What an attacker asks for.

    Parameters
    ----------
    own : the region of the attacker's account
    place : the number of the place whose rows are hidden from it
    own_batch : the id of a batch of its own
    marks : of the hidden rows
    """

    own: str
    place: int
    own_batch: int
    marks: Marks
    foreign: Values = field(init=False)
    shared: Values = field(init=False)

    def __post_init__(self) -> None:
        hidden = PLACES[self.place].regency
        ids = {
            "site_id": self.marks.site_id(self.place),
            "batch_id": self.marks.batch_id(self.place),
            "account_id": self.marks.account_id(self.place),
        }
        crossing = [crossing_id(self.place, primary_is_hidden=primary) for primary in (True, False)]
        foreign = {name: [str(number)] for name, number in ids.items()}
        regions = {"code": [hidden, hidden[:2]], "key": [*foreign["site_id"], hidden[:2]]}
        object.__setattr__(self, "foreign", {**foreign, **regions})
        shared = {
            "site_id": [str(number) for number in crossing],
            "batch_id": [str(self.own_batch)],
            "account_id": [],
            "code": [self.own],
            "level": ["regency"],
            "vintage": ["2013-04-22"],
            "release_id": ["2026-01-01"],
            "name": ["icon.svg"],
            "collection_id": ["sites", "provinces", "centres"],
            "ending": ["csv", "geojson"],  # the other formats write the same rows
            "key": [str(crossing[0]), self.own[:2]],
            "style": ["qlr"],
            "matrix_set_id": ["WebMercatorQuad"],
            "z": ["5"],
            "y": ["16"],
            "x": ["26"],
        }
        object.__setattr__(self, "shared", shared)

    def asked(self) -> set[str]:
        """The words and ids of hidden rows that the attacker types himself."""
        values = self.parameters()
        typed = [*values["account"], *values["replaces"], *values["retracts"]]
        ids = (value for name in self.foreign if name not in REGIONS for value in self.foreign[name])
        return {*typed, self.foreign["key"][0], *ids}

    def parameters(self) -> Values:
        """Values of every parameter that any address takes."""
        hidden = PLACES[self.place]
        lon, lat = hidden.centre_point
        word, site = self.marks.word, str(self.marks.site_id(self.place))
        return {
            "as_of": ["2017-04-02"],
            "known_at": ["2017-04-03"],
            "release": ["2026-01-01"],
            "boundaries": ["today"],
            "region": [hidden.regency, hidden.regency[:2], self.own],
            "level": ["regency", "nation"],
            "bbox": [f"{lon - 1},{lat - 1},{lon + 1},{lat + 1}"],
            "status": ["closed,reactivated"],
            "site_type": ["lokalisasi"],
            "site": [site],
            "payer": ["regency"],
            "aid_type": ["uep"],
            "definition": ["returned"],
            "parent": [hidden.regency[:2]],
            "v": ["0"],
            "account": [f"{word}-{self.place}"],
            "action": ["export"],
            "table": ["headcount"],
            "key": [site],
            # Less than the word, so that the trail of what is asked for does not tell it.
            **_of_features(word[:-2], site, hidden.regency),
            "batch_id": [str(self.marks.batch_id(self.place))],
            "since": ["2017-03-01"],
            "until": ["2099-01-01"],
            "offset": ["1"],
            "outcome": ["refused"],
            "state": ["submitted", "overdue"],
            "draft": [str(self.marks.batch_id(self.place))],
            "replaces": [str(self.marks.first_id + 1000 * self.place + 111)],
            "retracts": [str(self.marks.first_id + 1000 * self.place + 204)],
            "done": ["password"],
            "q": [word],
            "next": ["/"],
        }


def _of_features(word: str, site: str, regency: str) -> Values:
    """What items of a collection are asked for by."""
    every = {
        **{"crs": _EPSG_3857, "bbox-crs": _EPSG_3857, "filter-crs": _EPSG_3857, "filter-lang": "cql2-text"},
        **{"datetime": "2017-01-01/..", "filter": f"name LIKE '%{word}%'", "sortby": "-name", "f": "html"},
        **{"properties": "name", "limit": "3", "after": "1", "id": site, "code": regency[:2], "name": word},
        **{"status_group": "closed", "status_since": "2017-04-01", "closed_on": "2017-04-01"},
        **{"province_code": regency[:2], "province_name": "Papua", "regency_code": regency},
        **{"regency_name": "Kota", "province_join_method": "covers", "regency_join_method": "covers"},
        **{"shared_with": regency[:2], "location_accuracy": "exact", "people": "3", "synthetic": "false"},
        **{"source_url": f"https://{word}.id/", "updated_at": "2017-04-01T00:00:00Z", "iso_code": "ID-KI"},
        **{"parent_code": regency[:2], "valid_from": "2013-04-22", "valid_to": "2013-04-22"},
        **{"area_km2": "1", "sites_total": "1", "lokasi_total": "1", "shared": "1", "active": "1"},
        **{"planned": "1", "closed": "1", "reactivated": "1", "closed_share": "1", "target_gap": "1"},
        **{"services": "training", "operator": word, "capacity_band": "1-10", "occupancy_band": "full"},
        **{"counted_on": "2017-04-01", "source": word, "locale": "id"},
    }
    return {name: [value] for name, value in every.items()}


@dataclass(frozen=True)
class Address:
    """A path with its query.

    Parameters
    ----------
    path : with its query
    endpoint : that answers
    is_foreign : the path names by its id what is hidden
    is_whole : not with one filter alone, of which the others tell
    """

    path: str
    endpoint: str
    is_foreign: bool
    is_whole: bool = True

    @property
    def shape(self) -> tuple[str, frozenset[str]]:
        """What links differ in: the view, in either language, and its parameters, but for the state."""
        names = {name for name, _ in parse_qsl(urlsplit(self.path).query)}
        return self.endpoint.replace("pages_en.", "pages_id."), frozenset(names.difference(STATE_PARAMETERS))


def addresses(client: FlaskClient, app: Flask, targets: Targets) -> Iterator[Address]:
    """Every route, with what is hidden and what is not in its path, and each parameter that it takes.

    Parameters
    ----------
    client : as whom parameters are found out
    app : the application
    targets : what is asked for
    """
    values = targets.parameters()
    rules = {str(rule): rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    for text, rule in rules.items():
        *hidden, last = _paths(rule, targets)
        yield from (*hidden, last)
        if last.is_foreign or text.startswith("/en/"):
            continue  # the same views, whose parameters are those below
        names = _parameters_of(client, app, last, f"{text}.json" in rules)
        unknown = [name for name in names if name not in values]
        assert not unknown, f"{rule}: say in tests/attack/walking.py what the parameters {unknown} may be"
        queries = [{name: value} for name in names for value in values[name]]
        if len(names) > 1:  # each filter beside the others
            queries.append({name: values[name][0] for name in names if name != "region"})
        if text.rpartition(".")[0] in {*rules, "/index"} and not text.endswith(".json"):
            # The other filters are tried on its twins.
            queries = [query for query in queries if len(query) > 1 or "region" in query]
        for query in queries:
            path = f"{last.path}?{urlencode(query, safe=',')}"
            yield Address(path, rule.endpoint, is_foreign=False, is_whole=len(query) > 1 or "region" in query)


def links(app: Flask, answer: TestResponse) -> Iterator[Address]:
    """The addresses of ours that a page leads to."""
    if answer.mimetype != "text/html":
        return
    adapter = app.url_map.bind("localhost")
    for found in _LINK.findall(answer.text):
        link = html.unescape(found)
        try:
            endpoint, _ = adapter.match(urlsplit(link).path, method="GET")
        except HTTPException:
            continue  # of a form, which is sent
        yield Address(link, endpoint, is_foreign=False, is_whole=False)


def _paths(rule: Rule, targets: Targets) -> Iterator[Address]:
    names = sorted(rule.arguments - set(rule.defaults or ()))
    unknown = [name for name in names if name not in targets.shared]
    assert not unknown, f"{rule}: say in tests/attack/walking.py what {unknown} may be"
    every = [[*targets.foreign.get(name, []), *targets.shared[name]] for name in names]
    for chosen in product(*every):
        given = dict(zip(names, chosen, strict=True))
        path = _ARGUMENT.sub(lambda found: given[found[1]], str(rule))  # noqa: B023 - used at once
        ids = {name: value for name, value in given.items() if len(value) > len("35.76")}  # no region's code
        is_foreign = any(value in targets.foreign.get(name, ()) for name, value in ids.items())
        yield Address(path, rule.endpoint, is_foreign)


def _parameters_of(client: FlaskClient, app: Flask, address: Address, has_twin: bool) -> list[str]:
    """What an address takes: data addresses say it, pages take what their twin takes, others are read."""
    asked = client.get(f"{address.path}.json?nothing=1" if has_twin else f"{address.path}?nothing=1")
    told = _ALLOWED.search(asked.text) if asked.status_code == 400 else None
    if told:
        return told[1].split(", ")
    module = sys.modules[app.view_functions[address.endpoint].__module__]
    return sorted({first or second for first, second in _READ.findall(inspect.getsource(module))})
