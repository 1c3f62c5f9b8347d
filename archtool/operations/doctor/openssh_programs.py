"""Checks OpenSSH: its programs, with which packages are checked without archtool, and the ssh-agent."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator

from archtool.errors import ArchtoolError
from archtool.openssh.agent_key import list_identities
from archtool.openssh.agent_socket import LIST_SECONDS, agent_client
from archtool.operations.doctor.model import Check, Surroundings, passed, warned
from archtool.report.numbers import counted

_AREA = "openssh"
_VERSION = re.compile(r"OpenSSH_(?:for_Windows_)?(\d+)\.(\d+)")
_MIN_VERSION = (8, 2)  # ssh-keygen -Y find-principals
_TIMEOUT_SECONDS = 5
_INSTALL = "apt install openssh-client, or dnf install openssh-clients, or brew install openssh"


def check_openssh(surroundings: Surroundings) -> Iterator[Check]:
    """Check the programs and the agent; archtool itself signs and verifies without OpenSSH's programs."""
    yield _check_programs(surroundings.environment.get("PATH"))
    yield _check_agent(surroundings.environment.get("SSH_AUTH_SOCK"))


def _check_programs(path: str | None) -> Check:
    without = "archtool works without it; the commands of VERIFY.txt do not"
    keygen, client = shutil.which("ssh-keygen", path=path), shutil.which("ssh", path=path)
    if keygen is None:
        return warned(_AREA, f"ssh-keygen is not in PATH: {without}", _INSTALL)
    banner = version_banner(client) if client is not None else ""
    found = _VERSION.search(banner)
    if found is None:
        return passed(_AREA, f"ssh-keygen at {keygen}, of an unknown version")
    if (int(found[1]), int(found[2])) < _MIN_VERSION:
        return warned(_AREA, f"{found[0]} is older than 8.2: {without}", _INSTALL)
    return passed(_AREA, f"{banner.partition(',')[0].strip()}, ssh-keygen at {keygen}")


def version_banner(client: str) -> str:
    """Return what a client prints as its version; nothing if it does not run."""
    try:
        done = subprocess.run(
            [client, "-V"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_TIMEOUT_SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stderr.decode("utf-8", "replace")


def _check_agent(socket: str | None) -> Check:
    if not socket:
        return passed(_AREA, "no ssh-agent: keys are read from files", "eval $(ssh-agent); ssh-add FILE")
    try:
        identities = list_identities(agent_client(socket, LIST_SECONDS))
    except ArchtoolError as error:
        return warned(_AREA, f"the ssh-agent of SSH_AUTH_SOCK: {error.message}", error.hint)
    return passed(_AREA, f"the ssh-agent has {counted(len(identities.plain), 'key')}")
