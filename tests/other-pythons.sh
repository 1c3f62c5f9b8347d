#!/bin/sh
# Runs the unit, golden, command-line and compatibility tests on every other Python from 3.11 on that this machine has,
# without coverage. tests/run.sh must have run before: its Python is left out. Arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."

first=$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
environments=$(mktemp -d)
trap 'rm -rf "$environments"' EXIT

for version in 3.11 3.12 3.13 3.14; do
    [ "$version" != "$first" ] || continue
    python=
    # pyenv has Pythons that are not in PATH; its newest release of a version comes last
    for candidate in "python$version" "${PYENV_ROOT:-${HOME:-}/.pyenv}/versions/$version".*/bin/python3; do
        if "$candidate" -c 'import pip' 2>/dev/null; then python=$candidate; fi
    done
    [ -n "$python" ] || continue
    echo "Running the unit, golden, command-line and compatibility tests on $("$python" --version)"
    "$python" -m venv --without-pip "$environments/$version"
    installed="$environments/$version/bin/python"
    "$python" -m pip --python "$installed" install --quiet --disable-pip-version-check --editable '.[test]'
    "$installed" -m pytest -q -n logical --dist loadfile --max-worker-restart 0 "$@" \
        tests/unit tests/golden tests/cli tests/compatibility
done
