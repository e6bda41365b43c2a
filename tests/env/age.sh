#!/usr/bin/env bash
# Stock age: opens quarantine objects without any code of ours. age-keygen lies beside it.
# From PATH, else Debian's package unpacked into the cache without root.
#
#   age.sh get    prints SEALAKE_TEST_AGE, the program
# shellcheck source=tests/env/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

get() {
    local program=${SEALAKE_TEST_AGE:-}
    if [ -z "$program" ] && have age; then program=$(command -v age); fi
    if [ -z "$program" ]; then
        debian "$CACHE/age" /var/lib/dpkg/status age
        program=$CACHE/age/age
        wrapper "$program" 'usr/bin/age'
    fi
    "$program" --version >/dev/null 2>&1 || missing "$program does not run"
    emit SEALAKE_TEST_AGE "$program"
}

case ${1:-} in
get) get ;;
*) say "usage: age.sh get"; exit 2 ;;
esac
