-- What guardrails did, by team and model: how often they let a call pass, masked it or stopped it; an event that was stored twice counts once.
--   team_id: Team of the callers.
--   model: The model that answered, else the one that was asked for.
--   guardrail_outcome: not_run, passed, intervened, masked or failed.
--   calls: Number of events with that outcome.
--   last_call: Start of the latest one, UTC.
SELECT
    team_id,
    coalesce(response_model, request_model) AS model,
    guardrail_outcome,
    count(*) AS calls,
    max(event_time) AS last_call
FROM (
    SELECT
        team_id,
        request_model,
        response_model,
        guardrail_outcome,
        event_time,
        row_number() OVER (PARTITION BY event_id ORDER BY log_seq, segment, segment_row) AS copy
    FROM events
)
WHERE copy = 1 AND guardrail_outcome IS NOT NULL
GROUP BY team_id, coalesce(response_model, request_model), guardrail_outcome
