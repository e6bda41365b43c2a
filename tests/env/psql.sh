#!/usr/bin/env bash
# psql, PostgreSQL's own client: its output is what the SQL service is held to.
# From PATH, else Debian's package unpacked into the cache without root.
#
#   psql.sh get    prints SEALAKE_TEST_PSQL, the program
# shellcheck source=tests/env/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

get() {
    local program=${SEALAKE_TEST_PSQL:-}
    if [ -z "$program" ] && have psql; then program=$(command -v psql); fi
    if [ -z "$program" ]; then
        debian "$CACHE/psql" /var/lib/dpkg/status postgresql-client
        program=$CACHE/psql/psql
        wrapper "$program" 'usr/lib/postgresql/*/bin/psql'
    fi
    "$program" --version >/dev/null 2>&1 || missing "$program does not run"
    emit SEALAKE_TEST_PSQL "$program"
}

case ${1:-} in
get) get ;;
*) say "usage: psql.sh get"; exit 2 ;;
esac
