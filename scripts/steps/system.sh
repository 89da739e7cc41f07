# shellcheck shell=bash
# Programs of the operating system, through apt: PostgreSQL with PostGIS, Node for the web assets, Chromium for tests.
lists=/var/lib/apt/lists
suppress=/etc/postgresql-common/createcluster.d/closure-atlas.conf

# system_packages [chromium] [libatomic] [ogrinfo] [qgis]: the words name what tests need beside the rest.
system_packages() {
    local wanted=()
    collect_packages "$@"
    [ ${#wanted[@]} -eq 0 ] && return 0
    command -v apt-get >/dev/null || stop "this system has no apt-get: install the equivalents of ${wanted[*]} by hand (for the database, DATABASE_URL to a PostGIS 3.3 or later also does)"
    find_root "${wanted[*]}"
    need_space 1500 /usr
    refresh_lists
    if [[ " ${wanted[*]} " == *" postgis "* ]]; then
        add_postgis
    fi
    wanted=("${wanted[@]/#chromium/$(chromium_package)}")
    say "installing ${wanted[*]} with apt: the database, and what builds or tests the pages"
    install_packages "${wanted[@]}"
    [ -n "${DATABASE_URL:-}" ] || has_postgis ||
        stop "apt reports success, yet PostGIS is not there: apt-get install --reinstall ${wanted[*]/%-postgis-3/-postgis-3-scripts}, then run this again"
}

collect_packages() {
    [ -n "${DATABASE_URL:-}" ] || has_postgis || wanted+=(postgis)
    if ! web_assets_done && ! command -v npm >/dev/null; then wanted+=(npm); fi
    has_venv || wanted+=(python3-venv)
    local word
    for word in "$@"; do
        case "$word" in
            chromium) has_chromium || wanted+=(chromium) ;;
            # Playwright's own Node is linked against it, and pip cannot bring it.
            libatomic) compgen -G '/usr/lib*/*/libatomic.so.1' >/dev/null || wanted+=(libatomic1) ;;
            ogrinfo) command -v ogrinfo >/dev/null || wanted+=(gdal-bin) ;;
            qgis) has_qgis || wanted+=(python3-qgis qgis-providers) ;;
        esac
    done
}

has_chromium() {
    command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || command -v chromium-browser >/dev/null
}

# The one without windows and menus is smaller, and tests end in two thirds of the time.
chromium_package() {
    if apt-cache show chromium-headless-shell >/dev/null 2>&1; then echo chromium-headless-shell; else echo chromium; fi
}

# As tests/clients/conftest.py looks for it.
has_qgis() { [ -f /usr/lib/python3/dist-packages/qgis/core/__init__.py ]; }

has_postgis() {
    local folder version share
    for folder in /usr/lib/postgresql/*/bin; do
        version=$(basename "$(dirname "$folder")")
        [ -x "$folder/initdb" ] && [ -f "/usr/share/postgresql/$version/extension/postgis.control" ] && return 0
    done
    share=$(pg_config --sharedir 2>/dev/null) && [ -f "$share/extension/postgis.control" ]
}

# Where Debian leaves python3-venv out, the module ensurepip is missing. An existing .venv needs neither.
has_venv() { .venv/bin/python -m pip --version >/dev/null 2>&1 || python3 -c 'import ensurepip, venv' 2>/dev/null; }

find_root() {
    as_root=()
    [ "$(id -u)" -eq 0 ] && return 0
    command -v sudo >/dev/null || stop "neither root nor sudo: have an administrator run 'make serve' once, or install $1 (postgis is postgresql with its postgresql-N-postgis-3)"
    say "asking sudo for the right to install $1"
    sudo -v || stop "sudo refuses: have an administrator run 'make serve' once, or install $1"
    as_root=(sudo)
}

refresh_lists() {
    # A day old is new enough; a fresh container has none at all.
    have_lists -mtime -1 && return 0
    say "asking the package archive for its lists"
    attempt "apt-get update" "${as_root[@]}" apt-get -q -o DPkg::Lock::Timeout=120 update
    # Without a network apt only warns.
    have_lists || stop "the package archive cannot be reached: connect this machine (or set its proxy), then run this again"
}

have_lists() { [ -n "$(find "$lists" -maxdepth 1 -name '*_Packages*' "$@" -print -quit 2>/dev/null)" ]; }

# PostGIS comes for one major version: of a server that is there already, else of the one that apt would install.
add_postgis() {
    local major
    major=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' 2>/dev/null | sort -n | tail -n 1 || true)
    if [ -z "$major" ]; then
        major=$(apt-cache depends postgresql 2>/dev/null | sed -n 's/^ *Depends: postgresql-\([0-9]*\)$/\1/p' | head -n 1 || true)
    fi
    [ -n "$major" ] || stop "apt does not know PostgreSQL: enable the main archive (Ubuntu: also universe) in /etc/apt, then run this again"
    local word others=()
    for word in "${wanted[@]}"; do [ "$word" = postgis ] || others+=("$word"); done
    wanted=("${others[@]}" "postgresql-$major" "postgresql-$major-postgis-3")
}

install_packages() {
    local suppressed=
    # The atlas has a server of its own; the one that Debian would start on port 5432 is of no use to it.
    if [ -z "$(ls /usr/lib/postgresql/*/bin/postgres 2>/dev/null)" ]; then
        suppressed=1
        "${as_root[@]}" mkdir -p "$(dirname "$suppress")"
        echo 'create_main_cluster = false' | "${as_root[@]}" tee "$suppress" >/dev/null
    fi
    local failed=
    (attempt "apt-get install $*" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
        -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confold install --no-install-recommends "$@") || failed=1
    [ -z "$suppressed" ] || "${as_root[@]}" rm -f "$suppress"
    [ -z "$failed" ] || exit 1
}
