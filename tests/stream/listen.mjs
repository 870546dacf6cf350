// Listens with the `eventsource` package until it is told to stop, and prints what it is told, a
// line of JSON a message. Arguments: URL TOKEN.
import { EventSource } from "eventsource";

const [url, token] = process.argv.slice(2);
const withToken = (input, init) =>
  fetch(input, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } });
const source = new EventSource(url, { fetch: withToken });
const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");
source.onopen = () => say({ open: true });
source.onmessage = (message) => say({ id: message.lastEventId, data: JSON.parse(message.data) });
source.addEventListener("reset", () => say({ reset: true }));
process.stdin.resume().on("end", () => process.exit(0));
