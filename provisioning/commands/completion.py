"""Shell completion."""

import click
from click.shell_completion import get_completion_class

from provisioning.errors import BadInput


def add_to(root: click.Group) -> None:
    root.add_command(completion)


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script: add `eval "$(roster completion bash)"` to ~/.bashrc."""
    made = get_completion_class(shell)
    if made is None:
        raise BadInput(f"There is no completion for {shell}.")
    click.echo(made(context.find_root().command, {}, "roster", "_ROSTER_COMPLETE").source())
