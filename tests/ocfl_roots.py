"""Reads OCFL storage roots in the tests with another program, `ocfl-py`, and by hand.

`ocfl-py` starts a thread that never ends, and workers must not be forked beside it: it runs as a process.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

_PROGRAM = """
import contextlib, io, json, sys
from ocfl.storage_root import StorageRoot
from ocfl.validator import Validator
root = StorageRoot(root=sys.argv[1])
with contextlib.redirect_stdout(io.StringIO()):
    valid = root.validate(validate_objects=True, check_digests=True, log_warnings=True)
    messages = [str(error) for error in root.errors]
    for path in sys.argv[2:]:
        validator = Validator(log_warnings=True, log_errors=True, check_digests=True)
        validator.validate_object(path)
        messages += [str(message) for message in validator.log.messages]
traversal = [str(message) for message in root.log.messages]
print(json.dumps([valid, root.num_objects, root.good_objects, messages + traversal]))
"""


def complaints_about_root(root: Path) -> list[str]:
    """Return every error and warning of `ocfl-py` about a storage root, its layout and its objects."""
    objects = sorted(path.parent for path in root.rglob("0=ocfl_object_1.1"))
    command = [sys.executable, "-W", "ignore", "-c", _PROGRAM, root, *objects]
    run = subprocess.run(command, capture_output=True, check=True, text=True)
    valid, found, good, messages = json.loads(run.stdout)
    assert found == len(objects) > 0
    is_good = valid and found == good
    return [str(message) for message in messages] + ([] if is_good else ["it is not valid"])


def read_inventory(folder: Path) -> dict[str, Any]:
    inventory: dict[str, Any] = json.loads((folder / "inventory.json").read_bytes())
    return inventory


def files_of_version(folder: Path, version: str) -> dict[str, bytes]:
    """Return the files of a version, put together by the inventory as a reader of OCFL does."""
    inventory = read_inventory(folder)
    found = {}
    for digest, paths in inventory["versions"][version]["state"].items():
        data = (folder / inventory["manifest"][digest][0]).read_bytes()
        assert hashlib.sha512(data).hexdigest() == digest
        found |= dict.fromkeys(paths, data)
    return found


def extract_version(folder: Path, version: str, target: Path) -> None:
    """Write the files of a version into a new folder, with `ocfl-py`."""
    program = "import sys\nfrom ocfl.object import Object\nObject().extract(*sys.argv[1:])"
    command = [sys.executable, "-W", "ignore", "-c", program, folder, version, target]
    subprocess.run(command, capture_output=True, check=True)
