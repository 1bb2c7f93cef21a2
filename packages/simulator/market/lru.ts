/** Keeps the most recently used values, up to a total weight; one heavier than that still fits alone. */
export class Lru<Key, Value> {
  readonly #entries = new Map<Key, { readonly value: Value; readonly weight: number }>();
  readonly #maxWeight: number;
  #weight = 0;

  constructor(maxWeight: number) {
    this.#maxWeight = maxWeight;
  }

  get weight(): number {
    return this.#weight;
  }

  /** The value kept under `key`, or the one that `make` returns, kept from now on. */
  take(key: Key, make: () => Value, weigh: (value: Value) => number = () => 1): Value {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known.value;
    }
    const value = make();
    const weight = weigh(value);
    this.#entries.set(key, { value, weight });
    this.#weight += weight;
    this.#shrink(key);
    return value;
  }

  #shrink(newest: Key): void {
    for (const [key, { weight }] of this.#entries) {
      if (this.#weight <= this.#maxWeight || key === newest) return;
      this.#entries.delete(key);
      this.#weight -= weight;
    }
  }
}
