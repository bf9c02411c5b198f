// A receiver of the desk's events with Node 18 or newer and nothing else. Keys: one a line.
import { createHmac, createPublicKey, timingSafeEqual, verify } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";

const KEYS_FILE = process.env.WEBHOOK_KEYS_FILE ?? "keys.txt";
const TOLERANCE_S = 300;
const BODY_BYTES_MAX = 65_536;
const SPKI_OF_ED25519 = Buffer.from("302a300506032b6570032100", "hex");

// verify
/** The webhook-id of what one of our keys signed within five minutes of now; null: answer 401. */
export function verified(headers, body, keys, nowSeconds) {
  const id = headers["webhook-id"] ?? "", stamp = headers["webhook-timestamp"] ?? "";
  if (!/^[A-Za-z0-9_:-]{1,128}$/.test(id) || !/^[0-9]{1,12}$/.test(stamp)) return null;
  if (Math.abs(nowSeconds - Number(stamp)) > TOLERANCE_S) return null;
  const signed = Buffer.concat([Buffer.from(`${id}.${stamp}.`), body]); // the raw bytes, never JSON written again
  const tokens = (headers["webhook-signature"] ?? "").split(" ");
  return keys.some((key) => tokens.some((token) => fits(key, token, signed))) ? id : null;
}

/** One key against one signature; what makes no sense does not fit. */
function fits(key, token, signed) {
  const [scheme, value = ""] = token.split(",");
  const signature = Buffer.from(value, "base64"), bytes = Buffer.from(key.slice(key.indexOf("_") + 1), "base64");
  try {
    if (scheme === "v1" && key.startsWith("whsec_")) {
      const right = createHmac("sha256", bytes).update(signed).digest();
      return right.length === signature.length && timingSafeEqual(right, signature);
    }
    if (scheme === "v1a" && key.startsWith("whpk_")) {
      const publicKey = createPublicKey({ key: Buffer.concat([SPKI_OF_ED25519, bytes]), format: "der", type: "spki" });
      return verify(null, signed, publicKey, signature);
    }
  } catch {
    return false;
  }
  return false;
}

// end
/** Read at every event: for a rotation a line is added, later one is taken away, and nothing is restarted. */
const keys = () => (existsSync(KEYS_FILE) ? readFileSync(KEYS_FILE, "utf-8").split(/\s+/).filter(Boolean) : []);

async function receive(request, response) {
  if (request.method !== "POST") return response.writeHead(405).end();
  const pieces = [];
  let length = 0;
  for await (const piece of request) {
    length += piece.length;
    if (length > BODY_BYTES_MAX) return response.writeHead(413, { connection: "close" }).end();
    pieces.push(piece);
  }
  const body = Buffer.concat(pieces);
  if (verified(request.headers, body, keys(), Date.now() / 1000) === null) return response.writeHead(401).end();
  try {
    const { type, data } = JSON.parse(body.toString("utf-8"));
    if (type === "endpoint.challenge") {
      return response.writeHead(200).end(JSON.stringify({ challenge: data.challenge }));
    }
    if (type === "task.created" || type === "task.cancelled") remember(type, data.task_id);
  } catch {
    return response.writeHead(400).end();
  }
  return response.writeHead(204).end();
}

/** Yours: write the task's id to disk, once however often it is told, before the 204 goes out. */
function remember(type, taskId) {
  console.log(type, taskId);
}

if (process.argv[1]?.endsWith("receiver.mjs")) {
  const server = createServer((request, response) => {
    receive(request, response).catch(() => response.destroy());
  });
  server.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => {
    console.log(`http://127.0.0.1:${server.address().port}/`);
  });
}
