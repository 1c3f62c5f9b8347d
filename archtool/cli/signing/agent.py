"""The ssh-agent that the environment names: what it holds, and signing with it."""

from __future__ import annotations

import os
from dataclasses import dataclass

from archtool.cli.terminal import output
from archtool.errors import InputError
from archtool.openssh.agent_key import AgentKey, find_by_fingerprint, find_by_key, list_identities
from archtool.openssh.agent_messages import Identities
from archtool.openssh.agent_socket import LIST_SECONDS, SIGN_SECONDS, agent_asker
from archtool.openssh.keys.public_key import PublicKey

SOCKET_VARIABLE = "SSH_AUTH_SOCK"


@dataclass(frozen=True, slots=True)
class SshAgent:
    """An agent that was asked once what it holds."""

    path: str
    """Its socket."""
    held: Identities

    def key_of(self, public: PublicKey, where: str) -> AgentKey:
        """The key that a public key's file means; see `find_by_key`."""
        return self._signing(find_by_key(self.held, public, where))

    def key_called(self, fingerprint: str) -> AgentKey:
        """The key that a fingerprint means; see `find_by_fingerprint`."""
        return self._signing(find_by_fingerprint(self.held, fingerprint))

    def _signing(self, public: PublicKey) -> AgentKey:
        ask = agent_asker(self.path, SIGN_SECONDS)
        is_token, told = public.key_type.startswith("sk-"), False

        def ask_aloud(request: bytes) -> bytes:
            # nobody touches a token who does not know that it waits; of another key once is enough
            nonlocal told
            if is_token or not told:
                what = "; touch the token" if is_token else ""
                output.message(f"the ssh-agent is asked to sign with {public.fingerprint}{what}")
            told = True
            return ask(request)

        return AgentKey(public, ask_aloud)


def open_agent(wanted: str) -> SshAgent:
    """Ask the agent what it holds; `wanted` says for messages why it is needed.

    Raises:
        InputError: the environment names no agent.
        StorageError: it does not answer.
    """
    path = os.environ.get(SOCKET_VARIABLE)
    if not path:
        raise InputError(
            f"{wanted} in an ssh-agent, and {SOCKET_VARIABLE} names none",
            hint="start one: eval $(ssh-agent); ssh-add FILE. Or sign with the private key's own file",
        )
    return SshAgent(path, list_identities(agent_asker(path, LIST_SECONDS)))
