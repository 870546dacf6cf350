// A receiver of npm's own: `standardwebhooks`, `svix` and Node's crypto verify, `cloudevents` reads.
// Prints its port, then a line of JSON for each request. What it reads on standard input, a line of
// JSON each, has it sign as a sender, or send.
import { createHmac, createPublicKey, verify as verifySignature } from "node:crypto";
import { createServer, request as call } from "node:http";
import { createInterface } from "node:readline";
import { Webhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { HTTP } from "cloudevents";

const SAMPLES = 4; // flipped bytes of a message that is not flipped everywhere
const EVERYWHERE_BYTES_MAX = 1000; // the first message so short is flipped everywhere
const ED25519_SPKI = Buffer.from("302a300506032b6570032100", "hex"); // RFC 8410, 4

let verifiers = {};
let wasFlippedEverywhere = false;

const fails = (what) => {
  try {
    return what() === false;
  } catch {
    return true;
  }
};

function signaturesOf(headers, version) {
  return headers["webhook-signature"].split(" ").filter((one) => one.startsWith(version + ","))
    .map((one) => one.slice(version.length + 1));
}

function signedContent(body, headers) {
  return Buffer.concat([
    Buffer.from(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.`), body]);
}

// One verifier each: whether it takes the message, or an exception.
function verifiersOf({ secret, open }) {
  const [webhook, svix] = [new Webhook(secret), new SvixWebhook(secret)];
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const openKey = createPublicKey({ format: "der", type: "spki",
    key: Buffer.concat([ED25519_SPKI, Buffer.from(open.replace("whpk_", ""), "base64")]) });
  return {
    standardwebhooks: (body, headers) => webhook.verify(body, headers, { jsonParse: false }),
    svix: (body, headers) => svix.verify(body, headers, { jsonParse: false }),
    v1: (body, headers) => {
      const mac = createHmac("sha256", key).update(signedContent(body, headers)).digest("base64");
      return signaturesOf(headers, "v1").includes(mac);
    },
    v1a: (body, headers) => signaturesOf(headers, "v1a").some((text) => {
      const bytes = Buffer.from(text, "base64");
      return bytes.toString("base64") === text &&
        verifySignature(null, signedContent(body, headers), openKey, bytes);
    }),
  };
}

function flipped(bytes, place) {
  const other = Buffer.from(bytes);
  other[place] ^= 1 + Math.floor(Math.random() * 127);
  return other;
}

function places(from, to, everywhere) {
  if (everywhere) return Array.from({ length: to - from }, (_, index) => from + index);
  return Array.from({ length: Math.min(SAMPLES, to - from) },
    () => from + Math.floor(Math.random() * (to - from)));
}

// Where the header's value is what this verifier goes by: other signatures stand beside its own.
function span(name, headers, verifier) {
  const value = headers[name];
  if (name !== "webhook-signature") return [0, value.length];
  const own = value.split(" ").find((one) => one.startsWith(verifier === "v1a" ? "v1a," : "v1,"));
  return [value.indexOf(own), value.indexOf(own) + own.length];
}

// Forgeries that were tried, and those that a verifier took.
function forge(body, headers, everywhere) {
  const outcome = { tried: 0, taken: [] };
  for (const [verifier, verify] of Object.entries(verifiers)) {
    const attempt = (what, forgedBody, forgedHeaders) => {
      ++outcome.tried;
      if (!fails(() => verify(forgedBody, forgedHeaders))) outcome.taken.push([verifier, what]);
    };
    for (const place of places(0, body.length, everywhere)) {
      attempt(`body ${place}`, flipped(body, place), headers);
    }
    for (const name of ["webhook-id", "webhook-timestamp", "webhook-signature"]) {
      for (const place of places(...span(name, headers, verifier), everywhere)) {
        const value = flipped(Buffer.from(headers[name]), place).toString("latin1");
        attempt(`${name} ${place}`, body, { ...headers, [name]: value });
      }
    }
  }
  return outcome;
}

function judge(body, headers) {
  const told = { id: headers["webhook-id"], bytes: body.length };
  try {
    const refused = Object.entries(verifiers).filter(([, verify]) => fails(() =>
      verify(body, headers))).map(([name]) => name);
    if (refused.length) throw new Error(`refused by ${refused}`);
    const event = HTTP.toEvent({ headers, body: body.toString("utf8") });
    told.event = { id: event.id, type: event.type, subject: event.subject, source: event.source };
    told.text = event.data.data?.text ?? null;
    told.valid = event.validate();
    const everywhere = !wasFlippedEverywhere && body.length <= EVERYWHERE_BYTES_MAX;
    told.forged = forge(body, headers, everywhere);
    wasFlippedEverywhere ||= everywhere;
  } catch (error) {
    told.error = String(error);
  }
  return told;
}

const server = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const told = judge(Buffer.concat(parts), request.headers);
    console.log(JSON.stringify(told));
    response.statusCode = told.error ? 400 : 204;
    response.end();
  });
});

function signed({ key, id, at, body }) {
  return { "webhook-id": id, "webhook-timestamp": String(at),
    "webhook-signature": new Webhook(key).sign(id, new Date(at * 1000), body) };
}

// The status that the server answers the message with; 0: none.
function post(url, headers, body) {
  return new Promise((resolve) => {
    const sent = call(url, { method: "POST", agent: false,
      headers: { ...headers, "content-type": "application/json" } }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    });
    sent.on("error", () => resolve(0)).end(body);
  });
}

createInterface({ input: process.stdin }).on("line", async (line) => {
  const asked = JSON.parse(line);
  if (asked.verify) {
    verifiers = verifiersOf(asked.verify);
    wasFlippedEverywhere = false;
  }
  if (asked.sign) console.log(JSON.stringify(signed(asked.sign)));
  if (asked.post) {
    const { url, times, ...message } = asked.post;
    const headers = signed(message);
    const tries = Array.from({ length: times }, () => post(url, headers, message.body));
    console.log(JSON.stringify({ statuses: await Promise.all(tries) }));
  }
});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
