"""Fixtures on a real PostGIS: one throw-away cluster for all workers, a clone of a template a module."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from gis.config import PROJECT_DIRECTORY, Settings
from gis.database import login_roles
from gis.database.cluster import Cluster
from gis.database.connection import Connection, Database
from gis.database.error_mapping import translated_errors
from gis.database.login_roles import APP, VISITOR, LoginRole
from gis.database.migrations import migrate
from gis.domain.access import Identity, Role
from gis.services.sessions import hash_of, new_token

HOME_VARIABLE = "ATLAS_TEST_HOME"  # handed to the workers of pytest-xdist, which inherit the environment
TEMPLATE_LOCK = 7_468_001


class TestServer:
    """The server that tests run on, with databases that bear this run's prefix.

    Parameters
    ----------
    home : the throw-away folder of this run
    database_url : a managed server instead of a private cluster
    """

    __test__ = False

    def __init__(self, home: Path, database_url: str | None) -> None:
        self.prefix = home.name.replace("-", "_")
        self.cluster = Cluster(home, durable=False)
        self.database_url = database_url

    def start(self) -> None:
        if self.database_url is None:
            self.cluster.start()

    def conninfo(self, dbname: str) -> str:
        if self.database_url is None:
            return self.cluster.conninfo(dbname)
        return make_conninfo(self.database_url, dbname=dbname)

    def app_conninfo(self, dbname: str, role: LoginRole = APP) -> str:
        """As a role of the web application, which owns nothing."""
        if self.database_url is None:
            return self.cluster.conninfo(dbname, role.name)
        with Database(self.conninfo(dbname)) as database:
            login_roles.set_password(database, role.name, self.prefix)
        return make_conninfo(self.conninfo(dbname), user=role.name, password=self.prefix)

    def maintenance(self) -> psycopg.Connection:
        # Connected to a database that no fixture clones or drops.
        conninfo = self.database_url or self.cluster.conninfo("postgres")
        return psycopg.connect(conninfo, autocommit=True)

    def clone(self, name: str, template: str) -> str:
        with self.maintenance() as connection:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
            if connection.info.server_version >= 150_000:  # which else writes all of it into its log
                statement += sql.SQL(" STRATEGY file_copy")
            connection.execute(statement)
        return name

    def drop(self, name: str) -> None:
        with self.maintenance() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def exists(self, name: str) -> bool:
        with self.maintenance() as connection:
            row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        return row is not None

    def remove(self) -> None:
        if self.database_url is None:
            self.cluster.stop()
            return
        with self.maintenance() as connection:
            rows = connection.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [self.prefix]
            )
            names = [name for (name,) in rows]
        for name in names:
            self.drop(name)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        # Not below pytest's own temporary folder, which the server's user could not enter when root calls.
        home = Path(tempfile.mkdtemp(prefix="atlas-test-"))
        home.chmod(0o755)
        os.environ[HOME_VARIABLE] = os.environ["ATLAS_HOME"] = str(home)
        # pytest's temporary files go with it, so that a run leaves nothing behind.
        config.option.basetemp = config.option.basetemp or str(home / "pytest")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        home = Path(os.environ.pop(HOME_VARIABLE))
        del os.environ["ATLAS_HOME"]
        TestServer(home, os.environ.get("DATABASE_URL")).remove()
        shutil.rmtree(home)


@pytest.fixture(scope="session")
def cluster() -> TestServer:
    """The running server."""
    server = TestServer(Path(os.environ[HOME_VARIABLE]), os.environ.get("DATABASE_URL"))
    server.start()
    return server


@pytest.fixture(scope="session")
def template_database(cluster: TestServer) -> str:
    """The name of a database that is migrated and holds the boundaries; nobody connects to it."""

    def fill(database: Database) -> None:
        from gis.services import boundaries  # geopandas: tests without a database need not wait for it

        migrate(database)
        boundaries.load(database, PROJECT_DIRECTORY / "data" / "boundaries")

    return _template(cluster, "template", "template0", fill)


@pytest.fixture(scope="session")
def demo_template(cluster: TestServer, template_database: str) -> str:
    """The name of a database that holds the demonstration data as well; nobody connects to it."""

    def fill(database: Database) -> None:
        from gis.services import demo

        demo.load(database, PROJECT_DIRECTORY / "data" / "demo")

    return _template(cluster, "demo", template_database, fill)


def _template(cluster: TestServer, name: str, source: str, fill: Callable[[Database], None]) -> str:
    name = f"{cluster.prefix}_{name}"
    with cluster.maintenance() as connection:
        # The first worker builds it, the others wait; it bears another name until it is complete.
        connection.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        if not cluster.exists(name):
            partial = f"{name}_partial"
            cluster.drop(partial)
            cluster.clone(partial, source)
            with Database(cluster.conninfo(partial)) as database:
                fill(database)
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(partial), sql.Identifier(name)))
    return name


@pytest.fixture(scope="module")
def database(
    cluster: TestServer, template_database: str, request: pytest.FixtureRequest
) -> Iterator[Database]:
    """A database of one test module: migrated, with boundaries, without sites."""
    yield from _cloned(cluster, template_database, request)


@pytest.fixture(scope="module")
def demo_database(
    cluster: TestServer, demo_template: str, request: pytest.FixtureRequest
) -> Iterator[Database]:
    """A database of one test module with the demonstration data."""
    yield from _cloned(cluster, demo_template, request)


def _cloned(cluster: TestServer, template: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    module = request.module.__name__.rpartition(".")[2].removeprefix("test_")
    name = f"{template}_{worker}_{module}"[:63]
    cluster.drop(name)
    cluster.clone(name, template)
    with Database(cluster.conninfo(name)) as database:
        yield database
    cluster.drop(name)


class Undone(Database):
    """A database whose transactions are parts of one that is never committed.

    Parameters
    ----------
    connection : in a transaction
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._identity = None

    @contextmanager
    def transaction(self, *, snapshot: bool = False) -> Iterator[Connection]:
        # One snapshot a reading cannot be had within a transaction that goes on.
        with translated_errors(), self._connection.transaction():
            yield self._connection


@contextmanager
def undone(database: Database) -> Iterator[Undone]:
    """A database on which everything is done for good, until it is as it was before."""
    with database.transaction() as connection:
        connection.execute("SELECT 1")
        try:
            yield Undone(connection)
        finally:
            connection.rollback()


@pytest.fixture(scope="session")
def actor() -> Callable[..., Identity]:
    """Makes an account in a database, or finds it: `actor(database, role, region_code)`."""

    def made(database: Database, role: Role, region_code: str | None = None) -> Identity:
        name = f"test-{role}-{region_code or 'all'}"
        with database.transaction() as connection:
            row = connection.execute(
                "INSERT INTO register.account (name, role, region_code) VALUES (%s, %s, %s)"
                " ON CONFLICT (name) DO UPDATE SET disabled_at = NULL RETURNING id",
                [name, role, region_code],
            ).fetchone()
        assert row is not None
        return Identity(row[0], name, role, region_code)

    return made


@pytest.fixture(scope="session")
def token_of() -> Callable[[Database, Identity], str]:
    """Opens a session without a password: `token_of(database, identity)` is what its cookie holds."""

    def opened(database: Database, identity: Identity) -> str:
        token = new_token()
        with database.transaction() as connection:
            connection.execute(
                "INSERT INTO register.session (token_hash, account_id, expires_at)"
                " VALUES (%s, %s, now() + interval '1 hour')",
                [hash_of(token), identity.account_id],
            )
        return token

    return opened


@pytest.fixture(scope="module")
def as_app(cluster: TestServer) -> Iterator[Callable[[Database], Database]]:
    """The same database as the web application reaches it: `as_app(database)`."""
    with ExitStack() as stack:

        def opened(database: Database) -> Database:
            name = conninfo_to_dict(database.conninfo)["dbname"]
            return stack.enter_context(Database(cluster.app_conninfo(str(name))))

        yield opened


@pytest.fixture(scope="module")
def as_visitor(cluster: TestServer) -> Iterator[Callable[[Database], Database]]:
    """The same database as it is reached for visitors: `as_visitor(database)`."""
    with ExitStack() as stack:

        def opened(database: Database) -> Database:
            name = conninfo_to_dict(database.conninfo)["dbname"]
            return stack.enter_context(Database(cluster.app_conninfo(str(name), VISITOR)))

        yield opened


@pytest.fixture(scope="session")
def settings(cluster: TestServer) -> Settings:
    """Settings whose home is this run's throw-away folder."""
    return Settings(home=cluster.cluster.home, database_url=cluster.database_url)


@pytest.fixture(scope="session")
def pristine() -> Iterator[Path]:
    """A cluster that was made and stopped in an orderly way: copying it is quicker than making one."""
    with own_folder() as folder:
        cluster = Cluster(folder, durable=False)
        cluster.start()
        cluster.stop()
        yield cluster.files.directory


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty folder that the server's user can enter."""
    with own_folder() as folder:
        yield folder
        Cluster(folder).stop()


@contextmanager
def own_folder() -> Iterator[Path]:
    """A folder that the server's user can enter, until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="atlas-own-"))
    try:
        folder.chmod(0o755)
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def stopped_cluster(home: Path, pristine: Path) -> Cluster:
    """A cluster that was made but does not run."""
    subprocess.run(["cp", "--archive", str(pristine), str(home)], check=True)
    return Cluster(home, durable=False)


@pytest.fixture
def own_cluster(stopped_cluster: Cluster) -> Cluster:
    """A running cluster that a test may break."""
    stopped_cluster.start()
    return stopped_cluster
