-- What came in and what did not, from the log's manifests: messages by topic; quarantined, skipped and missing ones by reason.
--   what: topic, quarantined, skipped_message, skipped_record or gap.
--   name: The Kafka topic, or the reason.
--   source: The Kafka cluster and epoch of a topic.
--   partitions: Partitions of the topic that have been read.
--   count: Messages of the topic that were read; else messages or records with that reason.
--   entries: Entries of the log that have some.
--   first_committed: When the first of them was committed, UTC.
--   last_committed: When the last of them was committed, UTC.
SELECT
    'topic' AS what,
    part['topic'] AS name,
    part['source'] AS source,
    count(DISTINCT part['partition']) AS partitions,
    CAST(sum(part['next'] - part['first'] - part['gaps']) AS BIGINT) AS count,
    count(DISTINCT seq) AS entries,
    min(committed) AS first_committed,
    max(committed) AS last_committed
FROM (SELECT seq, committed, unnest(offsets) AS part FROM log)
GROUP BY part['topic'], part['source']
UNION ALL
SELECT
    part['what'] AS what,
    part['reason'] AS name,
    NULL AS source,
    NULL AS partitions,
    CAST(sum(part['count']) AS BIGINT) AS count,
    count(DISTINCT seq) AS entries,
    min(committed) AS first_committed,
    max(committed) AS last_committed
FROM (SELECT seq, committed, unnest(reasons) AS part FROM log)
GROUP BY part['what'], part['reason']
