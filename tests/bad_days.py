"""What bad days need of a broker.

input BROKERS TOPIC                      publishes one message of each bad kind among good ones (see MESSAGES)
expire BROKERS TOPIC PARTITION OFFSET    deletes the messages before OFFSET, as retention would
anew BROKERS TOPIC PARTITIONS            deletes a topic and makes it again
"""

import json
import sys
import time


def event(**fields):
    return json.dumps({
        "schema_version": 1, "event_time": "2026-11-20T10:00:00Z", "operation": "chat", "provider": "openai",
        "request_model": "gpt-5", "status": "success", **fields,
    }).encode()


# By offset. The test knows what becomes of each.
MESSAGES = [
    event(input_tokens=0),
    event(input_tokens=1, input_messages="A long day. " * 850_000),
    b'{"schema_version":1,"operation":"chat","request_id":"\xff\xfe"}',
    event()[:-20],
    b'{"schema_version":1,"operation":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    b"",
    None,
    b'{"hello":"world"}',
    event().replace(b'"schema_version": 1', b'"schema_version": 99'),
    event(input_tokens=9, event_time="1970-01-01T00:00:00Z"),
    event(input_tokens=10, event_time="9999-12-31T23:59:59Z"),
    event(input_tokens=11),
]


def publish(brokers, topic):
    from confluent_kafka import Producer

    producer = Producer({"bootstrap.servers": brokers, "message.max.bytes": 30_000_000})
    for message in MESSAGES:
        producer.produce(topic, message, partition=0)
    assert producer.flush(60) == 0


def admin(brokers):
    from confluent_kafka.admin import AdminClient

    return AdminClient({"bootstrap.servers": brokers})


def done(futures):
    for future in futures.values():
        future.result()


def expire(brokers, topic, partition, offset):
    from confluent_kafka import TopicPartition

    client = admin(brokers)  # Its answers come only while it lives.
    done(client.delete_records([TopicPartition(topic, int(partition), int(offset))]))


def anew(brokers, topic, partitions):
    from confluent_kafka.admin import NewTopic

    client = admin(brokers)
    done(client.delete_topics([topic]))
    while topic in client.list_topics(timeout=10).topics:
        time.sleep(0.2)
    done(client.create_topics([NewTopic(topic, int(partitions), 1)]))


if __name__ == "__main__":
    {"input": publish, "expire": expire, "anew": anew}[sys.argv[1]](*sys.argv[2:])
