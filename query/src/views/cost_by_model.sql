-- Cost and tokens by provider and model; an event that was stored twice counts once.
--   provider: gen_ai.provider.name of the calls.
--   model: The model that answered, else the one that was asked for.
--   calls: Number of calls.
--   input_tokens: Tokens of the inputs, cached ones included.
--   output_tokens: Tokens of the outputs, reasoning included.
--   cost_usd: Cost in US dollars, of the calls that have one.
--   calls_without_cost: Calls that say no cost: what cost_usd leaves out.
--   first_call: Earliest call.
--   last_call: Latest call.
SELECT
    provider,
    coalesce(response_model, request_model) AS model,
    count(*) AS calls,
    sum(input_tokens) AS input_tokens,
    sum(output_tokens) AS output_tokens,
    sum(cost_usd) AS cost_usd,
    count(*) FILTER (WHERE cost_usd IS NULL) AS calls_without_cost,
    min(event_time) AS first_call,
    max(event_time) AS last_call
FROM (
    SELECT
        provider,
        request_model,
        response_model,
        input_tokens,
        output_tokens,
        cost_usd,
        event_time,
        row_number() OVER (PARTITION BY event_id ORDER BY log_seq, segment, segment_row) AS copy
    FROM events
)
WHERE copy = 1
GROUP BY provider, coalesce(response_model, request_model)
