# shellcheck shell=bash
# What the browser gets: Leaflet, our scripts and the basemap, built from pinned npm packages.
vendor=webmap/static/vendor
web_stamp=$vendor/.atlas-stamp

web_fingerprint() {
    local sources
    mapfile -t sources < <(find webmap/static/js -type f | sort)
    fingerprint package.json package-lock.json webmap/assets.mjs "${sources[@]}"
}

web_assets_done() { is_done "$web_stamp" "$(web_fingerprint)" && [ -f "$vendor/leaflet.js" ]; }

web_assets() {
    web_assets_done && return 0
    local version
    version=$(node --version 2>/dev/null) || stop "npm is there but node is not: apt-get install nodejs"
    version=${version#v}
    [ "${version%%.*}" -ge 18 ] || stop "Node $version is too old: install Node 18 or later (Debian 12 and Ubuntu 24.04 have it)"
    need_space 300 .
    say "building the web assets from package-lock.json: the pages load nothing from other hosts"
    attempt "npm ci" npm ci --no-audit --no-fund
    attempt "npm run build" npm run build
    web_fingerprint >"$web_stamp"
}
