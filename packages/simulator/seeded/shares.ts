/**
 * Divides a whole number by weights into whole numbers that add up to it exactly. A weight of 0
 * gets 0.
 */
export function shares(total: number, weights: readonly number[]): number[] {
  let sum = 0;
  for (const weight of weights) sum += weight;
  const parts = new Array<number>(weights.length).fill(0);
  if (sum === 0 || total === 0) return parts;
  let seen = 0;
  let given = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    seen += weights[i]!;
    // At the last weight `seen` equals `sum` exactly, so that nothing remains.
    const upTo = Math.min(total, Math.floor(total * (seen / sum)));
    parts[i] = upTo - given;
    given = upTo;
  }
  return parts;
}

/** Divides a whole number over limited rooms, in proportion to their size; it must fit in them. */
export function fill(total: number, rooms: readonly number[]): number[] {
  let rest = total;
  let room = 0;
  for (const size of rooms) room += size;
  return rooms.map((size) => {
    const wanted = room === 0 ? 0 : Math.floor(rest * (size / room));
    const part = Math.min(Math.max(wanted, rest - (room - size)), size, rest);
    rest -= part;
    room -= size;
    return part;
  });
}
