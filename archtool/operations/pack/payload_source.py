"""Opens what a package's payload is read from: the folder of the sources, or a bag of another maker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archtool.files.source_views import Subtree
from archtool.operations.describe.load_description import DescribedDocument
from archtool.operations.pack.copy_payload import PayloadSource
from archtool.operations.sources.survey import open_sources
from archtool.progress import Progress


@contextmanager
def open_payload_source(
    described: DescribedDocument,
    files_root: Path | None,
    from_bag: Path | None,
    progress: Progress | None = None,
) -> Iterator[PayloadSource]:
    """Open the folder, or the bag; a bag that cannot be adopted has errors among its findings.

    Raises:
        InputError: the folder or bag cannot be opened, or the bag's tag files are too large to be kept.
    """
    if from_bag is None:
        with open_sources(described, files_root) as tree:
            yield PayloadSource(tree, tree.root, tree)
    else:
        # lazy: 18 modules that read bags, only --from-bag needs them
        from archtool.operations.pack.adopted_bag import open_adopted_bag

        # the payload comes from the bag, the tag files from the folder of the description
        with open_adopted_bag(from_bag, progress) as adopted, open_sources(described) as tree:
            yield PayloadSource(Subtree(adopted.source, "data"), from_bag, tree, adopted)
