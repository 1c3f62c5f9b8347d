#!/bin/sh
# Installs archtool with everything that its tests need into .venv, and runs them all: format, lint, types, tests,
# branch coverage. It needs Python 3.11 or later with pip. Arguments go to pytest; docs/testing.md has the long runs.
set -eu
cd "$(dirname "$0")/.."

python=$(sh examples/find-python.sh) || { echo "run.sh: Python 3.11 or later with pip is needed" >&2; exit 5; }

[ -x .venv/bin/python ] || "$python" -m venv --without-pip .venv
echo "Installing archtool and what its tests need into $PWD/.venv"
"$python" -m pip --python .venv/bin/python install --quiet --disable-pip-version-check --editable '.[test]'

.venv/bin/ruff format --check --quiet .
.venv/bin/ruff check --quiet .
.venv/bin/mypy
.venv/bin/coverage erase
.venv/bin/coverage run -m pytest -n logical --dist loadfile --max-worker-restart 0 "$@"
.venv/bin/coverage combine --quiet
.venv/bin/coverage report --fail-under=99
