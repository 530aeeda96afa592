// The guests of the day: their tickets are bought over HTTP with the forms of the pages, and their codes read off the
// pages of their orders.
import { ownAddress } from "../support/founder.js";
import { textOf } from "../support/qr.js";

// As many buy at the same time.
const AT_ONCE = 6;

async function post(base, path, fields, leadsTo) {
  const answer = await fetch(base + path, {
    method: "POST",
    redirect: "manual",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      accept: "text/html",
      origin: base,
      referer: `${base}/`,
      ...ownAddress(),
    },
    body: new URLSearchParams(fields).toString(),
  });
  const to = answer.headers.get("location") ?? "";
  if (!to.startsWith(leadsTo)) throw new Error(`${path} answered ${answer.status} and led to ${to || (await answer.text()).slice(0, 200)}`);
  return to.slice(leadsTo.length).split(/[/?]/)[0];
}

async function order(base, slug, type, quantity, number) {
  const key = `${slug}-${number}`.slice(-40);
  const hold = await post(base, "/api/app_api/checkout/hold/hold_tickets", {
    event: slug,
    [`tickets[t${type}]`]: quantity,
    key: `hold-${key}`,
  }, "/checkout/");
  const secret = await post(base, "/api/app_api/checkout/details/place_order", {
    token: hold,
    "form[name]": `Guest ${number}`,
    "form[email]": `guest-${number}@buyers.example`,
    "form[email_seen]": "",
    "form[same_for_all]": "true",
    "form[invoice_name]": "",
    "form[invoice_address]": "",
    "form[invoice_vat_id]": "",
    "form[total_minor]": "0",
    "form[currency]": "EUR",
    "form[key]": `place-${key}`,
  }, "/orders/");
  const page = await (await fetch(`${base}/orders/${secret}`, { headers: ownAddress() })).text();
  const codes = [...page.matchAll(/<svg[^>]*viewBox="0 0 \d+ \d+"[^>]*>.*?<\/svg>/gs)]
    .filter(([svg]) => svg.includes("h1v1h-1z"))
    .map(([svg]) => textOf(svg));
  if (codes.length !== quantity) throw new Error(`an order of ${quantity} shows ${codes.length} codes`);
  return codes;
}

// Buys that many tickets of an event with one kind of ticket; gives their codes.
export async function buyTickets(base, slug, wanted) {
  const page = await (await fetch(`${base}/e/${slug}`, { headers: ownAddress() })).text();
  const [, type] = page.match(/tickets\[t([0-9a-f-]+)\]/) ?? [];
  if (!type) throw new Error(`nothing is sold at /e/${slug}`);
  const most = Number(page.match(/<input[^>]*tickets\[t[^>]*/)?.[0].match(/max="?(\d+)/)?.[1] ?? 1);
  const orders = [];
  for (let left = wanted; left > 0; left -= most) orders.push(Math.min(left, most));
  const codes = [];
  let at = 0;
  const buyer = async () => {
    while (at < orders.length) {
      const number = at++;
      codes[number] = await order(base, slug, type, orders[number], number);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, buyer));
  return codes.flat();
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

// Which ticket a code speaks of: bytes 5 to 21 of what is written in base32 behind "BT1".
export function ticketOf(code) {
  let bits = 0n;
  for (const letter of code.slice(3, 3 + 40)) bits = (bits << 5n) | BigInt(ALPHABET.indexOf(letter));
  const bytes = bits.toString(16).padStart(50, "0");
  const hex = bytes.slice(10, 42);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
