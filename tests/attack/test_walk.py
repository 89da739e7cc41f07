"""An account of one region walks every address there is: no answer depends on the rows of another region."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gis.domain.access import Role
from gis.services import tokens
from tests.attack.conftest import ACCOUNTS, PROVINCE, REGENCY, Account, Register, own_batch
from tests.attack.planting import PLACES, Marks, crossing_id
from tests.attack.walking import Address, Targets, addresses, links
from webmap.cookies import FORM

Twins = tuple[Register, Register]
PLACE_OF = {PROVINCE: 0, REGENCY: 1}  # whose sites cross into the attacker's region
# Of a form that is not sent yet: made anew each time.
_FRESH = re.compile(rb'name="key" value="[^"]*"')
_NUMBER = re.compile(rb'"export_record":"\d+"')  # of a file: made anew each time
MAIN = (
    *("/summary.json", "/summary.csv", "/series.json?region=64", "/regions/64.json", "/regions/64.geojson"),
    *("/exports/sites.geojson", "/people.json", "/plans.json", "/centres.json"),
    *("/ogc/collections/sites/items", "/ogc/collections/regencies/items"),
)
# 308: a former address, which leads to the present one whatever it names; 303, 401: a visitor is to sign in.
ABSENT = {303, 308, 401, 403, 404}


def targets_of(account: Account, marks: Marks) -> Targets:
    return Targets(str(account[1]), PLACE_OF[account], own_batch(ACCOUNTS.index(account)), marks)


def told(answer: TestResponse, marks: Marks, asked: set[str]) -> list[str]:
    """What an answer says of hidden rows, beyond what the attacker said himself."""
    text = f"{answer.headers}\n{answer.get_data().decode(errors='replace')}"  # a tile is no text
    for known in asked:
        text = text.replace(known, "")
    return sorted(set(marks.telling.findall(text)))


def bytes_of(answer: TestResponse) -> tuple[int, list[tuple[str, str]], bytes]:
    headers = sorted((name, value) for name, value in answer.headers if name != "Date")
    return answer.status_code, headers, _FRESH.sub(b"", answer.get_data())


def walked(
    twins: Twins, walker: FlaskClient, shadow: FlaskClient | None, targets: Targets, found: list[Address]
) -> list[str]:
    """What is wrong with what the first register answers a client, and the other one a shadow of it.

    Without a shadow one link of each kind that pages lead to is asked as well.
    """
    one, _ = twins
    asked = targets.asked()
    typed = set() if shadow else set(asked)
    # What names something hidden comes last: until then the trail, which holds what the attacker asks for,
    # has none of the attacker's words.
    routes = sorted(found, key=lambda each: any(word in each.path for word in asked))
    shapes = {address.shape for address in addresses(walker, one.app, targets)}
    wrong: list[str] = []
    for address in routes:
        typed |= {word for word in asked if word in address.path}
        answer = walker.get(address.path)
        if said := told(answer, one.marks, typed):
            wrong.append(f"{address.path} says {said}")
        if shadow and bytes_of(answer) != bytes_of(shadow.get(address.path)):
            wrong.append(f"{address.path} depends on hidden rows")
        if answer.status_code >= 500:
            wrong.append(f"{address.path} fails")
        if address.is_foreign and answer.status_code not in ABSENT:
            wrong.append(f"{address.path} is there: {answer.status_code}")
        if not shadow:
            fresh = {link.shape: link for link in links(one.app, answer) if link.shape not in shapes}
            shapes |= set(fresh)
            routes.extend(fresh.values())
    assert len(routes) > 50
    return wrong


@pytest.mark.parametrize("account", [PROVINCE, REGENCY])
def test_no_answer_depends_on_hidden_rows(twins: Twins, account: Account) -> None:
    for register in twins:
        register.throw_dice_again(account)
    walker, shadow = (register.client(account) for register in twins)
    targets = targets_of(account, twins[0].marks)
    found = [each for each in addresses(walker, twins[0].app, targets) if each.is_whole]
    if account == REGENCY:  # what one region asks of another is asked by the province
        found = [each for each in found if "region=" not in each.path]
    assert walked(twins, walker, shadow, targets, found) == []


def test_a_token_reads_what_the_session_of_its_account_reads(twins: Twins) -> None:
    """What is attacked with a session is attacked with a token; that of another account reads otherwise."""
    one, _ = twins
    _, made = (
        {
            account: tokens.create(each.app.extensions["atlas_database"], each.tokens[account], "QGIS", 30)
            for account in (PROVINCE, REGENCY)
        }
        for each in reversed(twins)  # in both, so that their trails stay alike
    )
    walker, program = one.client(PROVINCE), one.app.test_client()
    headers = {account: {"Authorization": f"Bearer {token}"} for account, token in made.items()}
    otherwise = 0
    for path in MAIN:
        wanted, read, other = (
            _NUMBER.sub(b"", answer.get_data())
            for answer in (
                walker.get(path),
                program.get(path, headers=headers[PROVINCE]),
                program.get(path, headers=headers[REGENCY]),
            )
        )
        assert read == wanted, path
        assert not one.marks.telling.search(read.decode()), path
        otherwise += other != wanted
    assert otherwise > len(MAIN) // 2


def test_no_filter_and_no_link_tells_of_hidden_rows(twins: Twins) -> None:
    walker, targets = twins[0].client(PROVINCE), targets_of(PROVINCE, twins[0].marks)
    found = [each for each in addresses(walker, twins[0].app, targets) if not each.is_whole]
    assert walked(twins, walker, None, targets, found) == []


def test_a_visitor_is_told_nothing_of_hidden_rows(twins: Twins) -> None:
    walker, shadow = (register.app.test_client() for register in twins)
    for client in (walker, shadow):
        client.set_cookie(FORM, "the same in both")  # of which the tokens of forms are made
    targets = targets_of(PROVINCE, twins[0].marks)
    found = [each for each in addresses(walker, twins[0].app, targets) if "?" not in each.path]
    assert walked(twins, walker, shadow, targets, found) == []


def test_a_planner_sees_what_is_hidden_by_every_kind_of_mark(twins: Twins) -> None:
    one, _ = twins
    planner = one.client((Role.planner, None))
    said = set()
    for address in addresses(planner, one.app, targets_of(PROVINCE, one.marks)):
        if address.path.endswith((".json", ".geojson", ".csv")) and not address.path.startswith("/en/"):
            said |= set(told(planner.get(address.path), one.marks, set()))
    marks, (place, _) = one.marks, PLACES
    lon, lat = (f"{n + marks.shift:.6f}"[:-1] for n in place.centre_point)
    # Of people at sites, counted or entitled, of a claim, of money, of the other part of sites that cross.
    numbers = {str(marks.n + more) for more in (1, 2, 3, 30, 31, 32, 33, 11, 12, 13, 21, 22, 23)}
    ids = {str(marks.site_id(0)), str(marks.batch_id(0))}
    wanted = {marks.word, marks.day, lon, lat, str(marks.rupiah), *numbers, *ids}
    assert wanted - said == set()


@pytest.mark.parametrize("account", [PROVINCE, REGENCY])
def test_a_site_that_crosses_is_seen_with_the_people_of_ones_own_part(twins: Twins, account: Account) -> None:
    client = twins[0].client(account)
    exported = client.get("/exports/sites.geojson").get_json(force=True)["features"]
    listed = {feature["id"]: feature["properties"]["people"] for feature in exported}
    for number, primary_is_hidden in ((411, True), (412, False)):
        site_id = crossing_id(PLACE_OF[account], primary_is_hidden=primary_is_hidden)
        site = client.get(f"/sites/{site_id}.json").json
        assert site is not None
        assert site["site"]["people"] == listed[site_id] == number
        assert {count["n"] for count in site["headcounts"]} == {number}
        codes = {region["code"] for region in site["regions"]}
        assert {PLACES[PLACE_OF[account]].regency, account[1]} <= codes
