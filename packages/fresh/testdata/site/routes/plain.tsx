/** A page without islands. */
export default async function Plain() {
  return <p>{await Promise.resolve("plain")}</p>;
}
