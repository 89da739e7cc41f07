"""The command `atlas`: one module a sub-command, loaded only when it is called."""

import importlib
import keyword
import sys

import click

from gis.errors import AtlasError

COMMANDS = (
    *("boundaries", "db", "demo", "doctor", "export", "import", "join", "publish", "releases"),
    *("serve", "summary", "user"),
)


class LazyGroup(click.Group):
    """A group whose members are modules of `gis.cli`, so that `atlas --help` does not import geopandas."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all sub-commands, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The object `command` of the module with that name, or nothing for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        command: click.Command = importlib.import_module(f"gis.cli.{module}").command
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="closure-atlas")
def atlas() -> None:
    """Closure-status maps and summaries of Indonesia's lokalisasi programme.

    Exit code 0: done; 1: refused or failed, with one line that says why; 2: the call's words are off.
    """


def main() -> None:
    """Run `atlas` and turn what the atlas refuses into one line and exit code 1."""
    try:
        atlas()
    except AtlasError as error:
        click.echo(f"atlas: {error}", err=True)
        sys.exit(1)
