"""The demonstration data: load, build, generate."""

import dataclasses
import json
from pathlib import Path

import click

from gis.config import Settings
from gis.database import open_database

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def command() -> None:
    """The demonstration data: the publicly reported sites, and synthetic ones that say so."""


@command.command()
@click.argument("directory", required=False, type=FOLDER)
@click.option(
    "--accounts", "with_accounts", is_flag=True, help="Also an account for each role, with its password."
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def load(directory: Path | None, with_accounts: bool, as_json: bool) -> None:
    """Load the demonstration data, all or nothing; a second time changes nothing.

    DIRECTORY holds sites.csv, events.csv and headcounts.csv; default: data/demo, over which the first public
    release is made as well, if the register holds nothing else.
    """
    from gis.services import accounts, demo, demo_release

    settings = Settings.from_environment()
    with open_database(settings) as database:
        report = demo.load(database, directory or settings.data / "demo")
        made = accounts.load_demonstration(database) if with_accounts else []
        release = None if directory else demo_release.publish_first(database, settings.data / "demo")
    found = dataclasses.asdict(report)
    if as_json:
        signed = {"accounts": [each._asdict() for each in made]} if with_accounts else {}
        published = {"release": release.id} if release else {}
        click.echo(json.dumps({**found, **signed, **published}))
        return
    for noun, counts in found.items():
        click.echo(f"{noun}: {counts['inserted']} loaded, {counts['present']} were there already")
    if release:
        click.echo(f"release {release.id}: what visitors see (atlas releases)")
    for each in made:
        where = f" {each.region_code}" if each.region_code else ""
        known = f"password {each.password}" if each.password else "there already (atlas user passwd)"
        click.echo(f"account {each.name}, {each.role}{where}: {known}")


@command.command()
@click.argument("directory", required=False, type=FOLDER)
def build(directory: Path | None) -> None:
    """Remake the files of data/demo (or DIRECTORY) that the seed and the boundaries make, byte for byte."""
    from gis.services import demo_aid, demo_boundaries, demo_plans
    from gis.services.boundaries import read_regions
    from gis.services.demo_generator import build as build_files

    settings = Settings.from_environment()
    target = directory or settings.data / "demo"
    register = build_files(read_regions(settings.data / "boundaries"), target)
    demo_aid.build(register, settings.data / "demo" / demo_aid.RATES, target)
    demo_boundaries.build(register, target)
    demo_plans.build(register, target)
    _say_written(target, len(register.sites), len(register.events), len(register.headcounts))


@command.command(hidden=True)
@click.argument("directory", type=FOLDER)
@click.option("--sites", type=click.IntRange(1, 5_000_000), default=100_000, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
def generate(directory: Path, sites: int, seed: int) -> None:
    """Write a large synthetic register for measurements; `atlas demo load DIRECTORY` loads it."""
    from gis.services.boundaries import read_regions
    from gis.services.demo_files import write_register
    from gis.services.demo_generator.at_scale import synthetic_register

    boundaries = read_regions(Settings.from_environment().data / "boundaries")
    register = synthetic_register(boundaries, sites, seed)
    write_register(directory, register.sites, register.events, register.headcounts)
    _say_written(directory, len(register.sites), len(register.events), len(register.headcounts))


def _say_written(directory: Path, sites: int, events: int, headcounts: int) -> None:
    click.echo(f"{directory}: {sites} sites, {events} events, {headcounts} headcounts")
