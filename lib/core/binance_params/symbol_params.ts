import { SYMBOL_CHARACTERS } from "../symbol_name.ts";
import { ApiError, badCombination, illegalCharacters, notSent } from "./api_error.ts";
import type { Params } from "./params.ts";

/** Binance's pattern: shorter than wick's own interface allows. */
const NAME = `${SYMBOL_CHARACTERS}{1,20}`;
const SYMBOL = new RegExp(`^${NAME}$`, "u");
const SYMBOL_SHOWN = "^[A-Z0-9-_.]{1,20}$";

const LIST = new RegExp(`^\\[(?:"${NAME}"(?:,"${NAME}")*)?\\]$`, "u");
const LIST_SHOWN = '^\\[("[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}){0,1}\\]$';

/** Checks the symbol's form, not its existence. */
export function readSymbol(params: Params): string {
  const symbol = params.required("symbol");
  if (!SYMBOL.test(symbol)) throw illegalCharacters("symbol", SYMBOL_SHOWN);
  return symbol;
}

export interface SymbolChoice {
  /** `undefined`: all. */
  readonly names: readonly string[] | undefined;
  /** True if the answer is an object rather than an array. */
  readonly isSingle: boolean;
}

/** `symbol`, or `symbols`, or neither. */
export function readSymbols(params: Params): SymbolChoice {
  const list = params.optional("symbols");
  const hasOne = params.peek("symbol") !== undefined;
  if (list === undefined) {
    return hasOne
      ? { names: [readSymbol(params)], isSingle: true }
      : { names: undefined, isSingle: false };
  }
  if (hasOne) throw badCombination();
  if (!LIST.test(list)) throw illegalCharacters("symbols", LIST_SHOWN);
  const names: string[] = JSON.parse(list);
  if (names.length === 0) throw notSent("symbols");
  if (new Set(names).size < names.length) {
    throw new ApiError(-1151, "Symbol is present multiple times in the list.");
  }
  return { names, isSingle: false };
}

/** Number of symbols that a request names; 0: all. A malformed list counts as one. */
export function countSymbols(params: Params): number {
  if (params.peek("symbol") !== undefined) return 1;
  const list = params.peek("symbols");
  return list === undefined ? 0 : list.split(",").length;
}
