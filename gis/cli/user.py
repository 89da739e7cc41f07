"""Accounts: add, passwd, change, list, disable, enable, tokens, direct."""

import dataclasses
import json
import sys

import click

from gis.config import Settings
from gis.database import Database, open_database
from gis.domain.access import Role
from gis.domain.passwords import random_password
from gis.errors import InvalidInputError

ROLE = click.Choice([role.value for role in Role])
REGION = click.option("--region", help="Kemendagri code of today, of a province (64) or regency (64.72).")
GENERATE = click.option("--generate", is_flag=True, help="Make a random password and print it once.")


@click.group()
def command() -> None:
    """Accounts: who may sign in, with which role, for which region.

    A password is asked for on a terminal, else read as one line from standard input; never an argument.
    """


@command.command()
@click.argument("name")
@click.option("--role", type=ROLE, required=True, help="What the account may do.")
@REGION
@click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True)
@GENERATE
@click.option("--direct", is_flag=True, help="Also a PostgreSQL login, as `atlas user direct` makes it.")
def add(name: str, role: str, region: str | None, language: str, generate: bool, direct: bool) -> None:
    """Add an account NAME."""
    from gis.services import accounts

    with _database() as database:
        password = _password(f"password of {name}", generate)
        accounts.add(database, name, Role(role), region, password, "en" if language == "en" else "id")
        click.echo(f"added: {name}, {role}{f' {region}' if region else ''}")
        _show(password, generate)
        if direct:
            _make_direct(database, name, generate=True)


@command.command()
@click.argument("name")
@GENERATE
def passwd(name: str, generate: bool) -> None:
    """Give the account NAME another password; it is signed out everywhere."""
    from gis.services import accounts

    with _database() as database:
        password = _password(f"new password of {name}", generate)
        accounts.set_password(database, name, password)
        click.echo(f"changed: the password of {name}")
        _show(password, generate)


@command.command()
@click.argument("name")
@click.option("--role", type=ROLE, required=True)
@REGION
def change(name: str, role: str, region: str | None) -> None:
    """Give the account NAME another role and region; it is signed out everywhere."""
    from gis.services import accounts

    with _database() as database:
        accounts.change(database, name, Role(role), region)
    click.echo(f"changed: {name}, {role}{f' {region}' if region else ''}")


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_command(as_json: bool) -> None:
    """All accounts, with role, region, state and last sign-in."""
    from gis.services import accounts

    with _database() as database:
        found = accounts.list_all(database)
    if as_json:
        click.echo(json.dumps({"accounts": [dataclasses.asdict(each) for each in found]}, default=str))
        return
    for each in found:
        region = f"{each.region_code} {each.region_name}" if each.region_code else "all regions"
        seen = f"last signed in {each.last_sign_in:%Y-%m-%d}" if each.last_sign_in else "never signed in"
        state = "disabled" if each.disabled_at else seen
        direct = f", PostgreSQL role {each.database_role}" if each.database_role else ""
        click.echo(f"{each.name}: {each.role}, {region}, {state}{direct}")
    if not found:
        click.echo("no accounts; make one with `atlas user add NAME --role admin`")


@command.command()
@click.argument("name")
def disable(name: str) -> None:
    """Close the account NAME: its sessions and direct connections end at once."""
    from gis.services import accounts

    with _database() as database:
        accounts.set_disabled(database, name, disabled=True)
    click.echo(f"disabled: {name}")


@command.command()
@click.argument("name")
def enable(name: str) -> None:
    """Open the account NAME again."""
    from gis.services import accounts

    with _database() as database:
        accounts.set_disabled(database, name, disabled=False)
    click.echo(f"enabled: {name}")


@command.command(name="tokens")
@click.argument("name")
@click.option("--revoke-all", is_flag=True, help="End them all at once.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def tokens_command(name: str, revoke_all: bool, as_json: bool) -> None:
    """The tokens by which programs read as the account NAME; only NAME can make one."""
    from gis.services import tokens

    with _database() as database:
        revoked = tokens.revoke_all(database, name) if revoke_all else 0
        found = tokens.list_of(database, name)
    if as_json:
        told = {"tokens": [dataclasses.asdict(each) for each in found], "revoked": revoked}
        click.echo(json.dumps(told, default=str))
        return
    if revoke_all:
        click.echo(f"revoked: {revoked}")
    for each in found:
        used = f"last used {each.last_used_on}" if each.last_used_on else "never used"
        click.echo(
            f"{each.name}: made {each.created_at:%Y-%m-%d}, {used}, expires {each.expires_at:%Y-%m-%d}"
        )
    if not found and not revoke_all:
        click.echo(f"{name} has no tokens")


@command.command()
@click.argument("name")
@GENERATE
@click.option("--remove", is_flag=True, help="Take the login away.")
def direct(name: str, generate: bool, remove: bool) -> None:
    """Give the account NAME a PostgreSQL login of its own, for QGIS and other programs.

    It reads the schema `layers`, which holds what the account may see. Called again it changes the password.
    """
    from gis.services import accounts

    with _database() as database:
        if remove:
            accounts.drop_direct(database, name)
            click.echo(f"removed: the PostgreSQL login of {name}")
        else:
            _make_direct(database, name, generate=generate)


def _make_direct(database: Database, name: str, *, generate: bool) -> None:
    from gis.services import accounts

    password = _password(f"password of {name}'s direct connection", generate)
    role = accounts.make_direct(database, name, password)
    click.echo(f"PostgreSQL login: {role}")
    _show(password, generate)


def _database() -> Database:
    return open_database(Settings.from_environment())


def _password(what: str, generate: bool) -> str:
    if generate:
        return random_password()
    if sys.stdin.isatty():
        typed: str = click.prompt(what, hide_input=True, confirmation_prompt=True, err=True)
        return typed
    line = sys.stdin.readline().removesuffix("\n").removesuffix("\r")
    if not line:
        raise InvalidInputError("password", "nothing", "one line on standard input, or --generate")
    return line


def _show(password: str, generated: bool) -> None:
    if generated:
        click.echo(f"password: {password}  (shown this once)")
