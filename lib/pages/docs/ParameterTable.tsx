import type { Parameter } from "../../openapi/parameters.ts";
import { WithCode } from "../components/WithCode.tsx";

export interface ParameterTableProps {
  /** The endpoint's path. */
  readonly path: string;
  readonly rows: readonly Parameter[];
}

export function ParameterTable({ path, rows }: ParameterTableProps) {
  if (rows.length === 0) return <p class="docs-note">No parameters.</p>;
  return (
    <table class="parameters">
      <caption class="unseen">Parameters of {path}</caption>
      <thead>
        <tr>
          <th scope="col">Parameter</th>
          <th scope="col">Meaning</th>
          <th scope="col">Default</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <th scope="row">
              <code>{row.name}</code>
            </th>
            <td>
              <WithCode text={row.description} />
              {row.values.length > 0 && <Values values={row.values} />}
              {row.example !== undefined && row.values.length === 0 && (
                <span class="docs-note">
                  {" "}
                  For example <code>{row.example}</code>
                </span>
              )}
            </td>
            <td>{row.isRequired ? "required" : row.default && <code>{row.default}</code>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Values({ values }: { readonly values: readonly string[] }) {
  return (
    <span class="docs-values">
      {values.map((value) => <code key={value}>{value}</code>)}
    </span>
  );
}
