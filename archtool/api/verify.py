"""`archtool.verify`: whether a bag is valid, consistent and trusted."""

from __future__ import annotations

from datetime import datetime

from archtool.api.arguments import AnyPath, moment, path_of, trust_files
from archtool.files.workers.concurrency import Concurrency
from archtool.operations.trust.trust_files import load_trust
from archtool.operations.verify.request import VerifyRequest
from archtool.operations.verify.verify import verify as run
from archtool.results import Result


def verify(
    bag: AnyPath,
    *,
    trust: AnyPath | None = None,
    revoked: AnyPath | None = None,
    tsa_roots: AnyPath | None = None,
    policy: AnyPath | None = None,
    at: datetime | None = None,
    jobs: int = 1,
    strict: bool = False,
    replay: bool = False,
) -> Result:
    """Verify a package or any other BagIt bag, a folder or an archive, and report every finding.

    `verdict` of the result has three answers: `bag`, `content` and `trust`. `trust` is the path of an
    `allowed_signers` file, `revoked` of a list of revoked keys, `tsa_roots` of the root certificates of
    timestamp authorities, `policy` of a policy. Without `trust` no key is trusted, and the answer is
    `not-asked`. `at` is the moment at which keys must be valid, by default now. `jobs` processes read the
    files; in a program with threads it is one. `replay` replays recorded repairs of texts.

    Raises:
        InputError: one of the files about trust cannot be read. What the bag is like is never an error.
        UsageError: one of them lies in the bag.
    """
    root = path_of(bag)
    files = trust_files(trust, revoked, tsa_roots, policy)
    trusted = load_trust((root,), files)
    request = VerifyRequest(root, moment(at), trusted, Concurrency(jobs), strict, replays_repairs=replay)
    return run(request)
