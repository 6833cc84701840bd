"""The server's tests run on both back ends: embedded, and over a PostgreSQL and an S3 of the tests' own.

Every run has moto for an S3; the long one repeats them all over a real Ceph.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.conftest import RunningIntake, running
from tests.sync.intake.ceph import Ceph
from tests.sync.intake.engines import CannotStart, ObjectStore, Postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    try:
        made = Postgres.make()
    except CannotStart as why:
        pytest.skip(str(why))
    yield made
    made.remove()


@pytest.fixture(scope="session")
def object_store() -> Iterator[ObjectStore]:
    try:
        made = ObjectStore.make()
    except CannotStart as why:
        pytest.skip(str(why))
    yield made
    made.remove()


@pytest.fixture(scope="session")
def ceph() -> Iterator[Ceph]:
    try:
        made = Ceph.make()
    except CannotStart as why:
        pytest.skip(str(why))
    yield made
    made.remove()


@pytest.fixture(autouse=True)
def keys_of_the_object_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests")


@pytest.fixture(
    params=[
        "embedded",
        pytest.param("postgres-and-s3", marks=pytest.mark.slow),
        pytest.param("postgres-and-ceph", marks=pytest.mark.long),
    ]
)
def intake(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RunningIntake]:
    if request.param == "embedded":
        with running(tmp_path / "intake") as found:
            yield found
        return
    database: Postgres = request.getfixturevalue("postgres")
    is_ceph = request.param == "postgres-and-ceph"
    store: ObjectStore | Ceph = request.getfixturevalue("ceph" if is_ceph else "object_store")
    with running(tmp_path / "intake", postgres=database.fresh_database(), s3=store.fresh_bucket()) as found:
        yield found
