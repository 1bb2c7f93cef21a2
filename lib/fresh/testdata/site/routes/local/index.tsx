import Local from "./(_islands)/Local.tsx";

export const config = { skipAppWrapper: true };

export default function Page() {
  return <Local when={new Date(0)} />;
}
