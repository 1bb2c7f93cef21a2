import { type Attributes, SpanStatusCode, trace } from "@opentelemetry/api";

/** Spans go to Deno's own exporter with `OTEL_DENO=true`, and nowhere without. */
const tracer = trace.getTracer("wick");

/** Runs `work` as a span, a child of the one in progress; a failure is recorded and passed on. */
export function inSpan<T>(
  name: string,
  attributes: Attributes,
  work: () => Promise<T>,
): Promise<T> {
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Names the span that Deno makes of each request after its route, as the conventions ask. */
export function nameRequestSpan(method: string, route: string, requestId: string): void {
  const span = trace.getActiveSpan();
  span?.updateName(`${method} ${route}`);
  span?.setAttributes({ "http.route": route, "wick.request_id": requestId });
}
