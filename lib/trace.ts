import { type Attributes, SpanStatusCode, trace } from "@opentelemetry/api";

/** Deno's own exporter sends the spans, if `OTEL_DENO=true`. */
const tracer = trace.getTracer("wick");

/** Runs `work` in a span, as a child of the current one; a failure is recorded and rethrown. */
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

/**
 * Names the span that Deno creates for each request after its route, as the conventions require.
 */
export function nameRequestSpan(method: string, route: string, requestId: string): void {
  const span = trace.getActiveSpan();
  span?.updateName(`${method} ${route}`);
  span?.setAttributes({ "http.route": route, "wick.request_id": requestId });
}
