#!/usr/bin/env bash
# An OpenTelemetry Collector that receives OTLP over HTTP and writes it to Kafka, in both encodings.
#
#   collector.sh get                  built with Go and the Collector's own builder; prints SEALAKE_TEST_COLLECTOR
#   collector.sh start DIR PORT KAFKA OTLP/HTTP on 127.0.0.1:PORT, to the broker KAFKA (host:port)
#   collector.sh stop|kill DIR
#
# Whatever arrives is written twice, as otlp_proto and as otlp_json. The topics are those of `topics` below,
# unless the request carries the HTTP headers `sealake-topic-proto` or `sealake-topic-json`: so each test
# gets topics of its own from one Collector.
# shellcheck source=tests/env/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# The newest builder does not fit the newest Kafka exporter; these do fit.
VERSION=v0.155.0
DEST=$CACHE/collector-$VERSION

fill() {
    GOBIN="$1" "$GO" install "go.opentelemetry.io/collector/cmd/builder@$VERSION" || return 1
    cat >builder.yaml <<EOF
dist: {name: otelcol, output_path: ./build, description: Collector of the tests, version: 0.0.1}
receivers:
  - gomod: go.opentelemetry.io/collector/receiver/otlpreceiver $VERSION
processors:
  - gomod: go.opentelemetry.io/collector/processor/batchprocessor $VERSION
exporters:
  - gomod: go.opentelemetry.io/collector/exporter/debugexporter $VERSION
  - gomod: github.com/open-telemetry/opentelemetry-collector-contrib/exporter/kafkaexporter $VERSION
EOF
    PATH=$(dirname "$(command -v "$GO")"):$PATH ./builder --config builder.yaml || return 1
    mv build/otelcol otelcol && rm -rf build builder
}

program() { echo "${SEALAKE_TEST_COLLECTOR:-$DEST/otelcol}"; }

topics() {
    emit SEALAKE_TEST_OTLP_LOGS_PROTO_TOPIC otlp-logs-proto
    emit SEALAKE_TEST_OTLP_LOGS_JSON_TOPIC otlp-logs-json
    emit SEALAKE_TEST_OTLP_TRACES_PROTO_TOPIC otlp-traces-proto
    emit SEALAKE_TEST_OTLP_TRACES_JSON_TOPIC otlp-traces-json
}

get() {
    if [ ! -x "$(program)" ]; then
        GO=$(go_program) || missing "no Go to build the OpenTelemetry Collector with"
        cached "$DEST" fill || missing "the OpenTelemetry Collector could not be built with Go ($(why "$DEST"))"
    fi
    emit SEALAKE_TEST_COLLECTOR "$(program)"
}

exporter() {
    cat <<EOF
  kafka/$1:
    brokers: ["$2"]
    producer: {max_message_bytes: 16000000}
    logs: {topic: otlp-logs-$1, topic_from_metadata_key: sealake-topic-$1, encoding: otlp_$1}
    traces: {topic: otlp-traces-$1, topic_from_metadata_key: sealake-topic-$1, encoding: otlp_$1}
EOF
}

config() {
    cat <<EOF
receivers:
  otlp:
    protocols:
      http: {endpoint: "127.0.0.1:$1", include_metadata: true, max_request_body_size: 33554432}
processors:
  batch: {timeout: 200ms, metadata_keys: [sealake-topic-proto, sealake-topic-json]}
exporters:
$(exporter proto "$2")
$(exporter json "$2")
service:
  telemetry: {metrics: {level: none}}
  pipelines:
    logs: {receivers: [otlp], processors: [batch], exporters: [kafka/proto, kafka/json]}
    traces: {receivers: [otlp], processors: [batch], exporters: [kafka/proto, kafka/json]}
EOF
}

start() {
    local dir port=$2 kafka=$3
    mkdir -p "$1"
    dir=$(cd "$1" && pwd)
    config "$port" "$kafka" >"$dir/config.yaml"
    spawn "$dir" "$(program)" --config "$dir/config.yaml"
    ready "$dir" 60 collector listening "$port" || { halt "$dir/pid" KILL; return 1; }
}

case ${1:-} in
get) get ;;
topics) topics ;;
start) start "$2" "$3" "$4" ;;
stop) halt "$2/pid" TERM ;;
kill) halt "$2/pid" KILL ;;
*) say "usage: collector.sh get | topics | start DIR PORT KAFKA | stop DIR | kill DIR"; exit 2 ;;
esac
