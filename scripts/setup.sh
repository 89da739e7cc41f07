#!/usr/bin/env bash
# Brings a machine to where the atlas can be served, tested or linted: `scripts/setup.sh serve|test|lint`.
# Each step is skipped when it is done, says what it does and why, and stops with one line that tells what to do;
# the next run goes on from there.
set -Eeuo pipefail
trap 'echo "setup: stopped: unexpected error in ${BASH_SOURCE[0]}, line $LINENO: $BASH_COMMAND" >&2' ERR
cd "$(dirname "$0")/.."

purpose=${1:-serve}
. scripts/steps/common.sh
. scripts/steps/system.sh
. scripts/steps/python.sh
. scripts/steps/web.sh

case "$purpose" in
    serve)
        system_packages
        python_packages requirements.lock
        web_assets
        ;;
    test)
        # A build server tests with QGIS; elsewhere 170 packages and 930 MB are asked for and not taken.
        if [ -n "${CI:-}" ] || [ "${ATLAS_QGIS:-}" = 1 ]; then
            system_packages chromium libatomic ogrinfo qgis
        else
            system_packages chromium libatomic ogrinfo
            has_qgis || say "QGIS is not installed: its tests are left out (ATLAS_QGIS=1 make test installs it, 930 MB)"
        fi
        python_packages requirements-dev.lock
        web_assets
        ;;
    lint)
        python_packages requirements-dev.lock
        ;;
    *)
        stop "unknown purpose '$purpose': scripts/setup.sh serve, test or lint"
        ;;
esac
