#!/usr/bin/env bash
# Apache Kafka in KRaft mode, one node, from Maven Central. Java (17 or newer) and Maven are those of PATH,
# else Debian's, unpacked without root.
#
#   kafka.sh get               prints SEALAKE_TEST_KAFKA_HOME (the folder that holds libs/), SEALAKE_TEST_JAVA
#   kafka.sh start DIR PORT [PROPERTIES]
#                              a broker on 127.0.0.1:PORT with its data in DIR; returns when it is ready.
#                              On a DIR that was used before it continues with that data, on any port.
#                              With a file of PROPERTIES, which are added, its listener is SASL_SSL.
#   kafka.sh stop DIR          an orderly end (SIGTERM)
#   kafka.sh kill DIR          a crash (SIGKILL)
#
# SEALAKE_TEST_KAFKA_HOME, where set, is used as it is. Tests that kill a broker start their own with this.
# shellcheck source=tests/env/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

VERSION=4.1.1
HOME_DIR=${SEALAKE_TEST_KAFKA_HOME:-$CACHE/kafka-$VERSION}

DEBIAN=$CACHE/maven

java_program() {
    if [ -n "${SEALAKE_TEST_JAVA:-}" ]; then
        echo "$SEALAKE_TEST_JAVA"
    elif [ -n "${JAVA_HOME:-}" ]; then
        echo "$JAVA_HOME/bin/java"
    else
        command -v java || echo "$DEBIAN"/usr/lib/jvm/java-17-openjdk-*/bin/java
    fi
}

java_major() { "$(java_program)" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p'; }

# What Debian's installation would have made from the system's certificates: Java's own form of them.
truststore() {
    "${SEALAKE_TEST_PYTHON:-python3}" - "$1" <<'EOF'
import sys
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

with open("/etc/ssl/certs/ca-certificates.crt", "rb") as bundle:
    certificates = x509.load_pem_x509_certificates(bundle.read())
entries = [pkcs12.PKCS12Certificate(c, str(i).encode()) for i, c in enumerate(certificates)]
with open(sys.argv[1], "wb") as store:
    store.write(pkcs12.serialize_java_truststore(entries, BestAvailableEncryption(b"changeit")))
EOF
}

# Maven from PATH, else the unpacked one with the unpacked Java.
maven() {
    if have mvn; then
        mvn "$@"
        return
    fi
    truststore "$PWD/truststore" || return 1
    JAVA_HOME=$(dirname "$(dirname "$(readlink -f "$(java_program)")")") \
        MAVEN_OPTS="-Duser.home=$HOME -Djavax.net.ssl.trustStore=$PWD/truststore -Djavax.net.ssl.trustStorePassword=changeit" \
        "$DEBIAN/usr/share/maven/bin/mvn" "$@" || return 1
    rm truststore
}

fill() {
    cat >pom.xml <<EOF
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>sealake.test</groupId><artifactId>kafka</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$VERSION</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
EOF
    maven -B -q dependency:copy-dependencies -DoutputDirectory=libs -DincludeScope=runtime || return 1
    ls libs/kafka_2.13-$VERSION.jar
}

get() {
    local major java
    if ! have "$(java_program)" || { [ ! -d "$HOME_DIR/libs" ] && ! have mvn; }; then
        # Their whole closure: Maven's folder links to the jars of the packages beside it.
        debian "$DEBIAN" /dev/null maven openjdk-17-jre-headless
    fi
    java=$(java_program)
    major=$(java_major)
    [ "${major:-0}" -ge 17 ] || missing "Java ${major:-of unknown version} ($java) is too old, 17 is needed"
    [ -d "$HOME_DIR/libs" ] || cached "$HOME_DIR" fill ||
        missing "Kafka could not be got with Maven ($(why "$HOME_DIR"))"
    emit SEALAKE_TEST_JAVA "$java"
    emit SEALAKE_TEST_KAFKA_HOME "$HOME_DIR"
    emit SEALAKE_TEST_KAFKA_VERSION "$(basename "$HOME_DIR"/libs/kafka_2.13-*.jar .jar | sed 's/.*-//')"
}

run_java() { "$(java_program)" -Xmx128m -XX:+UseSerialGC -cp "$HOME_DIR/libs/*" "$@"; }

properties() {
    local dir=$1 port=$2 controller=$3 listener=$4
    cat <<EOF
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$controller
listeners=$listener://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller
advertised.listeners=$listener://127.0.0.1:$port
controller.listener.names=CONTROLLER
inter.broker.listener.name=$listener
listener.security.protocol.map=$listener:$listener,CONTROLLER:PLAINTEXT
log.dirs=$dir/data
num.partitions=1
auto.create.topics.enable=true
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
# A message of 10 MB is one of the tests.
message.max.bytes=33554432
# Events of 1970 and 9999 must get in and stay; a test of expiry sets its topic's retention.ms and
# segment.ms, and sees the effect within seconds.
log.retention.ms=-1
log.message.timestamp.after.max.ms=9223372036854775807
log.retention.check.interval.ms=1000
log.initial.task.delay.ms=1000
log.segment.delete.delay.ms=1000
# Small buffers: the broker shares a machine with a compiler.
log.cleaner.dedupe.buffer.size=4194304
EOF
}

is_ready() { grep -q 'Kafka Server started' "$1/log"; }

start() {
    local dir port=$2 extra=${3:-}
    mkdir -p "$1"
    dir=$(cd "$1" && pwd)
    if alive "$dir/pid"; then
        say "kafka: a broker already runs in $dir"
        return 1
    fi
    [ -d "$HOME_DIR/libs" ] || missing "Kafka is not there: run \`tests/env/kafka.sh get\` first"
    properties "$dir" "$port" "$(free_port)" "$([ -n "$extra" ] && echo SASL_SSL || echo PLAINTEXT)" >"$dir/server.properties"
    [ -z "$extra" ] || cat "$extra" >>"$dir/server.properties"
    if [ ! -f "$dir/data/meta.properties" ]; then
        run_java kafka.tools.StorageTool format -t "$(run_java kafka.tools.StorageTool random-uuid 2>/dev/null)" \
            -c "$dir/server.properties" >"$dir/format.log" 2>&1 ||
            { say "kafka: format failed: $(tail -n 2 "$dir/format.log")"; return 1; }
    fi
    : >"$dir/log"
    spawn "$dir" "$(java_program)" -Xmx512m -XX:+UseSerialGC \
        -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
        -Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info \
        -cp "$HOME_DIR/libs/*" kafka.Kafka "$dir/server.properties"
    ready "$dir" 90 kafka is_ready "$dir" || { halt "$dir/pid" KILL; return 1; }
}

case ${1:-} in
get) get ;;
start) start "$2" "$3" "${4:-}" ;;
stop) halt "$2/pid" TERM ;;
kill) halt "$2/pid" KILL ;;
*) say "usage: kafka.sh get | start DIR PORT [PROPERTIES] | stop DIR | kill DIR"; exit 2 ;;
esac
