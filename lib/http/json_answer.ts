import { answerText } from "./text_answer.ts";

/**
 * A JSON response with an ETag over `body` without ages, which change continuously. The tag is
 * therefore weak.
 */
export function answerJson(request: Request, body: unknown): Promise<Response> {
  return answerText(request, {
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
    identity: JSON.stringify(body, (name, value) => name === "age_ms" ? undefined : value),
  });
}
