// Reads the server's mailbox folder: mails as they would have left.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.env.MAIL_FOLDER;

function decode(raw) {
  // Quoted-printable and base64 text parts are enough for finding links and words.
  const parts = raw.split(/\r?\n--/).map((part) => {
    const cut = part.search(/\r?\n\r?\n/);
    const head = cut < 0 ? part : part.slice(0, cut);
    const body = cut < 0 ? "" : part.slice(cut).trim();
    if (/content-transfer-encoding:\s*base64/i.test(head) && /content-type:\s*text\//i.test(head)) {
      return Buffer.from(body.replace(/\s/g, ""), "base64").toString("utf8");
    }
    if (/content-transfer-encoding:\s*quoted-printable/i.test(head)) {
      const bytes = body.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
      return Buffer.from(bytes, "latin1").toString("utf8");
    }
    return part;
  });
  return parts.join("\n");
}

// All mails to an address, oldest first.
export function mailsTo(address) {
  let names = [];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(".eml")).sort();
  } catch {
    // The folder appears with the first mail.
  }
  return names
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .filter((raw) => new RegExp(`^To:.*${address.replace(/[.+]/g, "\\$&")}`, "im").test(raw))
    .map(decode);
}

// Waits for a mail to an address in which `pattern` is found; returns the match.
export async function mail(address, pattern, within = 15_000) {
  const end = Date.now() + within;
  while (Date.now() < end) {
    for (const text of mailsTo(address).reverse()) {
      const found = text.match(pattern);
      if (found) return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`no mail to ${address} with ${pattern}`);
}
