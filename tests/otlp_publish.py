"""Publishes model calls with the OpenTelemetry SDK to a Collector, whose Kafka exporter writes them twice:
as otlp_proto to one topic and as otlp_json to another.

usage: otlp_publish.py ENDPOINT TOPIC_PROTO TOPIC_JSON COUNT

Each trace is one model call between spans that are none, as gateways emit them; each third call is followed by
a log record with the event name of the GenAI conventions.
"""

import json
import logging
import sys
import time

from opentelemetry import trace
from opentelemetry._logs import SeverityNumber
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

endpoint, topic_proto, topic_json, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
headers = {"sealake-topic-proto": topic_proto, "sealake-topic-json": topic_json}
resource = Resource.create({
    "service.name": "intake-assistant",
    "service.namespace": "cardiology",
    "deployment.environment.name": "production",
})

tracer_provider = TracerProvider(resource=resource)
tracer_provider.add_span_processor(
    BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint + "/v1/traces", headers=headers)))
tracer = tracer_provider.get_tracer("sealake-test")
logger_provider = LoggerProvider(resource=resource)
logger_provider.add_log_record_processor(
    BatchLogRecordProcessor(OTLPLogExporter(endpoint=endpoint + "/v1/logs", headers=headers)))
logger = logger_provider.get_logger("sealake-test")

for number in range(count):
    with tracer.start_as_current_span("POST /v1/chat/completions", kind=trace.SpanKind.SERVER):
        with tracer.start_as_current_span("auth"):
            pass
        with tracer.start_as_current_span("chat gpt-4o", kind=trace.SpanKind.CLIENT) as span:
            span.set_attributes({
                "gen_ai.operation.name": "chat",
                "gen_ai.provider.name": "openai",
                "gen_ai.request.model": "gpt-4o",
                "gen_ai.response.model": "gpt-4o-2024-08-06",
                "gen_ai.response.id": f"chatcmpl-{number:012x}",
                "gen_ai.usage.input_tokens": 100 + number,
                "gen_ai.usage.output_tokens": 10,
                "gen_ai.response.finish_reasons": ["stop"],
                "user.id": "nurse-7",
                "gen_ai.input.messages": json.dumps([{
                    "role": "user",
                    "parts": [{"type": "text", "content": f"Call number {number}: is Margaret Holloway, MRN 00481516, due?"}],
                }]),
                "gen_ai.output.messages": json.dumps([{
                    "role": "assistant",
                    "parts": [{"type": "text", "content": "Her next visit is due."}],
                    "finish_reason": "stop",
                }]),
            })
    if number % 3 == 0:
        logger.emit(
            timestamp=time.time_ns(),
            severity_number=SeverityNumber.INFO,
            event_name="gen_ai.client.inference.operation.details",
            attributes={
                "gen_ai.operation.name": "chat",
                "gen_ai.provider.name": "anthropic",
                "gen_ai.request.model": "claude-sonnet-4-5",
                "gen_ai.usage.input_tokens": 7,
                "gen_ai.usage.output_tokens": 3,
            },
        )

flushed = tracer_provider.force_flush(30_000) and logger_provider.force_flush(30_000)
tracer_provider.shutdown()
logger_provider.shutdown()
print(json.dumps({"calls": count, "events": (count + 2) // 3, "other_spans": 2 * count}))
sys.exit(0 if flushed else 1)
