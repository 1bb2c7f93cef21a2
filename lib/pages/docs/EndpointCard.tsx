import type { ComponentChildren } from "preact";
import { WithCode } from "../components/WithCode.tsx";
import type { Parameter } from "../../openapi/parameters.ts";
import { ParameterTable } from "./ParameterTable.tsx";

export interface EndpointCardProps {
  readonly path: string;
  /** ID of the card's heading. */
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
  /** Media types of its responses. */
  readonly types: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly failures: readonly number[];
  /** Absent if no collected series supports the example. */
  readonly exampleHref: string | undefined;
  /** A button to copy the example's URL. */
  readonly children?: ComponentChildren;
}

/** Documentation of one endpoint. */
export function EndpointCard(props: EndpointCardProps) {
  const { path, id, summary, description, parameters, types, headers, failures } = props;
  return (
    <section class="card endpoint" aria-labelledby={id}>
      <h3 id={id}>
        <span class="method">GET</span>
        <code>{path}</code>
      </h3>
      <p class="endpoint-summary">{summary}</p>
      <p>
        <WithCode text={description} />
      </p>
      <ParameterTable path={path} rows={parameters} />
      <dl class="endpoint-facts">
        <dt>Responses</dt>
        <dd>{types.map((type) => <code key={type}>{type}</code>)}</dd>
        {Object.entries(headers).map(([name, words]) => (
          <>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>
              <WithCode text={words} />
            </dd>
          </>
        ))}
        <dt>Errors</dt>
        <dd>{failures.map((status) => <code key={status}>{status}</code>)}</dd>
      </dl>
      {props.exampleHref !== undefined && (
        <p class="endpoint-example">
          <a href={props.exampleHref}>{props.exampleHref}</a>
          {props.children}
        </p>
      )}
    </section>
  );
}
