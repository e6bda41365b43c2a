#!/usr/bin/env bash
# A Python environment with what the independent checks and the producers need, and DuckDB's command line.
#
#   python.sh get    prints SEALAKE_TEST_PYTHON (the interpreter) and SEALAKE_TEST_DUCKDB (the program)
#
# SEALAKE_TEST_PYTHON, where set, is used as it is; it must have the modules of `check` below.
# shellcheck source=tests/env/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# pyarrow and cryptography: the independent check of a lake. OpenTelemetry: the real producer of OTLP.
# duckdb: another engine reads our Parquet files. psycopg: a second client of the SQL service.
# confluent-kafka: transactions and headers that kcat cannot write.
# python-stdnum: what the rules of European numbers are compared with.
PACKAGES=(
    pyarrow==26.0.1
    cryptography==50.0.2
    duckdb==2.0.0
    duckdb-cli==1.5.6
    opentelemetry-sdk==1.45.2
    opentelemetry-exporter-otlp-proto-http==1.45.2
    "psycopg[binary]==3.3.9"
    confluent-kafka==2.16.1
    python-stdnum==2.2
)
MODULES='import pyarrow.parquet, cryptography.hazmat.primitives.asymmetric.ed25519, duckdb, psycopg, confluent_kafka, stdnum
import opentelemetry.sdk.trace, opentelemetry.sdk._logs
import opentelemetry.exporter.otlp.proto.http.trace_exporter, opentelemetry.exporter.otlp.proto.http._log_exporter'

fill() {
    # Without pip of its own, which Debian packs apart: the outer pip installs into it.
    python3 -m venv --without-pip "$1" || return 1
    pip_install "$1/bin/python" "${PACKAGES[@]}" || return 1
    "$1/bin/python" -c "$MODULES"
}

get() {
    local python=${SEALAKE_TEST_PYTHON:-} duckdb=${SEALAKE_TEST_DUCKDB:-} dest sum
    if [ -z "$python" ]; then
        have python3 || missing "no Python (python3) on PATH"
        sum=$(python3 -c 'import hashlib, sys; print(hashlib.sha256(repr((sys.version, sys.prefix, sys.argv[1:])).encode()).hexdigest()[:12])' "${PACKAGES[@]}")
        dest=$CACHE/python-$sum
        cached "$dest" fill || missing "the Python packages could not be installed ($(why "$dest"))"
        python=$dest/bin/python
    fi
    "$python" -c "$MODULES" >/dev/null 2>&1 || missing "$python lacks a module: ${PACKAGES[*]}"
    if [ -z "$duckdb" ] && have duckdb; then duckdb=$(command -v duckdb); fi
    if [ -z "$duckdb" ]; then
        duckdb=$("$python" -c 'import duckdb_cli, os; print(os.path.join(os.path.dirname(duckdb_cli.__file__), "duckdb"))' 2>/dev/null) ||
            missing "no duckdb on PATH and none in $python"
        chmod u+x "$duckdb"
    fi
    "$duckdb" -c 'select 1' >/dev/null 2>&1 || missing "$duckdb does not run"
    emit SEALAKE_TEST_PYTHON "$python"
    emit SEALAKE_TEST_DUCKDB "$duckdb"
}

case ${1:-} in
get) get ;;
*) say "usage: python.sh get"; exit 2 ;;
esac
