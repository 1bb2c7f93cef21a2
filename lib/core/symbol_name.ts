/**
 * Characters of symbols: capitals, digits, `._-`, and since December 2025 letters of any script.
 */
export const SYMBOL_CHARACTERS = String.raw`[\p{Lu}\p{Lo}\p{N}._\-]`;

export const SYMBOL = new RegExp(`^${SYMBOL_CHARACTERS}{1,40}$`, "u");
