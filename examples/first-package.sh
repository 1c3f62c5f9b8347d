#!/bin/sh
# Installs archtool into .venv, makes a key, packs and signs the example of 1932, verifies it, and says what was
# made and where. It needs Python 3.11 or later with pip, and nothing else. Run it again as often as you like.
set -eu
cd "$(dirname "$0")/.."

for python in python3.11 python3.12 python3.13 python3.14 python3 python; do
    "$python" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break
    python=
done
[ -n "$python" ] || { echo "first-package: Python 3.11 or later with pip is needed" >&2; exit 5; }

[ -x .venv/bin/python ] || "$python" -m venv --without-pip .venv
[ -x .venv/bin/archtool ] || "$python" -m pip --python .venv/bin/python install --quiet --disable-pip-version-check .
PATH="$PWD/.venv/bin:$PATH"

mkdir -p example-package
cd example-package
[ -f key ] || archtool keys new key --name archivist@example.org --no-passphrase
archtool keys trust key.pub >allowed_signers
archtool pack ../examples/rakovsky-1932/description.yaml -o rakovsky-1932-appel --sign key --force
archtool verify rakovsky-1932-appel --trust allowed_signers
echo
archtool show rakovsky-1932-appel --trust allowed_signers
echo
echo "The package is in:  $PWD/rakovsky-1932-appel"
echo "How to check it without archtool:  $PWD/rakovsky-1932-appel/VERIFY.txt"
