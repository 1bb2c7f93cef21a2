/** Lies where islands do, but is none: its name says that it is a test. */
export function CounterTest() {
  return null;
}
