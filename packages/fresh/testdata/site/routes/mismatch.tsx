import Mismatch from "../islands/Mismatch.tsx";

export default function Page() {
  return (
    <section>
      <b>before</b>
      <Mismatch>
        <i>child</i>
      </Mismatch>
      <b>after</b>
    </section>
  );
}
