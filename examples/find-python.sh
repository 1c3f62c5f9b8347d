#!/bin/sh
# Prints a Python 3.11 or later that has pip; ends with 1 where there is none.
# An active environment may have no pip of its own, so the Python that it was made with is tried first.
for name in python3.11 python3.12 python3.13 python3.14 python3 python; do
    base=$("$name" -c 'import sys; print(getattr(sys, "_base_executable", sys.executable))' 2>/dev/null)
    for python in "$base" "$name"; do
        if "$python" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$python"
            exit 0
        fi
    done
done
exit 1
