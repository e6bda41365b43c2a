-- Calls that are known not to have succeeded: one row a stored copy, so count(DISTINCT event_id) is the number of events.
--   event_time: When the call started, UTC.
--   status: error, blocked or partial. Calls of which nobody said how they ended, unknown, are in who_prompted_what.
--   http_status: HTTP status code of the answer.
--   error_type: Class of the error.
--   error_message: Text of the error, redacted.
--   guardrail_outcome: not_run, passed, intervened, masked or failed.
--   actor: Who made the call.
--   team_id: Team of the caller.
--   gateway_name: Gateway that carried the call.
--   endpoint_host: Host of the model endpoint.
--   provider: gen_ai.provider.name of the call.
--   model: The model that answered, else the one that was asked for.
--   duration_ms: Duration of the call in milliseconds.
--   request_id: The gateway's or endpoint's id of the request.
--   event_id: The event.
--   log_seq: Entry of the log that the event came with.
--   segment: Segment that holds the event.
--   segment_row: Row of the event in its segment, from 0.
SELECT
    event_time,
    status,
    http_status,
    error_type,
    error_message,
    guardrail_outcome,
    coalesce(actor_name, actor_email, actor_id, api_key_ref) AS actor,
    team_id,
    gateway_name,
    endpoint_host,
    provider,
    coalesce(response_model, request_model) AS model,
    duration_ms,
    request_id,
    event_id,
    log_seq,
    segment,
    segment_row
FROM events
WHERE status NOT IN ('success', 'unknown')
