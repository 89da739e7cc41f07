# shellcheck shell=bash
# Shared by the steps: how they speak, run what may fail, and know that they are done.
log=build/setup.log

say() { printf 'setup: %s\n' "$*" >&2; }

stop() {
    printf 'setup: stopped: %s\n' "$*" >&2
    exit 1
}

# What a step was done with: the contents of its files, and where the project stands (scripts hold paths).
fingerprint() { (pwd && cat "$@") | sha256sum | cut -d ' ' -f 1; }

is_done() { [ -f "$1" ] && grep -qxF "$2" "$1"; }

# need_space MEGABYTES FOLDER: stop before a disk runs full half-way.
need_space() {
    local free
    free=$(df --output=avail -m "$2" | tail -n 1)
    [ "$free" -ge "$1" ] || stop "only $free MB are free on the disk of $2: free $1 MB, then run this again"
}

# attempt WHAT COMMAND…: run it quietly; if it fails, name the cause that its output tells.
attempt() {
    local what=$1 cause
    shift
    mkdir -p build 2>/dev/null || stop "cannot write into $PWD: give yourself access, or clone into a folder of yours"
    "$@" >"$log" 2>&1 </dev/null && return 0
    if grep -qiE 'no space left|enough free space|ENOSPC' "$log"; then
        cause="the disk is full: free some space"
    elif grep -qiE 'could not resolve host|temporary failure (in name resolution|resolving)|unable to connect|failed to fetch|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|network is unreachable|max retries|connection (refused|timed out|broken)|newconnectionerror|establish a new connection|from versions: none' "$log"; then
        cause="the network or the package archive cannot be reached: connect this machine (or set its proxy)"
    elif grep -qiE 'could not get lock|is another process using it' "$log"; then
        cause="another installation is running: wait for its end"
    elif grep -qiE 'permission denied|EACCES|read-only file system' "$log"; then
        cause="no permission to write: see $log"
    else
        cause="see the end of $log"
    fi
    stop "$what failed: $cause, then run this again"
}
