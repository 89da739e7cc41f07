"""Check every part of the installation."""

import dataclasses
import json

import click

from gis.config import Settings
from gis.services.doctor import examine

MARKS = {"ok": "ok     ", "warning": "warning", "problem": "PROBLEM"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def command(as_json: bool) -> None:
    """Check every part of the installation, and say what to do about what is wrong.

    Nothing is started and nothing is changed. Exit code 1 if there is a problem; a warning alone is none.
    """
    findings = examine(Settings.from_environment())
    if as_json:
        click.echo(json.dumps({"findings": [dataclasses.asdict(finding) for finding in findings]}))
    else:
        for finding in findings:
            click.echo(f"{MARKS[finding.state]}  {finding.part}: {finding.message}")
            if finding.advice:
                click.echo(f"         → {finding.advice}")
    if any(finding.state == "problem" for finding in findings):
        raise SystemExit(1)
