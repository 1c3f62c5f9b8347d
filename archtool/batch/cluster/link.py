"""The client of a Dask scheduler, with a time limit for each answer and without the library's log messages.

Source: https://distributed.dask.org (Client, TLS, `allowed-failures`).
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import ssl
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archtool.errors import MissingPartError, StorageError, UsageError
from archtool.installation import install_command

if TYPE_CHECKING:
    from distributed import Client, Future  # optional dependency

ANSWER_SECONDS = 30.0  # for requests that take milliseconds
_CLOSE_SECONDS = 5.0
_NOISY = ("distributed", "tornado", "asyncio", "dask")
_ABOVE_ALL_LEVELS = logging.CRITICAL + 1
RESUME_HINT = "when the scheduler runs again, run the same command again to resume the batch"


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """PEM files that authenticate this side and verify the other."""

    ca: Path
    cert: Path
    key: Path


@dataclass(frozen=True, slots=True)
class SchedulerAddress:
    """The address of a scheduler, and the TLS files for it."""

    address: str
    """`tcp://HOST:PORT` or `tls://HOST:PORT`."""
    tls: TlsFiles | None = None


class SchedulerLink:
    """The connection to a scheduler for one run. A lost connection is a `StorageError`."""

    def __init__(self, client: Client, address: SchedulerAddress) -> None:
        self._client = client
        self._address = address
        self.run = f"archtool-{secrets.token_hex(8)}"
        """The name of the run on the cluster."""
        self._is_lost = False

    def workers(self) -> dict[str, int]:
        """Return the addresses of all workers, and the number of threads of each.

        `Client.scheduler_info` would return the scheduler's last message, also after the scheduler is gone.
        """
        client = self._client

        async def call() -> Any:
            return await client.scheduler.identity(n_workers=-1)

        identity = self._sync(call)
        if client.status != "running":
            raise self.lost_error()
        return {address: worker["nthreads"] for address, worker in identity["workers"].items()}

    def call_workers(self, function: Any, *arguments: Any, workers: Collection[str]) -> Mapping[str, Any]:
        """Call a function on each worker; returns each worker's answer, or the exception that it raised.

        Raises:
            StorageError: a worker or the scheduler does not answer.
        """
        try:
            answers: Mapping[str, Any] = self._client.run(
                function, *arguments, workers=list(workers), on_error="return",
                callback_timeout=ANSWER_SECONDS,
            )  # fmt: skip
        except TimeoutError as error:
            raise StorageError(
                f"not all of {len(workers):,} workers answer within {ANSWER_SECONDS:g} s",
                hint="find the one that hangs and end it, or run this again when they are less busy",
            ) from error
        except OSError as error:
            raise self.lost_error() from error
        return answers

    def call_scheduler(self, function: Any) -> Any:
        """Call a function on the scheduler; returns its answer, or the exception that it raised.

        Raises:
            StorageError: it does not answer.
        """
        client = self._client

        async def call() -> Any:
            try:
                return await client.run_on_scheduler(function, asynchronous=True)
            except OSError:
                raise
            except Exception as error:  # noqa: BLE001 - any exception that the function raised
                return error

        return self._sync(call)

    def publish(self, data: bytes | None) -> None:
        """Store the configuration of this run on the scheduler, for workers that join later."""
        client = self._client

        async def publish() -> None:
            await client.scheduler.set_metadata(keys=[self.run], value=data)

        self._sync(publish)

    def _sync(self, function: Any) -> Any:
        try:
            return self._client.sync(function, callback_timeout=ANSWER_SECONDS)
        except (OSError, AttributeError) as error:  # `AttributeError`: the client has lost its scheduler
            raise self.lost_error() from error

    def send(self, number: int, function: Any, *arguments: Any, workers: Collection[str] | None) -> Future:
        """Send a function call to one worker, any of `workers`, or of all workers if that is `None`."""
        if self._client.status != "running":
            raise self.lost_error()
        return self._client.submit(
            function, *arguments, key=(self.run, number), pure=False, retries=0,
            workers=None if workers is None else sorted(workers), allow_other_workers=False,
        )  # fmt: skip

    def cancel(self, futures: Sequence[Future], wait_seconds: float) -> None:
        """Cancel the given tasks after their workers have had time to notice that the run has ended."""
        from distributed import CancelledError, wait  # lazy: optional dependency, 400 ms

        if self._is_lost or self._client.status != "running":
            return
        with contextlib.suppress(StorageError):
            if futures and self.workers():
                with contextlib.suppress(OSError, CancelledError), self._client.as_current():
                    wait(futures, timeout=wait_seconds)
            with contextlib.suppress(OSError):
                self._client.cancel(list(futures))
            self.publish(None)

    def lost_error(self, reason: str = "") -> StorageError:
        """Return the error for a lost scheduler, and send no more requests to it."""
        self._is_lost = True
        return StorageError(
            f"the scheduler {self._address.address} is lost{reason and f': {reason}'}", hint=RESUME_HINT
        )


@contextmanager
def open_link(address: SchedulerAddress, wait_seconds: float) -> Iterator[SchedulerLink]:
    """Connect to a scheduler.

    Raises:
        MissingPartError: the library is not installed.
        StorageError: no scheduler answers at the address.
        UsageError: the certificates cannot be used.
    """
    try:
        import distributed  # lazy: optional dependency, 400 ms
    except ImportError as error:
        raise MissingPartError(
            "a cluster needs dask[distributed], which is not installed",
            hint=f"install it with: {install_command('cluster')}",
        ) from error
    _silence_logging()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        client = _connect(distributed, address, wait_seconds)
        try:
            yield SchedulerLink(client, address)
        finally:
            with contextlib.suppress(OSError):
                client.close(timeout=_CLOSE_SECONDS)


def _connect(distributed: Any, address: SchedulerAddress, wait_seconds: float) -> Client:
    try:
        client: Client = distributed.Client(
            address.address,
            timeout=max(1.0, wait_seconds),
            set_as_default=False,
            security=_security(distributed, address.tls),
        )
    except OSError as error:
        raise StorageError(
            f"no scheduler answers at {address.address}: {_first_line(error)}",
            hint="check that `dask scheduler` runs there, and that it uses the same certificates, if any",
        ) from error
    return client


def _security(distributed: Any, tls: TlsFiles | None) -> Any:
    if tls is None:
        return None

    security = distributed.Security(
        tls_ca_file=str(tls.ca), tls_client_cert=str(tls.cert), tls_client_key=str(tls.key),
        require_encryption=True,
    )  # fmt: skip
    try:
        security.get_connection_args("client")
    except (OSError, ssl.SSLError, ValueError) as error:
        raise UsageError(
            f"the certificates cannot be used: {_first_line(error)}",
            hint="use PEM certificates and a key without passphrase: --tls-ca, --tls-cert, --tls-key",
        ) from error
    return security


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _silence_logging() -> None:
    """Silence the library's loggers, which write tracebacks of lost workers to stderr.

    archtool reports lost workers itself.
    """
    for name in [*_NOISY, *(n for n in logging.root.manager.loggerDict if n.startswith(_NOISY))]:
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]
        logger.setLevel(_ABOVE_ALL_LEVELS)
        logger.propagate = False
