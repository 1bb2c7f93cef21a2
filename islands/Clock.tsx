import { type EpochMs, toIso } from "../lib/core/time.ts";
import { useServerTime } from "../lib/pages/components/use_server_time.ts";

/** The exchange's time. */
export default function Clock({ serverTime }: { readonly serverTime: EpochMs }) {
  const time = useServerTime(serverTime);
  const text = toIso(time.value).slice(0, 19);
  return <time class="clock" dateTime={`${text}Z`}>{text.replace("T", " ")} UTC</time>;
}
