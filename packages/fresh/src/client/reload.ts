import { ALIVE_URL } from "../constants.ts";

const RETRY_MS = 250;
let seen: string | null = null;

connect();

/** Reloads the page when the server has another revision, before or after a restart. */
function connect(): void {
  const socket = new WebSocket(new URL(ALIVE_URL, location.href.replace(/^http/, "ws")));
  socket.onmessage = ({ data }) => {
    if (seen !== null && seen !== data) location.reload();
    seen = data;
  };
  socket.onclose = () => setTimeout(connect, RETRY_MS);
}
