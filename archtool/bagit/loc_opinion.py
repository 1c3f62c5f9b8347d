"""Runs the Library of Congress `bagit` library on one bag, in a process of its own.

`python -m archtool.bagit.loc_opinion FOLDER` prints one line of JSON. A process of its own, because the
library can crash, hang on a FIFO, and changes the working folder of the whole process.
"""

from __future__ import annotations

import json
import logging
import sys


def main(folder: str) -> str:
    """Ask the library; whatever it says or does, the answer is a line of JSON."""
    logging.disable(logging.CRITICAL)
    import bagit

    answer: dict[str, object] = {"version": bagit.VERSION}
    try:
        bagit.Bag(folder).validate()
        answer |= {"is_valid": True, "says": []}
    except bagit.BagError as error:
        details = [str(detail) for detail in getattr(error, "details", ())]
        answer |= {"is_valid": False, "says": details or [str(error)]}
    except Exception as error:  # noqa: BLE001 - a crash of the library is an answer too
        answer |= {"is_valid": None, "says": [f"{type(error).__name__}: {error}"]}
    return json.dumps(answer)


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1]) + "\n")
