-- Which kinds of identifiers were sent to which endpoint, and what was done with them; an event that was stored twice counts once.
--   endpoint: Host of the model endpoint, else the gateway, else the provider.
--   provider: gen_ai.provider.name of the calls.
--   category: What was found: NAME, DATE, MRN, …
--   cfr: Letter of 45 CFR 164.514(b)(2)(i), where the category has one.
--   action: What was done: remove, label, token, mask, shift, generalise or keep.
--   findings: Number of findings.
--   events: Number of events that have one.
--   last_seen: Start of the latest such call, UTC.
SELECT
    endpoint,
    provider,
    finding['category'] AS category,
    finding['cfr'] AS cfr,
    finding['action'] AS action,
    count(*) AS findings,
    count(DISTINCT event_id) AS events,
    max(event_time) AS last_seen
FROM (
    SELECT event_id, event_time, endpoint, provider, unnest(findings) AS finding
    FROM (
        SELECT
            event_id,
            event_time,
            coalesce(endpoint_host, gateway_name, provider) AS endpoint,
            provider,
            findings,
            row_number() OVER (PARTITION BY event_id ORDER BY log_seq, segment, segment_row) AS copy
        FROM events
    )
    WHERE copy = 1
)
GROUP BY endpoint, provider, finding['category'], finding['cfr'], finding['action']
