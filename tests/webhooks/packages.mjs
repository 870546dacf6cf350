// A receiver of npm's own: `standardwebhooks` verifies, `cloudevents` reads. Prints its port, then a
// line of JSON for each request; and signs what it reads on standard input, a line of JSON each.
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { Webhook } from "standardwebhooks";
import { HTTP } from "cloudevents";

let secret = "";

// Whether the library takes the message although a byte of it was flipped.
function takesForgery(webhook, body, headers) {
  if (body.length === 0) return false;
  const forged = Buffer.from(body);
  forged[Math.floor(Math.random() * forged.length)] ^= 1 + Math.floor(Math.random() * 255);
  try {
    webhook.verify(forged.toString("utf8") === body.toString("utf8") ? "" : forged, headers);
    return true;
  } catch {
    return false;
  }
}

const server = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const body = Buffer.concat(parts);
    const told = { id: request.headers["webhook-id"], bytes: body.length };
    try {
      const webhook = new Webhook(secret);
      webhook.verify(body, request.headers);
      const event = HTTP.toEvent({ headers: request.headers, body: body.toString("utf8") });
      told.event = { id: event.id, type: event.type, subject: event.subject, source: event.source };
      told.text = event.data.data?.text ?? null;
      told.valid = event.validate();
      told.forged = takesForgery(webhook, body, request.headers);
    } catch (error) {
      told.error = String(error);
    }
    console.log(JSON.stringify(told));
    response.statusCode = told.error ? 400 : 204;
    response.end();
  });
});

createInterface({ input: process.stdin }).on("line", (line) => {
  const asked = JSON.parse(line);
  if (asked.secret) secret = asked.secret;
  if (asked.sign) {
    const { key, id, at, body } = asked.sign;
    const signature = new Webhook(key).sign(id, new Date(at * 1000), body);
    console.log(JSON.stringify({ signed: id, signature }));
  }
});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
