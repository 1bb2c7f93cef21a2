const RESERVED = new Set(
  ("await break case catch class const continue debugger default delete do else enum export " +
    "extends false finally for function if implements import in instanceof interface let new " +
    "null package private protected public return static super switch this throw true try " +
    "typeof var void while with yield arguments eval boot").split(" "),
);

/** Hands out JavaScript identifiers, none of them twice. */
export class UniqueNames {
  #taken = new Map<string, number>();

  take(wanted: string): string {
    let name = wanted.replaceAll(/[^\w$]+/g, "_");
    if (/^\d/.test(name) || name === "" || RESERVED.has(name)) name = `_${name}`;
    const count = this.#taken.get(name) ?? 0;
    this.#taken.set(name, count + 1);
    return count === 0 ? name : this.take(`${name}_${count}`);
  }
}
