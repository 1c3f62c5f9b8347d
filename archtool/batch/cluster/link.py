"""The line to a Dask scheduler: the only place that knows the library, and keeps its noise to itself.

Source: https://distributed.dask.org (Client, TLS, `allowed-failures`).
"""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archtool.errors import MissingPartError, StorageError, UsageError
from archtool.installation import install_command

if TYPE_CHECKING:
    from distributed import Client, Future

ANSWER_SECONDS = 30.0  # for what should take milliseconds
_CLOSE_SECONDS = 5.0
_NOISY = ("distributed", "tornado", "asyncio", "dask")
_LOUDER_THAN_ALL = logging.CRITICAL + 1
AGAIN = "run the same command again once it is there: it goes on from here"


@dataclass(frozen=True, slots=True)
class Tls:
    """With what this side shows who it is, and knows the other: files in PEM."""

    ca: Path
    cert: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Place:
    """Where a scheduler is."""

    address: str
    """`tcp://HOST:PORT` or `tls://HOST:PORT`."""
    tls: Tls | None = None


class Link:
    """A client of a scheduler. Whatever is lost on the way is a `StorageError`."""

    def __init__(self, client: Client, place: Place) -> None:
        self._client = client
        self._place = place

    def workers(self) -> Mapping[str, int]:
        """The addresses of all workers, and how many chunks each does at a time."""
        client = self._client

        async def ask() -> Any:
            return await client.scheduler.identity(n_workers=-1)

        try:
            told = client.sync(ask, callback_timeout=ANSWER_SECONDS)
        except (OSError, TimeoutError, AttributeError) as error:  # it has no scheduler any more
            raise self.lost() from error
        if client.status != "running":
            raise self.lost()
        return {address: worker["nthreads"] for address, worker in told["workers"].items()}

    def ask(self, function: Any, *arguments: Any, workers: Sequence[str]) -> Mapping[str, Any]:
        """Call a function on each worker; gives what each answered, or the exception that it met.

        Raises:
            StorageError: one of them, or the scheduler, does not answer.
        """
        try:
            answers: Mapping[str, Any] = self._client.run(
                function, *arguments, workers=list(workers), on_error="return",
                callback_timeout=ANSWER_SECONDS,
            )  # fmt: skip
        except TimeoutError as error:
            raise StorageError(
                f"not all of {len(workers):,} workers answer within {ANSWER_SECONDS:g} s",
                hint="see which of them hangs, and end it; or run this again when they have less to do",
            ) from error
        except OSError as error:
            raise self.lost() from error
        return answers

    def ask_scheduler(self, function: Any) -> Any:
        """Call a function on the scheduler; gives what it answered, or the exception that it met.

        Raises:
            StorageError: it does not answer.
        """
        import asyncio

        client = self._client

        async def ask() -> Any:
            asked = client.run_on_scheduler(function, asynchronous=True)
            return (await asyncio.gather(asked, return_exceptions=True))[0]

        try:
            answer = client.sync(ask, callback_timeout=ANSWER_SECONDS)
        except OSError as error:
            raise self.lost() from error
        if isinstance(answer, OSError):
            raise self.lost() from answer
        return answer

    def send(
        self, key: tuple[str, int], function: Any, *arguments: Any, workers: Sequence[str] | None
    ) -> Future:
        """Have a function called by one worker; `workers` are those that may, `None` is all."""
        if self._client.status != "running":
            raise self.lost()
        return self._client.submit(
            function, *arguments, key=key, pure=False, retries=0,
            workers=None if workers is None else list(workers), allow_other_workers=False,
        )  # fmt: skip

    def close_handle(self, futures: Sequence[Future], wait_seconds: float) -> None:
        """Cancel what was sent, once those who have it in hand have seen that it is not wanted."""
        from distributed import CancelledError, wait

        if self._client.status != "running":
            return
        with contextlib.suppress(OSError, TimeoutError, CancelledError, StorageError):
            if self.workers():
                with self._client.as_current():
                    wait(futures, timeout=wait_seconds)
        with contextlib.suppress(OSError, TimeoutError):
            self._client.cancel(list(futures))

    def lost(self, why: str = "") -> StorageError:
        """What to say when the scheduler is not there any more."""
        return StorageError(f"the scheduler {self._place.address} is lost{why and f': {why}'}", hint=AGAIN)


@contextmanager
def open_link(place: Place, wait_seconds: float) -> Iterator[Link]:
    """Call a scheduler.

    Raises:
        MissingPartError: the library is not installed.
        StorageError: no scheduler answers there.
        UsageError: the certificates cannot be used.
    """
    try:
        import distributed
    except ImportError as error:
        raise MissingPartError(
            "a cluster needs dask[distributed], which is not installed",
            hint=f"install it with: {install_command('cluster')}",
        ) from error
    _hush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        client = _call(distributed, place, wait_seconds)
        try:
            yield Link(client, place)
        finally:
            with contextlib.suppress(OSError, TimeoutError):
                client.close(timeout=_CLOSE_SECONDS)


def _call(distributed: Any, place: Place, wait_seconds: float) -> Client:
    try:
        client: Client = distributed.Client(
            place.address,
            timeout=max(1.0, wait_seconds),
            set_as_default=False,
            security=_security(distributed, place.tls),
        )
    except (OSError, TimeoutError) as error:
        raise StorageError(
            f"no scheduler answers at {place.address}: {_first_line(error)}",
            hint="see whether `dask scheduler` runs there, and with the same certificates if with any",
        ) from error
    return client


def _security(distributed: Any, tls: Tls | None) -> Any:
    if tls is None:
        return None
    import ssl

    security = distributed.Security(
        tls_ca_file=str(tls.ca), tls_client_cert=str(tls.cert), tls_client_key=str(tls.key),
        require_encryption=True,
    )  # fmt: skip
    try:
        security.get_connection_args("client")
    except (OSError, ssl.SSLError, ValueError) as error:
        raise UsageError(
            f"the certificates cannot be used: {_first_line(error)}",
            hint="give certificates and a key without passphrase in PEM: --tls-ca, --tls-cert, --tls-key",
        ) from error
    return security


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _hush() -> None:
    """Lost workers are told of in our words; the library writes tracebacks of them to stderr."""
    for name in [*_NOISY, *(n for n in logging.root.manager.loggerDict if n.startswith(_NOISY))]:
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]
        logger.setLevel(_LOUDER_THAN_ALL)
        logger.propagate = False
