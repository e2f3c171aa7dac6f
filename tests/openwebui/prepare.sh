#!/bin/sh
# Creates the virtual environment that read_database.py needs (Open WebUI's own
# model layer), or does nothing when VENV_DIR already matches requirements.txt.
# Usage: prepare.sh VENV_DIR [REQUIREMENTS]     (PYTHON=python3.12 prepare.sh ... picks another one)
set -eu

if [ $# -lt 1 ] || [ $# -gt 2 ]; then
    echo "usage: $0 VENV_DIR [REQUIREMENTS]" >&2
    exit 2
fi
venv_dir=$1
requirements=${2:-$(dirname "$0")/requirements.txt}
stamp=$venv_dir/.requirements.sha256
wanted=$(sha256sum < "$requirements" | cut -d ' ' -f 1)

if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
    exit 0
fi

# Start from nothing: a half finished or older environment would leave packages
# behind that requirements.txt no longer names.
"${PYTHON:-python3}" -m venv --clear "$venv_dir"

# pip's messages name the package index, which is nobody's business in a log that
# may be published; without its output only the exit code is left, so name the step.
if ! "$venv_dir/bin/python" -m pip install --quiet --disable-pip-version-check \
        --no-deps --only-binary :all: --require-hashes \
        --requirement "$requirements" > "$venv_dir/pip.log" 2>&1; then
    echo "$0: pip install failed:" >&2
    # Keep the reason, drop every address.
    grep -E '^ *ERROR' "$venv_dir/pip.log" | sed -E 's#[a-z+]+://[^ ]*#(address)#g' >&2 || true
    exit 1
fi
rm -f "$venv_dir/pip.log"

# 240 of the 260 MB of the wheel are the built web page, which no Python code of the
# model layer reads (read_database.py gives FRONTEND_BUILD_DIR a directory of its own).
find "$venv_dir/lib" -type d -path '*/site-packages/open_webui/frontend' -prune -exec rm -rf {} +

printf '%s\n' "$wanted" > "$stamp"
