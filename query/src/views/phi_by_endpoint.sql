-- Which kinds of identifiers were sent to which endpoint, and what was done with them.
--   endpoint: Host of the model endpoint, else the gateway, else the provider.
--   provider: gen_ai.provider.name of the calls.
--   category: What was found: NAME, DATE, MRN, …
--   cfr: Letter of 45 CFR 164.514(b)(2)(i), where the category has one.
--   action: What was done: remove, label, token, mask, shift, generalise or keep.
--   findings: Number of findings.
--   events: Number of events that have one.
--   last_seen: Start of the latest such call, UTC.
SELECT
    coalesce(endpoint_host, gateway_name, provider) AS endpoint,
    provider,
    category,
    cfr,
    action,
    count(*) AS findings,
    count(DISTINCT event_id) AS events,
    max(event_time) AS last_seen
FROM findings
GROUP BY coalesce(endpoint_host, gateway_name, provider), provider, category, cfr, action
