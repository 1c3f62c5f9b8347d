"""Runs the Library of Congress `bagit` library on one bag, in a separate process.

`python -m archtool.bagit.loc_opinion FOLDER` prints one line of JSON. The process is separate because the
library can crash, can hang on a FIFO, and changes the working folder of its process.
"""

from __future__ import annotations

import json
import logging
import sys


def main(folder: str) -> str:
    """Validate a bag with the library; return a line of JSON in every case."""
    logging.disable(logging.CRITICAL)
    import bagit  # lazy: only after logging is switched off

    result: dict[str, object] = {"version": bagit.VERSION}
    try:
        bagit.Bag(folder).validate()
        result |= {"is_valid": True, "messages": []}
    except bagit.BagError as error:
        details = [str(detail) for detail in getattr(error, "details", ())]
        result |= {"is_valid": False, "messages": details or [str(error)]}
    except Exception as error:  # noqa: BLE001 - a crash of the library is a result as well
        result |= {"is_valid": None, "messages": [f"{type(error).__name__}: {error}"]}
    return json.dumps(result)


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1]) + "\n")
