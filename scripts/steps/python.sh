# shellcheck shell=bash
# Python packages: exactly those of the lock, each file checked against its hash, into .venv.
python_stamp=.venv/.atlas-stamp

# python_packages LOCK: requirements-dev.lock holds everything of requirements.lock in the same versions.
python_packages() {
    local lock=$1 want
    want=$(fingerprint "$lock" pyproject.toml)
    if is_done "$python_stamp" "$want" && .venv/bin/python -c '' 2>/dev/null && [ -x .venv/bin/atlas ]; then
        return 0
    fi
    make_venv
    need_space 1500 .
    say "installing the Python packages of $lock into .venv, each checked against its hash"
    # An option of this machine's pip could only contradict the lock.
    export PIP_CONSTRAINT=/dev/null PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 PIP_DISABLE_PIP_VERSION_CHECK=1
    attempt "installing the Python packages" .venv/bin/python -m pip install --require-hashes --requirement "$lock"
    attempt "installing the atlas itself" \
        .venv/bin/python -m pip install --no-deps --no-build-isolation --editable .
    fingerprint "$lock" pyproject.toml >"$python_stamp"
    [ "$lock" = requirements.lock ] || fingerprint requirements.lock pyproject.toml >>"$python_stamp"
}

make_venv() {
    if .venv/bin/python -m pip --version >/dev/null 2>&1; then return 0; fi
    command -v python3 >/dev/null || stop "python3 is missing: apt-get install python3"
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        stop "$(python3 --version) is too old: install Python 3.11 or later as python3 (Debian 12, Ubuntu 24.04 have it)"
    need_space 200 .
    say "making .venv: the atlas keeps its Python packages to itself"
    attempt "making .venv" python3 -m venv --clear .venv
}
