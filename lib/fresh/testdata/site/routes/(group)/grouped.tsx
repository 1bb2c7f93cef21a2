export default async function Grouped() {
  return <p>{await Promise.resolve("grouped")}</p>;
}
