//! Words of many producers to the words of OpenTelemetry's GenAI conventions.
//!
//! A word that is not in a table stays as it is: the table knows spellings, it does not decide what exists.
//! Source: semantic-conventions-genai, registry of attributes; LiteLLM's provider list; Bedrock's and Anthropic's
//! stop reasons.

/// `gen_ai.provider.name` for a producer's name of a provider.
pub(super) fn provider(raw: &str) -> Option<&'static str> {
    const PROVIDERS: &[(&str, &[&str])] = &[
        ("openai", &["openai", "text-completion-openai", "open_ai"]),
        ("anthropic", &["anthropic", "claude", "anthropic_text"]),
        (
            "aws.bedrock",
            &["aws.bedrock", "bedrock", "aws_bedrock", "bedrock_converse", "amazon_bedrock", "aws"],
        ),
        (
            "azure.ai.openai",
            &["azure.ai.openai", "az.ai.openai", "azure", "azure_openai", "azure_text", "azureopenai"],
        ),
        ("azure.ai.inference", &["azure.ai.inference", "az.ai.inference", "azure_ai"]),
        ("gcp.vertex_ai", &["gcp.vertex_ai", "vertex_ai", "vertexai", "vertex_ai_beta", "vertex"]),
        ("gcp.gemini", &["gcp.gemini", "gemini", "google_ai_studio", "google_genai"]),
        ("gcp.gen_ai", &["gcp.gen_ai", "google", "gcp"]),
        ("cohere", &["cohere", "cohere_chat"]),
        ("deepseek", &["deepseek"]),
        ("groq", &["groq"]),
        ("ibm.watsonx.ai", &["ibm.watsonx.ai", "watsonx", "watsonx_text", "ibm"]),
        ("mistral_ai", &["mistral_ai", "mistral", "mistralai", "codestral"]),
        ("moonshot_ai", &["moonshot_ai", "moonshot"]),
        ("perplexity", &["perplexity"]),
        ("x_ai", &["x_ai", "xai"]),
    ];
    find(PROVIDERS, raw)
}

/// `gen_ai.operation.name` for a producer's name of an operation.
pub(super) fn operation(raw: &str) -> Option<&'static str> {
    const OPERATIONS: &[(&str, &[&str])] = &[
        (
            "chat",
            &[
                "chat",
                "completion",
                "acompletion",
                "chat_completion",
                "chat.completions",
                "responses",
                "aresponses",
                "anthropic_messages",
                "converse",
                "conversestream",
                "llm",
            ],
        ),
        ("text_completion", &["text_completion", "atext_completion"]),
        ("generate_content", &["generate_content", "agenerate_content"]),
        ("embeddings", &["embeddings", "embedding", "aembedding"]),
        ("retrieval", &["retrieval", "retriever", "reranker", "rerank", "arerank", "avector_store_search"]),
        ("execute_tool", &["execute_tool", "tool", "tools/call", "call_mcp_tool", "acall_mcp_tool"]),
        ("invoke_agent", &["invoke_agent", "agent"]),
    ];
    find(OPERATIONS, raw)
}

/// `record_kind` of an operation.
pub(super) fn record_kind(operation: &str) -> &'static str {
    match self::operation(operation).unwrap_or(operation) {
        "embeddings" => "embedding",
        "execute_tool" => "tool_call",
        "retrieval" | "search_memory" => "retrieval",
        "invoke_agent" | "create_agent" | "invoke_workflow" | "plan" => "agent",
        "guardrail" | "moderation" | "amoderation" => "guardrail",
        _ => "llm_call",
    }
}

/// `gen_ai.response.finish_reasons` for a provider's word.
pub(super) fn finish_reason(raw: &str) -> &str {
    match raw {
        "end_turn" | "stop_sequence" | "eos" | "STOP" | "FINISH" | "COMPLETE" => "stop",
        "max_tokens" | "MAX_TOKENS" | "LENGTH" | "model_context_window_exceeded" => "length",
        "tool_calls" | "tool_use" | "function_call" => "tool_call",
        "guardrail_intervened" | "content_filtered" | "CONTENT_FILTERED" | "SAFETY" | "refusal" => {
            "content_filter"
        }
        other => other,
    }
}

fn find(table: &[(&'static str, &[&str])], raw: &str) -> Option<&'static str> {
    table
        .iter()
        .find(|(_, names)| names.iter().any(|name| name.eq_ignore_ascii_case(raw)))
        .map(|(normal, _)| *normal)
}
