"""`archtool completion`: prints the script with which a shell completes commands, options and values.

The scripts are click's own; each asks archtool for what can follow.
"""

from __future__ import annotations

import click

from archtool.cli.terminal import output

_INSTALL = {
    "bash": "archtool completion bash > ~/.local/share/bash-completion/completions/archtool",
    "zsh": "archtool completion zsh > ~/.zfunc/_archtool",
    "fish": "archtool completion fish > ~/.config/fish/completions/archtool.fish",
}
_LINES = {
    "bash": 'or put into ~/.bashrc: eval "$(archtool completion bash)"',
    "zsh": "and put into ~/.zshrc: fpath+=~/.zfunc; autoload -Uz compinit && compinit",
    "fish": "fish reads this file by itself",
}


@click.command("completion")
@click.argument("shell", type=click.Choice(list(_INSTALL)), metavar="SHELL")
def command(shell: str) -> None:
    """Print the completion script of SHELL: bash (4.4 or later), zsh or fish.

    \b
    archtool completion bash > ~/.local/share/bash-completion/completions/archtool
    archtool completion zsh  > ~/.zfunc/_archtool
    archtool completion fish > ~/.config/fish/completions/archtool.fish

    For zsh, put these words into ~/.zshrc: fpath+=~/.zfunc; autoload -Uz compinit && compinit. For bash,
    a line in ~/.bashrc does it also: eval "$(archtool completion bash)". A new shell then completes
    commands, options, and values such as the codes of findings.
    """  # noqa: D301 - `\b` keeps the lines
    # lazy: 3 ms, only completion needs it
    from click.shell_completion import BashComplete, FishComplete, ZshComplete

    make = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}[shell]
    root = click.get_current_context().find_root()
    script = make(root.command, {}, output.PROGRAM, "_ARCHTOOL_COMPLETE").source()
    output.data(f"{script.rstrip()}\n\n# To install it: {_INSTALL[shell]}\n# {_LINES[shell]}\n")
