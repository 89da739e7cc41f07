"""Every file of the demonstration data is an import as well, and finds itself in the register."""

import pytest

from gis.config import PROJECT_DIRECTORY
from gis.database.connection import Database
from gis.domain.batches import Collection
from gis.domain.records.registry import CONTENT_OF
from gis.services.imports import importing
from gis.services.imports.importing import Upload


@pytest.mark.parametrize("collection", CONTENT_OF)
def test_a_file_of_the_demonstration_over_its_register_is_all_the_same(
    demo_database: Database, collection: Collection
) -> None:
    content = (PROJECT_DIRECTORY / "data" / "demo" / f"{collection}.csv").read_bytes()
    sent = Upload(collection, content, f"{collection}.csv")
    receipt = importing.import_at_once(demo_database, sent, {})
    assert {name: receipt[name] for name in ("new", "changed", "refused")} == {
        "new": 0,
        "changed": 0,
        "refused": 0,
    }
    assert receipt["same"] == receipt["rows"] == content.count(b"\n") - 1
