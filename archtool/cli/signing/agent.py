"""The ssh-agent that the environment names: lists its keys and signs with them."""

from __future__ import annotations

import os
from dataclasses import dataclass

from archtool.cli.terminal import output
from archtool.errors import InputError
from archtool.openssh.agent_key import AgentKey, find_by_fingerprint, find_by_key, list_identities
from archtool.openssh.agent_messages import Identities
from archtool.openssh.agent_socket import LIST_SECONDS, SIGN_SECONDS, agent_client
from archtool.openssh.keys.public_key import PublicKey

SOCKET_VARIABLE = "SSH_AUTH_SOCK"


@dataclass(frozen=True, slots=True)
class SshAgent:
    """An ssh-agent and the keys that it listed when it was opened."""

    path: str
    """Its socket."""
    identities: Identities

    def key_for(self, public: PublicKey, where: str) -> AgentKey:
        """Return the agent's key for a public key; `where` names the public key's file in messages."""
        return self._signing(find_by_key(self.identities, public, where))

    def key_with_fingerprint(self, fingerprint: str) -> AgentKey:
        """Return the agent's key with this fingerprint, which can be shortened."""
        return self._signing(find_by_fingerprint(self.identities, fingerprint))

    def _signing(self, public: PublicKey) -> AgentKey:
        request_signature = agent_client(self.path, SIGN_SECONDS)
        is_token, is_announced = public.key_type.startswith("sk-"), False

        def announce_and_request(request: bytes) -> bytes:
            # each use of a token waits for a touch, so each is announced; another key is announced once
            nonlocal is_announced
            if is_token or not is_announced:
                touch = "; touch the token" if is_token else ""
                output.message(f"requesting a signature by {public.fingerprint} from the ssh-agent{touch}")
            is_announced = True
            return request_signature(request)

        return AgentKey(public, announce_and_request)


def open_agent(needed_for: str) -> SshAgent:
    """Connect to the agent and list its keys; `needed_for` begins the message if there is no agent.

    Raises:
        InputError: the environment names no agent.
        StorageError: the agent does not respond.
    """
    path = os.environ.get(SOCKET_VARIABLE)
    if not path:
        raise InputError(
            f"{needed_for} in an ssh-agent, but {SOCKET_VARIABLE} is not set",
            hint="start an agent: eval $(ssh-agent); ssh-add FILE; or name the file of the private key",
        )
    return SshAgent(path, list_identities(agent_client(path, LIST_SECONDS)))
