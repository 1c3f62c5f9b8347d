#!/bin/sh
# Installs archtool into .venv, makes a key, packs and signs the example of 1932, verifies it, and prints what was
# made and where. It needs Python 3.11 or later with pip, and nothing else. It can be run again at any time.
set -eu
cd "$(dirname "$0")/.."

python=$(sh examples/find-python.sh) || { echo "first-package: Python 3.11 or later with pip is needed" >&2; exit 5; }

if [ ! -x .venv/bin/archtool ]; then
    echo "Making an environment for archtool in $PWD/.venv ($("$python" --version))"
    [ -x .venv/bin/python ] || "$python" -m venv --without-pip .venv
    echo "Installing archtool and what it needs into it; this takes a minute or two"
    "$python" -m pip --python .venv/bin/python install --quiet --disable-pip-version-check pip .
fi
activate="$PWD/.venv/bin/activate"
PATH="$PWD/.venv/bin:$PATH"

echo "Packing, signing and verifying the example"
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
echo "To use archtool in this shell, run:  . $activate"
