"""What a bad day does to a topic, and what kcat cannot publish.

publish BROKERS TOPIC[/PARTITION] FILE…
    publishes each file as one message, in order, to the partition (0); the word `null` is a tombstone
remake BROKERS TOPIC [PARTITIONS]
    deletes the topic and makes it again
expire BROKERS TOPIC OFFSET
    deletes the messages of partition 0 before the offset
"""

import sys
import time

from confluent_kafka import Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic


def publish(brokers, place, *files):
    topic, _, partition = place.partition("/")
    failed = []
    producer = Producer({"bootstrap.servers": brokers, "acks": "all", "message.max.bytes": 32_000_000})
    for file in files:
        value = None
        if file != "null":
            with open(file, "rb") as message:
                value = message.read()
        producer.produce(topic, value, key=b"k", partition=int(partition or 0),
                         on_delivery=lambda error, _: failed.append(error) if error else None)
        producer.poll(0)
    assert producer.flush(60) == 0 and not failed, failed


def remake(brokers, topic, partitions="1"):
    admin = AdminClient({"bootstrap.servers": brokers})
    admin.delete_topics([topic])[topic].result()
    for _ in range(100):
        time.sleep(0.1)
        try:
            admin.create_topics([NewTopic(topic, int(partitions), 1)])[topic].result()
            return
        except Exception as error:  # the deletion takes a moment
            last = error
    raise last


def expire(brokers, topic, offset):
    admin = AdminClient({"bootstrap.servers": brokers})
    for deleted in admin.delete_records([TopicPartition(topic, 0, int(offset))]).values():
        deleted.result()


{"publish": publish, "remake": remake, "expire": expire}[sys.argv[1]](*sys.argv[2:])
