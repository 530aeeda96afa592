// Codes of an authenticator (RFC 6238: SHA-1, six digits, thirty seconds).
import { createHmac } from "node:crypto";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function bytes(key) {
  let bits = "";
  for (const letter of key.replace(/[^A-Za-z2-7]/g, "").toUpperCase()) bits += letters.indexOf(letter).toString(2).padStart(5, "0");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}

// The code of now, or of a later step.
export function code(key, later = 0) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const mac = createHmac("sha1", bytes(key)).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

// Waits for the next code: each is good once.
export function nextCode(key) {
  const left = 30_000 - (Date.now() % 30_000) + 200;
  return new Promise((resolve) => setTimeout(() => resolve(code(key)), left));
}
