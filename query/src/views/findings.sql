-- What was found in each event and what was done with it, never the value: one row a finding of a stored copy; phi_by_endpoint counts an event once.
--   event_id: The event.
--   event_time: When the call started, UTC.
--   team_id: Team of the caller.
--   gateway_name: Gateway that carried the call.
--   endpoint_host: Host of the model endpoint.
--   provider: gen_ai.provider.name of the call.
--   model: The model that answered, else the one that was asked for.
--   column_name: Column of events in which it was found.
--   pointer: JSON pointer (RFC 6901) inside the column; null for plain text.
--   start_byte: First byte of the replacement in the stored text, from 0.
--   end_byte: Byte after its last one.
--   category: What it is: NAME, DATE, MRN, …
--   rule: The rules that fired, joined by a comma.
--   cfr: Letter of 45 CFR 164.514(b)(2)(i), where the category has one.
--   action: What was done: remove, label, token, mask, shift, generalise or keep.
--   score: Confidence between 0 and 1.
--   log_seq: Entry of the log that the event came with.
--   segment: Segment that holds the event.
--   segment_row: Row of the event in its segment, from 0.
SELECT
    event_id,
    event_time,
    team_id,
    gateway_name,
    endpoint_host,
    provider,
    model,
    finding['column'] AS column_name,
    finding['pointer'] AS pointer,
    finding['start'] AS start_byte,
    finding['end'] AS end_byte,
    finding['category'] AS category,
    finding['rule'] AS rule,
    finding['cfr'] AS cfr,
    finding['action'] AS action,
    finding['score'] AS score,
    log_seq,
    segment,
    segment_row
FROM (
    SELECT
        event_id,
        event_time,
        team_id,
        gateway_name,
        endpoint_host,
        provider,
        coalesce(response_model, request_model) AS model,
        unnest(findings) AS finding,
        log_seq,
        segment,
        segment_row
    FROM events
)
