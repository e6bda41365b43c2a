#!/usr/bin/env bash
# MinIO, the S3 server of the tests (never linked or shipped). From PATH, else built with Go.
#
#   minio.sh get               prints SEALAKE_TEST_MINIO, the program
#   minio.sh start DIR PORT [CERTS]
#                              a server on 127.0.0.1:PORT with its data in DIR; the root user and the bucket
#                              are SEALAKE_TEST_S3_ACCESS_KEY, …_SECRET_KEY and …_BUCKET. With CERTS, a folder of
#                              public.crt and private.key, it speaks HTTPS. Returns when ready.
#   minio.sh stop|kill DIR     an orderly end, a crash
# shellcheck source=tests/env/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# The last release with the whole server; a Go module by its pseudo-version.
VERSION=v0.0.0-20260212201848-7aac2a2c5b7c
DEST=$CACHE/minio-${VERSION##*-}

fill() { GOBIN="$1" "$GO" install "github.com/minio/minio@$VERSION"; }

program() {
    if [ -n "${SEALAKE_TEST_MINIO:-}" ]; then
        echo "$SEALAKE_TEST_MINIO"
    else
        command -v minio || echo "$DEST/minio"
    fi
}

get() {
    if [ ! -x "$(program)" ]; then
        GO=$(go_program) || missing "no minio on PATH, and no Go to build it with"
        cached "$DEST" fill || missing "MinIO could not be built with Go ($(why "$DEST"))"
    fi
    emit SEALAKE_TEST_MINIO "$(program)"
}

# is_ready PORT STATUS: its health page answers 200 once objects can be read and written; over TLS, plain HTTP is
# answered with 400.
is_ready() {
    local status
    exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
    printf 'GET /minio/health/cluster HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' >&3
    read -r -t 2 status <&3 || status=
    exec 3>&-
    [[ $status == *" $2 "* ]]
}

start() {
    local dir port=$2 certs=${3:-} expected=200
    mkdir -p "$1/data"
    dir=$(cd "$1" && pwd)
    if alive "$dir/pid"; then
        say "minio: a server already runs in $dir"
        return 1
    fi
    [ -z "$certs" ] || expected=400
    MINIO_ROOT_USER=$SEALAKE_TEST_S3_ACCESS_KEY MINIO_ROOT_PASSWORD=$SEALAKE_TEST_S3_SECRET_KEY \
        MINIO_BROWSER=off MINIO_UPDATE=off HOME=$dir \
        spawn "$dir" "$(program)" server "$dir/data" --quiet ${certs:+--certs-dir "$certs"} \
        --address "127.0.0.1:$port" --console-address "127.0.0.1:$(free_port)"
    ready "$dir" 60 minio is_ready "$port" "$expected" 2>/dev/null || { say "minio: $(tail -n 3 "$dir/log")"; halt "$dir/pid" KILL; return 1; }
    # A bucket is a folder of the drive.
    mkdir -p "$dir/data/$SEALAKE_TEST_S3_BUCKET"
}

case ${1:-} in
get) get ;;
start) start "$2" "$3" "${4:-}" ;;
stop) halt "$2/pid" TERM ;;
kill) halt "$2/pid" KILL ;;
*) say "usage: minio.sh get | start DIR PORT [CERTS] | stop DIR | kill DIR"; exit 2 ;;
esac
