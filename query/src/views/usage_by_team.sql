-- Calls, tokens and cost by day and team; an event that was stored twice counts once.
--   day: Day of the calls, UTC.
--   team_id: Team of the callers.
--   calls: Number of calls.
--   actors: Number of different callers.
--   failed: Calls whose status is error, blocked or partial; of those that are unknown nobody said how they ended.
--   input_tokens: Tokens of the inputs, cached ones included.
--   output_tokens: Tokens of the outputs, reasoning included.
--   cost_usd: Cost in US dollars, of the calls that have one.
SELECT
    CAST(event_time AS DATE) AS day,
    team_id,
    count(*) AS calls,
    count(DISTINCT coalesce(actor_id, actor_email, api_key_ref)) AS actors,
    count(*) FILTER (WHERE status NOT IN ('success', 'unknown')) AS failed,
    sum(input_tokens) AS input_tokens,
    sum(output_tokens) AS output_tokens,
    sum(cost_usd) AS cost_usd
FROM (
    SELECT
        event_time,
        team_id,
        actor_id,
        actor_email,
        api_key_ref,
        status,
        input_tokens,
        output_tokens,
        cost_usd,
        row_number() OVER (PARTITION BY event_id ORDER BY log_seq, segment, segment_row) AS copy
    FROM events
)
WHERE copy = 1
GROUP BY CAST(event_time AS DATE), team_id
