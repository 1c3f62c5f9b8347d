"""`archtool.read_package`: what a package says about itself."""

from __future__ import annotations

from archtool.api.arguments import AnyPath, moment, path_of, path_or_none
from archtool.operations.show import show
from archtool.operations.trust.trust_files import TrustFiles, load_trust
from archtool.report.package_view import PackageView


def read_package(package: AnyPath, *, trust: AnyPath | None = None) -> PackageView:
    """Read what a package says about itself: description, citation, attestations. The payload is not read.

    The metadata is compared with its digests and signatures; `findings` lists what differs. `description` and
    `citation` are `None` for a bag that archtool did not make.

    Raises:
        InputError: there is no bag, or the list of allowed signers cannot be read.
    """
    root = path_of(package)
    return show(root, load_trust((root,), TrustFiles(path_or_none(trust))), moment(None))
