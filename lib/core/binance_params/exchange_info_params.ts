import { badCombination, invalidValue } from "./api_error.ts";
import type { Params } from "./params.ts";
import { readSymbols, type SymbolChoice } from "./symbol_params.ts";
import { type AskableStatus, readStatus } from "./status_filter.ts";

/** Parameters of GET /api/v3/exchangeInfo. */
export interface InfoRequest extends SymbolChoice {
  readonly permissions: readonly string[];
  readonly status: AskableStatus | undefined;
  readonly showPermissionSets: boolean;
}

export function readInfo(params: Params): InfoRequest {
  const choice = readSymbols(params);
  const status = readStatus(params);
  const permissions = params.optional("permissions");
  const showPermissionSets = params.flag("showPermissionSets", true);
  params.finish();
  if (choice.names !== undefined && (status !== undefined || permissions !== undefined)) {
    throw badCombination();
  }
  return { ...choice, status, permissions: parsePermissions(permissions), showPermissionSets };
}

const NAME = String.raw`(?:SPOT|MARGIN|LEVERAGED|TRD_GRP_\d{3})`;
const PERMISSION = new RegExp(`^${NAME}$`);
const PERMISSIONS = new RegExp(`^\\["${NAME}"(?:,"${NAME}")*\\]$`);

/** `SPOT`, or `["MARGIN","LEVERAGED"]`. */
function parsePermissions(text: string | undefined): readonly string[] {
  if (text === undefined) return ["SPOT", "MARGIN", "LEVERAGED"];
  if (PERMISSION.test(text)) return [text];
  if (PERMISSIONS.test(text)) return JSON.parse(text);
  throw invalidValue("permissions");
}
