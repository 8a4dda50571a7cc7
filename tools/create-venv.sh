#!/bin/sh
# A virtual environment with the locked installer in it. Usage: create-venv.sh FOLDER (PYTHON names the interpreter).
set -eu
venv=$1
python=${PYTHON:-python3}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
    echo "Python 3.11 or later is needed; name one with: make PYTHON=/path/to/python3.11 demo" >&2
    exit 1
}
if [ ! -x "$venv/bin/python" ]; then
    "$python" -m venv "$venv" || {
        rm -rf "$venv"
        echo "The venv module is missing; install it (Debian, Ubuntu: apt-get install python3-venv)" >&2
        exit 1
    }
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/installer.txt
