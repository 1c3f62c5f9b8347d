#!/bin/sh
# Installs archtool with everything that its tests need into .venv, and runs them all: format, lint, types, tests,
# branch coverage. It needs Python 3.11 or later with pip. Arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."

for python in python3.11 python3.12 python3.13 python3.14 python3 python; do
    "$python" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break
    python=
done
[ -n "$python" ] || { echo "run.sh: Python 3.11 or later with pip is needed" >&2; exit 5; }

[ -x .venv/bin/python ] || "$python" -m venv --without-pip .venv
"$python" -m pip --python .venv/bin/python install --quiet --disable-pip-version-check --editable '.[test]'

.venv/bin/ruff format --check --quiet .
.venv/bin/ruff check --quiet .
.venv/bin/mypy
.venv/bin/coverage erase
.venv/bin/coverage run -m pytest "$@"
.venv/bin/coverage combine --quiet
.venv/bin/coverage report --fail-under=99
