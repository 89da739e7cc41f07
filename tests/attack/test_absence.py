"""What is hidden is told like what is not there: in the same words, of the same length, in the same time."""

import random
import statistics
import time

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.attack.conftest import PROVINCE, REGENCY, Account, Register
from tests.attack.planting import PLACES

Twins = tuple[Register, Register]
ABSENT = "3141592653589793"
SITES = (
    *("/sites/{}", "/sites/{}.json", "/sites/{}.geojson", "/en/sites/{}", "/sites/{}?as_of=2017-04-02"),
    *("/manage/sites/{}/edit", "/manage/sites/{}/events/new", "/manage/sites/{}/headcounts/new"),
    *("/manage/sites/{}/boundaries/new", "/centres?site={}", "/centres.json?site={}"),
)
BATCHES = (
    *("/manage/batches/{}", "/manage/batches/{}.json", "/manage/batches/{}.geojson"),
    *("/manage/batches/{}/file", "/manage/batches/{}/refused.csv", "/manage/batches/{}/columns"),
    *("/en/manage/batches/{}", "/manage/sites/new?draft={}"),
)
ACCOUNTS = ("/manage/users/{}", "/manage/users/{}.json")
TIMED = ("/sites/{}.json", "/manage/batches/{}.json")
TIMES, LONGER, LONGER_S = 200, 0.25, 0.002


def refused(client: FlaskClient, address: str, wanted: str) -> tuple[int, list[tuple[str, str]], str]:
    """The answer, without what was asked for itself."""
    answer: TestResponse = client.get(address.format(wanted))
    assert answer.status_code in {400, 403, 404}, address
    headers = [(name, value.replace(wanted, "")) for name, value in answer.headers]
    return answer.status_code, sorted(headers), answer.text.replace(wanted, "")


@pytest.mark.parametrize("account", [PROVINCE, REGENCY])
def test_the_same_words(twins: Twins, account: Account) -> None:
    register = twins[0]
    client, marks = register.client(account), register.marks
    for place in range(len(PLACES)):
        pairs = [
            *((address, marks.site_id(place)) for address in SITES),
            *((address, marks.batch_id(place)) for address in BATCHES),
            *((address, marks.account_id(place)) for address in ACCOUNTS),
        ]
        for address, there in pairs:
            assert refused(client, address, str(there)) == refused(client, address, ABSENT), address


@pytest.mark.parametrize("address", TIMED)
def test_the_same_time(twins: Twins, address: str) -> None:
    register = twins[0]
    client, marks = register.client(PROVINCE), register.marks
    there = marks.batch_id(0) if "batches" in address else marks.site_id(0)
    dice = random.Random(0)
    seconds: dict[str, list[float]] = {str(there): [], ABSENT: []}
    # In turns, so that whatever else the machine does falls on both.
    for _ in range(TIMES):
        for wanted in dice.sample([*seconds], 2):
            path = address.format(wanted)
            begun = time.perf_counter()
            client.get(path)
            seconds[wanted].append(time.perf_counter() - begun)
    hidden, absent = (statistics.median(taken) for taken in seconds.values())
    assert abs(hidden - absent) < max(LONGER * absent, LONGER_S), (hidden, absent)
