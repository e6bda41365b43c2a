-- Who asked which model what, and what came back, redacted: one row a stored copy, so count(DISTINCT event_id) is the number of events.
--   event_time: When the call started, UTC.
--   actor: Who made the call: name, else e-mail address, id or key reference, kept or tokenised as the topic says.
--   actor_type: user, api_key, iam_role, service_account or agent.
--   team_id: Team of the caller.
--   app_name: Application that made the call.
--   client_ip: Address of the caller; behind a proxy it may be the proxy's.
--   on_behalf_of: The application's end user, often a patient; a keyed token.
--   purpose: Why the call was made, as the caller declared it.
--   operation: gen_ai.operation.name: chat, embeddings, execute_tool, …
--   provider: gen_ai.provider.name of the call.
--   model: The model that answered, else the one that was asked for.
--   region: Region in which the model ran, else the one that was called.
--   prompt: The text of the user's last message, redacted.
--   answer: The text of the answer, redacted.
--   status: success, error, blocked, partial or unknown.
--   findings: Number of findings in this copy of the event.
--   cost_usd: Cost in US dollars.
--   request_id: The gateway's or endpoint's id of the request.
--   event_id: The event.
--   log_seq: Entry of the log that the event came with.
--   segment: Segment that holds the event.
--   segment_row: Row of the event in its segment, from 0.
SELECT
    event_time,
    coalesce(actor_name, actor_email, actor_id, api_key_ref) AS actor,
    actor_type,
    team_id,
    app_name,
    client_ip,
    on_behalf_of,
    purpose,
    operation,
    provider,
    coalesce(response_model, request_model) AS model,
    coalesce(inference_region, region) AS region,
    prompt_text AS prompt,
    response_text AS answer,
    status,
    coalesce(cardinality(findings), 0) AS findings,
    cost_usd,
    request_id,
    event_id,
    log_seq,
    segment,
    segment_row
FROM events
