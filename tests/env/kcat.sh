#!/usr/bin/env bash
# kcat, the Kafka command line client: the real producer of the tests.
# From PATH, else Debian's package unpacked into the cache without root.
#
#   kcat.sh get    prints SEALAKE_TEST_KCAT, the program
# shellcheck source=tests/env/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

get() {
    local program=${SEALAKE_TEST_KCAT:-}
    if [ -z "$program" ] && have kcat; then program=$(command -v kcat); fi
    if [ -z "$program" ]; then
        debian "$CACHE/kcat" /var/lib/dpkg/status kcat
        program=$CACHE/kcat/kcat
        wrapper "$program" 'usr/bin/kcat'
    fi
    "$program" -V >/dev/null 2>&1 || missing "$program does not run"
    emit SEALAKE_TEST_KCAT "$program"
}

case ${1:-} in
get) get ;;
*) say "usage: kcat.sh get"; exit 2 ;;
esac
