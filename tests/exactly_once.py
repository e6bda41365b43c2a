"""Publishes numbered events, and counts them in a lake without any of Sealake's code.

publish BROKERS TOPIC PARTITIONS FROM MESSAGES
    makes the topic if it is not there, publishes MESSAGES messages of 1 to 3 events each, numbered from FROM on
    (the column input_tokens), and prints {"events": n}
count LAKE
    reads the log's entries and the live segments that they name, and prints
    {"rows", "positions", "numbers", "least", "greatest", "batches": {instance: n}}
"""

import collections
import glob
import json
import os
import sys


def event(number):
    return {
        "schema_version": 1,
        "event_time": "2026-11-20T10:00:00Z",
        "operation": "chat",
        "provider": "openai",
        "request_id": f"req_{number:08}",
        "request_model": "gpt-5",
        "input_tokens": number,
        "status": "success",
    }


def publish(brokers, topic, partitions, first, messages):
    from confluent_kafka import Producer
    from confluent_kafka.admin import AdminClient, NewTopic

    admin = AdminClient({"bootstrap.servers": brokers})
    if topic not in admin.list_topics(timeout=10).topics:
        for made in admin.create_topics([NewTopic(topic, partitions, 1)]).values():
            made.result()
    failed = []
    producer = Producer({"bootstrap.servers": brokers, "linger.ms": 5, "acks": "all"})
    number = first
    for message in range(messages):
        events = [event(number + nth) for nth in range(1 + message % 3)]
        number += len(events)
        payload = json.dumps(events if len(events) > 1 else events[0])
        producer.produce(topic, payload, partition=message % partitions,
                         on_delivery=lambda error, _: failed.append(error) if error else None)
        producer.poll(0)
    assert producer.flush(60) == 0 and not failed, failed
    print(json.dumps({"events": number - first}))


def count(lake):
    import pyarrow.parquet

    positions, numbers, rows = set(), set(), 0
    batches = collections.Counter()
    for path in sorted(glob.glob(os.path.join(lake, "log", "*", "*.entry"))):
        with open(path, "rb") as entry:
            manifest = json.loads(entry.readline())
        if manifest["kind"] != "batch":
            continue
        batches[manifest["writer"]["instance"]] += 1
        columns = ["kafka_source", "kafka_topic", "kafka_partition", "kafka_offset", "kafka_index", "input_tokens"]
        for file in manifest.get("files", []):
            # By this thread alone: a thread that pyarrow starts late can abort the interpreter's end.
            opened = pyarrow.parquet.ParquetFile(os.path.join(lake, file["path"]), pre_buffer=False)
            table = opened.read(columns=columns, use_threads=False)
            read = [table.column(name).to_pylist() for name in columns]
            rows += table.num_rows
            positions.update(zip(*read[:5]))
            numbers.update(read[5])
    print(json.dumps({
        "rows": rows,
        "positions": len(positions),
        "numbers": len(numbers),
        "least": min(numbers, default=None),
        "greatest": max(numbers, default=None),
        "batches": batches,
    }))


if __name__ == "__main__":
    if sys.argv[1] == "publish":
        brokers, topic = sys.argv[2:4]
        publish(brokers, topic, *map(int, sys.argv[4:]))
    else:
        count(sys.argv[2])
