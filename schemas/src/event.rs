//! `event/1`: the canonical audit event, one row for each record that a gateway or endpoint wrote.
//!
//! The vocabulary is OpenTelemetry's (`gen_ai.*` of the GenAI semantic conventions), and message columns hold
//! its message-parts JSON. To add a column: one line in [`EVENT`] with the next free field id, and, where code
//! must set it, one constant below.

use crate::column::Class::{
    self, FreeText, Number, Opaque, Provenance, ShapedId, Subject, Vocabulary, Workforce,
};
use crate::column::{Column, Schema, Type::*, optional, required};

/// The table of canonical events.
pub static EVENT: Schema = Schema {
    id: "event/1",
    doc: "One audit event: a model call, a tool call, a retrieval, as its gateway or endpoint recorded it.",
    columns: COLUMNS,
};

/// The value of the column `schema_version`.
pub const VERSION: i64 = 1;

const COLUMNS: &[Column] = &[
    // Identity and provenance.
    required(
        2,
        "event_id",
        FixedBinary(32),
        Provenance,
        "SHA-256 over source kind, instance and the producer's own id; see id_basis.",
    ),
    required(
        3,
        "id_basis",
        Dict,
        Provenance,
        "What event_id is made of: native (the producer's id) or offset (the Kafka position).",
    ),
    required(4, "schema_version", Int16, Provenance, "Version of this schema."),
    required(5, "site", Dict, Provenance, "The data plane that ingested the event, from the configuration."),
    required(
        6,
        "source_kind",
        Dict,
        Provenance,
        "The format the record came in: otel_genai, openinference, litellm, bedrock, sealake, …",
    ),
    optional(
        7,
        "source_instance",
        Dict,
        Workforce,
        "The gateway, account or resource that wrote the record.",
    ),
    required(
        8,
        "record_kind",
        Dict,
        Provenance,
        "llm_call, embedding, tool_call, retrieval, guardrail, agent or admin.",
    ),
    required(
        9,
        "kafka_source",
        Dict,
        Provenance,
        "The Kafka cluster and epoch that the record was read from.",
    ),
    required(10, "kafka_topic", Dict, Provenance, "Kafka topic."),
    required(11, "kafka_partition", Int32, Provenance, "Kafka partition."),
    required(12, "kafka_offset", Int64, Provenance, "Kafka offset."),
    required(
        13,
        "kafka_index",
        Int32,
        Provenance,
        "Position of the record inside its Kafka message, from 0.",
    ),
    required(
        14,
        "raw_hash",
        FixedBinary(32),
        Opaque,
        "Keyed hash (HMAC-SHA-256) of the Kafka message that the record came in.",
    ),
    required(15, "raw_bytes", Int64, Number, "Size of that Kafka message in bytes."),
    // Time.
    required(16, "event_time", Time, Class::Time, "When the call started, UTC."),
    optional(17, "end_time", Time, Class::Time, "When the call ended, UTC."),
    required(18, "ingest_time", Time, Provenance, "When Sealake read the record, UTC."),
    required(19, "time_source", Dict, Provenance, "Whose clock event_time is: producer, kafka or ingest."),
    optional(20, "duration_ms", Float64, Number, "Duration of the call in milliseconds."),
    optional(21, "ttft_ms", Float64, Number, "Time to the first token in milliseconds."),
    // Correlation.
    optional(22, "request_id", Text, ShapedId, "The gateway's or endpoint's id of the request."),
    optional(23, "response_id", Text, ShapedId, "The provider's id of the answer."),
    optional(24, "call_group_id", Text, ShapedId, "Groups retries and fallbacks of one call."),
    optional(25, "trace_id", FixedBinary(16), ShapedId, "W3C trace id."),
    optional(26, "span_id", FixedBinary(8), ShapedId, "W3C span id."),
    optional(27, "parent_span_id", FixedBinary(8), ShapedId, "W3C span id of the caller."),
    optional(28, "session_id", Text, ShapedId, "The application's session."),
    optional(29, "conversation_id", Text, ShapedId, "The conversation that the call belongs to."),
    optional(30, "attempt", Int16, Number, "Number of the attempt, from 1."),
    optional(31, "is_final_attempt", Bool, Number, "Whether no further attempt followed."),
    // Who, for whom, from where, why.
    optional(32, "actor_id", Text, Workforce, "Who made the call."),
    optional(33, "actor_type", Dict, Vocabulary, "user, api_key, iam_role, service_account or agent."),
    optional(34, "actor_email", Text, Workforce, "E-mail address of the caller."),
    optional(35, "actor_name", Text, Workforce, "Name of the caller."),
    optional(
        36,
        "on_behalf_of",
        Text,
        Subject,
        "The application's end user, often a patient; a keyed token.",
    ),
    optional(37, "api_key_ref", Text, ShapedId, "Hash or alias of the API key, never the key."),
    optional(
        38,
        "client_ip",
        Text,
        Workforce,
        "Address of the caller; behind a proxy it may be the proxy's.",
    ),
    optional(39, "user_agent", Text, Workforce, "User agent of the caller."),
    optional(40, "org_id", Dict, Workforce, "Organisation of the caller."),
    optional(41, "team_id", Dict, Workforce, "Team of the caller."),
    optional(42, "app_name", Dict, Workforce, "Application that made the call."),
    optional(43, "environment", Dict, Vocabulary, "Deployment environment, such as production."),
    optional(44, "purpose", Dict, FreeText, "Why the call was made, as the caller declared it."),
    optional(
        45,
        "subject_ref",
        Text,
        Subject,
        "Keyed token of the patient's or customer's id, where the source names one.",
    ),
    // Where it went.
    optional(46, "gateway_name", Dict, Vocabulary, "Gateway that carried the call."),
    optional(47, "gateway_route", Dict, Vocabulary, "Route of the gateway."),
    optional(48, "endpoint_host", Dict, Vocabulary, "Host of the model endpoint."),
    optional(49, "operation", Dict, Vocabulary, "gen_ai.operation.name: chat, embeddings, execute_tool, …"),
    optional(50, "provider", Dict, Vocabulary, "gen_ai.provider.name: openai, anthropic, aws.bedrock, …"),
    optional(51, "request_model", Dict, Vocabulary, "The model that was asked for."),
    optional(52, "response_model", Dict, Vocabulary, "The model that answered."),
    optional(53, "deployment", Dict, ShapedId, "Deployment, inference profile or model group."),
    optional(54, "region", Dict, Vocabulary, "Cloud region of the call."),
    optional(55, "inference_region", Dict, Vocabulary, "Region in which the model ran, where it differs."),
    optional(56, "is_stream", Bool, Number, "Whether the answer was streamed."),
    // Content, redacted.
    optional(
        57,
        "request_params_json",
        Text,
        FreeText,
        "Request parameters (temperature, max_tokens, …) as JSON.",
    ),
    optional(
        58,
        "system_instructions",
        LargeText,
        FreeText,
        "System instructions, message-parts JSON, redacted.",
    ),
    optional(
        59,
        "input_messages",
        LargeText,
        FreeText,
        "Messages sent to the model, message-parts JSON, redacted.",
    ),
    optional(
        60,
        "output_messages",
        LargeText,
        FreeText,
        "Messages that came back, message-parts JSON, redacted.",
    ),
    optional(61, "prompt_text", LargeText, FreeText, "The text of the user's last message, redacted."),
    optional(62, "response_text", LargeText, FreeText, "The text of the answer, redacted."),
    optional(63, "tool_definitions_json", LargeText, FreeText, "Tools offered to the model, as JSON."),
    optional(64, "tool_calls", List(&TOOL_CALL), FreeText, "Tool calls that the model made."),
    optional(73, "mcp_method", Dict, Vocabulary, "Method of the Model Context Protocol."),
    optional(74, "mcp_session_id", Text, ShapedId, "MCP session."),
    optional(75, "mcp_resource_uri", Text, FreeText, "MCP resource."),
    optional(
        76,
        "retrieval_docs",
        List(&RETRIEVAL_DOC),
        FreeText,
        "Documents that retrieval returned; no content.",
    ),
    optional(
        81,
        "attachments",
        List(&ATTACHMENT),
        Opaque,
        "Images, audio and files, as keyed hash, type and size.",
    ),
    required(
        89,
        "content_state",
        Dict,
        Provenance,
        "inline, external, truncated, upstream_redacted or not_logged.",
    ),
    optional(90, "input_hash", FixedBinary(32), Opaque, "Keyed hash of the messages before redaction."),
    optional(91, "output_hash", FixedBinary(32), Opaque, "Keyed hash of the answer before redaction."),
    optional(92, "hash_key_id", Dict, Provenance, "Which key made the keyed hashes of this row."),
    // Use and cost.
    optional(93, "input_tokens", Int64, Number, "Tokens of the input, cached ones included."),
    optional(94, "output_tokens", Int64, Number, "Tokens of the output, reasoning included."),
    optional(95, "total_tokens", Int64, Number, "Input and output tokens."),
    optional(96, "cache_read_tokens", Int64, Number, "Input tokens read from a cache."),
    optional(97, "cache_write_tokens", Int64, Number, "Input tokens written to a cache."),
    optional(98, "reasoning_tokens", Int64, Number, "Output tokens spent on reasoning."),
    optional(99, "cost_usd", Decimal { precision: 18, scale: 9 }, Number, "Cost in US dollars."),
    optional(100, "cost_source", Dict, Provenance, "producer or computed."),
    // Outcome.
    required(101, "status", Dict, Provenance, "success, error, blocked, partial or unknown."),
    optional(102, "http_status", Int16, Number, "HTTP status code of the answer."),
    optional(103, "error_type", Dict, Vocabulary, "Class of the error."),
    optional(104, "error_message", Text, FreeText, "Text of the error, redacted."),
    optional(
        105,
        "finish_reasons",
        List(&FINISH_REASON),
        Vocabulary,
        "Why the model stopped, one an answer.",
    ),
    optional(107, "cache_status", Dict, Vocabulary, "hit or miss of the gateway's cache."),
    optional(108, "guardrail_outcome", Dict, Vocabulary, "not_run, passed, intervened, masked or failed."),
    optional(
        109,
        "guardrails",
        List(&GUARDRAIL),
        FreeText,
        "Guardrails that ran; never the text that they matched.",
    ),
    // Governance.
    optional(122, "data_classification", Dict, Vocabulary, "phi, pii, none or unknown."),
    optional(123, "classification_source", Dict, Vocabulary, "Who classified: producer, policy or redactor."),
    optional(124, "baa_covered", Bool, Number, "Whether a business associate agreement covers the endpoint."),
    optional(125, "baa_ref", Dict, Vocabulary, "The agreement."),
    optional(126, "baa_basis", Dict, Vocabulary, "What baa_covered rests on."),
    required(127, "redaction_status", Dict, Provenance, "clean (nothing found) or redacted."),
    required(
        128,
        "redaction_policy",
        Dict,
        Provenance,
        "Policy that treated the event: name, version and hash.",
    ),
    optional(
        129,
        "findings",
        List(&FINDING),
        Provenance,
        "What was found where and what was done; never the value.",
    ),
    optional(
        140,
        "unmapped_json",
        LargeText,
        FreeText,
        "All fields of the record that have no column, redacted.",
    ),
];

const TOOL_CALL: Column = required(65, "item", Struct(TOOL_CALL_FIELDS), FreeText, "One tool call.");
const TOOL_CALL_FIELDS: &[Column] = &[
    optional(66, "id", Text, ShapedId, "Id of the tool call."),
    optional(67, "name", Dict, Vocabulary, "Name of the tool."),
    optional(68, "type", Dict, Vocabulary, "function, mcp, …"),
    optional(69, "server", Dict, Vocabulary, "Server that ran the tool."),
    optional(70, "arguments_json", LargeText, FreeText, "Arguments, redacted."),
    optional(71, "result_json", LargeText, FreeText, "Result, redacted."),
    optional(72, "status", Dict, Vocabulary, "success or error."),
];

const RETRIEVAL_DOC: Column = required(77, "item", Struct(RETRIEVAL_DOC_FIELDS), FreeText, "One document.");
const RETRIEVAL_DOC_FIELDS: &[Column] = &[
    optional(78, "id", Text, ShapedId, "Id of the document."),
    optional(79, "score", Float64, Number, "Score that the retriever gave."),
    optional(80, "source", Text, FreeText, "Where the document lies."),
];

const ATTACHMENT: Column = required(82, "item", Struct(ATTACHMENT_FIELDS), Opaque, "One attachment.");
const ATTACHMENT_FIELDS: &[Column] = &[
    optional(83, "modality", Dict, Vocabulary, "image, audio, video or file."),
    optional(84, "mime_type", Dict, Vocabulary, "Media type."),
    optional(85, "uri", Text, FreeText, "Where it lies, if outside."),
    optional(86, "hash", FixedBinary(32), Opaque, "Keyed hash of its bytes."),
    optional(87, "bytes", Int64, Number, "Its size in bytes."),
    optional(88, "disposition", Dict, Provenance, "hashed (the bytes were replaced) or external."),
];

const FINISH_REASON: Column =
    required(106, "item", Dict, Vocabulary, "stop, length, tool_call, content_filter, …");

const GUARDRAIL: Column = required(110, "item", Struct(GUARDRAIL_FIELDS), FreeText, "One guardrail.");
const GUARDRAIL_FIELDS: &[Column] = &[
    optional(111, "name", Dict, Vocabulary, "Name."),
    optional(112, "provider", Dict, Vocabulary, "Provider."),
    optional(113, "stage", Dict, Vocabulary, "pre_call, post_call, …"),
    optional(114, "status", Dict, Vocabulary, "Outcome."),
    optional(115, "action", Dict, Vocabulary, "What it did."),
    optional(116, "categories", List(&GUARDRAIL_CATEGORY), Vocabulary, "Categories it reported."),
    optional(118, "score", Float64, Number, "Score it reported."),
    optional(119, "entity_counts", Counts, Vocabulary, "Entities it masked, by type."),
    optional(120, "latency_ms", Float64, Number, "Its duration in milliseconds."),
];
const GUARDRAIL_CATEGORY: Column = required(117, "item", Dict, Vocabulary, "A category.");

const FINDING: Column = required(130, "item", Struct(FINDING_FIELDS), Provenance, "One finding.");

/// The fields of an item of `findings`, in the order of [`crate::Finding`].
pub const FINDING_FIELDS: &[Column] = &[
    required(131, "column", Dict, Provenance, "Column in which it was found."),
    optional(
        132,
        "pointer",
        Text,
        Provenance,
        "JSON pointer (RFC 6901) inside the column, its keys redacted.",
    ),
    required(133, "start", Int32, Provenance, "First byte in the stored string."),
    required(134, "end", Int32, Provenance, "Byte after the last one in the stored string."),
    required(135, "category", Dict, Provenance, "What it is: NAME, DATE, MRN, …"),
    required(136, "rule", Dict, Provenance, "The rules that fired, joined by a comma."),
    optional(137, "cfr", Dict, Provenance, "Letter of 45 CFR 164.514(b)(2)(i)."),
    required(
        138,
        "action",
        Dict,
        Provenance,
        "What was done: remove, label, token, mask, shift, generalise or keep.",
    ),
    required(139, "score", Float32, Provenance, "Confidence between 0 and 1."),
];

macro_rules! positions {
    ($($constant:ident = $name:literal)*) => {
        $(#[doc = concat!("Position of the column `", $name, "`.")] pub const $constant: usize = EVENT_TABLE.index($name);)*
    };
}

const EVENT_TABLE: Schema = Schema { id: "event/1", doc: "", columns: COLUMNS };

positions! {
    EVENT_ID = "event_id" ID_BASIS = "id_basis" SCHEMA_VERSION = "schema_version" SITE = "site"
    SOURCE_KIND = "source_kind" SOURCE_INSTANCE = "source_instance" RECORD_KIND = "record_kind"
    KAFKA_SOURCE = "kafka_source" KAFKA_TOPIC = "kafka_topic" KAFKA_PARTITION = "kafka_partition"
    KAFKA_OFFSET = "kafka_offset" KAFKA_INDEX = "kafka_index" RAW_HASH = "raw_hash" RAW_BYTES = "raw_bytes"
    EVENT_TIME = "event_time" END_TIME = "end_time" INGEST_TIME = "ingest_time" TIME_SOURCE = "time_source"
    DURATION_MS = "duration_ms" TTFT_MS = "ttft_ms" REQUEST_ID = "request_id" RESPONSE_ID = "response_id"
    CALL_GROUP_ID = "call_group_id" TRACE_ID = "trace_id" SPAN_ID = "span_id" PARENT_SPAN_ID = "parent_span_id"
    SESSION_ID = "session_id" CONVERSATION_ID = "conversation_id" ATTEMPT = "attempt"
    IS_FINAL_ATTEMPT = "is_final_attempt" ACTOR_ID = "actor_id" ACTOR_TYPE = "actor_type"
    ACTOR_EMAIL = "actor_email" ACTOR_NAME = "actor_name" ON_BEHALF_OF = "on_behalf_of" API_KEY_REF = "api_key_ref"
    CLIENT_IP = "client_ip" USER_AGENT = "user_agent" ORG_ID = "org_id" TEAM_ID = "team_id" APP_NAME = "app_name"
    ENVIRONMENT = "environment" PURPOSE = "purpose" SUBJECT_REF = "subject_ref" GATEWAY_NAME = "gateway_name"
    GATEWAY_ROUTE = "gateway_route" ENDPOINT_HOST = "endpoint_host" OPERATION = "operation" PROVIDER = "provider"
    REQUEST_MODEL = "request_model" RESPONSE_MODEL = "response_model" DEPLOYMENT = "deployment" REGION = "region"
    INFERENCE_REGION = "inference_region" IS_STREAM = "is_stream" REQUEST_PARAMS_JSON = "request_params_json"
    SYSTEM_INSTRUCTIONS = "system_instructions" INPUT_MESSAGES = "input_messages"
    OUTPUT_MESSAGES = "output_messages" PROMPT_TEXT = "prompt_text" RESPONSE_TEXT = "response_text"
    TOOL_DEFINITIONS_JSON = "tool_definitions_json" TOOL_CALLS = "tool_calls" MCP_METHOD = "mcp_method"
    MCP_SESSION_ID = "mcp_session_id" MCP_RESOURCE_URI = "mcp_resource_uri" RETRIEVAL_DOCS = "retrieval_docs"
    ATTACHMENTS = "attachments" CONTENT_STATE = "content_state" INPUT_HASH = "input_hash"
    OUTPUT_HASH = "output_hash" HASH_KEY_ID = "hash_key_id" INPUT_TOKENS = "input_tokens"
    OUTPUT_TOKENS = "output_tokens" TOTAL_TOKENS = "total_tokens" CACHE_READ_TOKENS = "cache_read_tokens"
    CACHE_WRITE_TOKENS = "cache_write_tokens" REASONING_TOKENS = "reasoning_tokens" COST_USD = "cost_usd"
    COST_SOURCE = "cost_source" STATUS = "status" HTTP_STATUS = "http_status" ERROR_TYPE = "error_type"
    ERROR_MESSAGE = "error_message" FINISH_REASONS = "finish_reasons" CACHE_STATUS = "cache_status"
    GUARDRAIL_OUTCOME = "guardrail_outcome" GUARDRAILS = "guardrails" DATA_CLASSIFICATION = "data_classification"
    CLASSIFICATION_SOURCE = "classification_source" BAA_COVERED = "baa_covered" BAA_REF = "baa_ref"
    BAA_BASIS = "baa_basis" REDACTION_STATUS = "redaction_status" REDACTION_POLICY = "redaction_policy"
    FINDINGS = "findings" UNMAPPED_JSON = "unmapped_json"
}

/// Digits after the point of the column `cost_usd`.
pub const COST_SCALE: u32 = 9;
