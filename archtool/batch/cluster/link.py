"""The client of a Dask scheduler, with a time limit for each answer, and without the library's log messages.

Source: https://distributed.dask.org (Client, TLS, `allowed-failures`).
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
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
    """A client of a scheduler, for one run. Whatever is lost on the way is a `StorageError`."""

    def __init__(self, client: Client, place: Place) -> None:
        self._client = client
        self._place = place
        self.run = f"archtool-{secrets.token_hex(8)}"
        """What the run is called on the cluster."""
        self._is_lost = False

    def workers(self) -> dict[str, int]:
        """The addresses of all workers, and how many threads each has.

        `Client.scheduler_info` would return what the scheduler told last, also when it is gone.
        """
        client = self._client

        async def ask() -> Any:
            return await client.scheduler.identity(n_workers=-1)

        told = self._sync(ask)
        if client.status != "running":
            raise self.lost()
        return {address: worker["nthreads"] for address, worker in told["workers"].items()}

    def ask(self, function: Any, *arguments: Any, workers: Collection[str]) -> Mapping[str, Any]:
        """Call a function on each worker; returns what each answered, or the exception that it raised.

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
        """Call a function on the scheduler; returns what it answered, or the exception that it raised.

        Raises:
            StorageError: it does not answer.
        """
        client = self._client

        async def ask() -> Any:
            try:
                return await client.run_on_scheduler(function, asynchronous=True)
            except OSError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever the function raised there
                return error

        return self._sync(ask)

    def publish(self, data: bytes | None) -> None:
        """Keep the configuration of this run with the scheduler, for workers that join later."""
        client = self._client

        async def publish() -> None:
            await client.scheduler.set_metadata(keys=[self.run], value=data)

        self._sync(publish)

    def _sync(self, function: Any) -> Any:
        try:
            return self._client.sync(function, callback_timeout=ANSWER_SECONDS)
        except (OSError, AttributeError) as error:  # `AttributeError`: the client has no scheduler any more
            raise self.lost() from error

    def send(self, number: int, function: Any, *arguments: Any, workers: Collection[str] | None) -> Future:
        """Have a function called by one worker; `workers` are those that may, `None` is all."""
        if self._client.status != "running":
            raise self.lost()
        return self._client.submit(
            function, *arguments, key=(self.run, number), pure=False, retries=0,
            workers=None if workers is None else sorted(workers), allow_other_workers=False,
        )  # fmt: skip

    def cancel(self, futures: Sequence[Future], wait_seconds: float) -> None:
        """Cancel what was sent, once the workers that do it have seen that the run has ended."""
        from distributed import CancelledError, wait

        if self._is_lost or self._client.status != "running":
            return
        with contextlib.suppress(StorageError):
            if futures and self.workers():
                with contextlib.suppress(OSError, CancelledError), self._client.as_current():
                    wait(futures, timeout=wait_seconds)
            with contextlib.suppress(OSError):
                self._client.cancel(list(futures))
            self.publish(None)

    def lost(self, why: str = "") -> StorageError:
        """What to say when the scheduler is not there any more; it is not asked again."""
        self._is_lost = True
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
            with contextlib.suppress(OSError):
                client.close(timeout=_CLOSE_SECONDS)


def _call(distributed: Any, place: Place, wait_seconds: float) -> Client:
    try:
        client: Client = distributed.Client(
            place.address,
            timeout=max(1.0, wait_seconds),
            set_as_default=False,
            security=_security(distributed, place.tls),
        )
    except OSError as error:
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
