"""Serve the pages and the data."""

import contextlib
import dataclasses
import ipaddress
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import click

from gis.config import Settings
from gis.database import open_database
from gis.database.cluster import Cluster
from gis.errors import AtlasError

APPLICATION = "webmap:create_app()"  # a text, since gis never imports webmap
START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 20
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@click.command()
@click.option("--host", help="Address to listen on.  [default: HOST or 127.0.0.1]")
@click.option("--port", type=click.IntRange(1, 65_535), help="Port to listen on.  [default: PORT or 8000]")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes.  [default: ATLAS_WORKERS or 2]")
def command(host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the pages and the data until Ctrl-C.

    Starts the private database unless DATABASE_URL names another, brings the schema up to date, loads the
    boundaries, and demonstration data if the register is empty.
    """
    environment = Settings.from_environment()
    settings = dataclasses.replace(
        environment,
        host=host or environment.host,
        port=port or environment.port,
        workers=workers or environment.workers,
    )
    if not is_loopback(settings.host):
        _say(
            f"others reach {settings.host}: they can sign in only by https, through a proxy that you set up"
            " (README, “Who sees what”)"
        )
    check_port_is_free(settings.host, settings.port)
    from gis.services.start_up import prepare  # it loads geopandas, for which no refusal should wait

    # Also the one of Ctrl-C, which a shell switches off for what runs in its background.
    for number in STOPPING:
        signal.signal(number, _interrupt)
    with contextlib.suppress(KeyboardInterrupt), _database_running(settings):
        with open_database(settings) as database:
            prepare(database, settings, _say)
        _serve(settings)


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's to itself."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_port_is_free(host: str, port: int) -> None:
    """Refuse a port that is taken, before anything is started.

    Raises
    ------
    AtlasError : something listens there, or the port needs rights that the caller lacks
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise AtlasError(
                f"port {port} cannot be used ({error.strerror}): stop what listens there, or choose another,"
                f" as in PORT={port + 1 if port < 65_535 else 8000} make serve"
            ) from error


@contextlib.contextmanager
def _database_running(settings: Settings) -> Iterator[None]:
    if settings.database_url is not None:
        _say("using the database that DATABASE_URL names")
        yield
        return
    cluster = Cluster(settings.home)
    _say(f"starting the private PostGIS in {settings.home}")
    started = cluster.start()
    try:
        yield
    finally:
        # From here on an impatient second Ctrl-C must not leave the server half stopped.
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)
        if started:
            _say("stopping the private PostGIS; data are kept")
            cluster.stop()


def server_command(settings: Settings) -> list[str]:
    """The words that start the web server.

    Parameters
    ----------
    settings : where it listens, and with how many processes and threads
    """
    options = [
        "--bind",
        _address(settings),
        "--worker-class",
        "gthread",
        "--no-control-socket",
        "--log-level",
        "warning",
    ]
    # Loaded once, and shared by the workers: a third of the memory, and the first answer a second earlier.
    options += ["--preload", "--workers", str(settings.workers), "--threads", str(settings.threads)]
    options += ["--timeout", "120", "--graceful-timeout", "10"]
    options += ["--limit-request-line", "8190"]  # as long as it allows: filters are long, and escaped
    return [sys.executable, "-m", "gunicorn", *options, APPLICATION]


def _address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{host}:{settings.port}"


def _serve(settings: Settings) -> None:
    # In a session of its own: Ctrl-C reaches this process, which then asks it to finish what is under way.
    command = server_command(settings)
    if shutil.which("setpriv"):  # of util-linux: the kernel ends the server if this process is killed
        command = ["setpriv", "--pdeathsig", "TERM", *command]
    server = subprocess.Popen(command, start_new_session=True)
    try:
        _wait_until_it_listens(settings, server)
        _say(f"serving http://{_address(settings)} (Ctrl-C stops)")
        code = server.wait()
    finally:
        _end(server)
    raise AtlasError(f"the web server ended by itself with code {code}; its last lines above say why")


def _wait_until_it_listens(settings: Settings, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            socket.create_connection((settings.host, settings.port), timeout=1).close()
            return
        time.sleep(0.05)


def _end(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.terminate()
        try:
            server.wait(STOP_TIMEOUT_S)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            server.kill()
            server.wait()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _say(line: str) -> None:
    click.echo(f"atlas: {line}", err=True)
