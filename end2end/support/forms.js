// Forms as a browser without scripts sees and sends them, fast: over HTTP, read by a blank page.
import { ownAddress } from "./founder.js";

// What stands in a page: its forms with their controls and faults, its words, and what must never be there.
function read(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const text = (node) => (node?.textContent ?? "").replace(/\s+/g, " ").trim();
  const said = (id) => (id ? [...id.split(" ")].map((one) => text(page.getElementById(one))).join(" ").trim() : "");
  const control = (one) => ({
    name: one.name,
    kind: one.tagName === "INPUT" ? one.type : one.tagName.toLowerCase(),
    value: one.value,
    checked: one.checked === true,
    choices: one.tagName === "SELECT" ? [...one.options].map((option) => option.value) : [],
    invalid: one.getAttribute("aria-invalid") === "true",
    described: said(one.getAttribute("aria-describedby")),
    label: one.labels?.length ? text(one.labels[0]) : (one.getAttribute("aria-label") ?? ""),
  });
  const words = new Set();
  const walker = page.createTreeWalker(page.querySelector("main") ?? page.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const line = walker.currentNode.data.replace(/\s+/g, " ").trim();
    if (line) words.add(line);
  }
  return {
    title: text(page.querySelector("h1")),
    words: [...words],
    // Markup that came from a field and became an element of its own.
    injected:
      page.querySelectorAll("[data-hostile]").length + [...page.scripts].filter((one) => /^\s*alert\(1\)/.test(one.text)).length,
    forms: [...page.querySelectorAll("form")]
      .filter((form) => form.method === "post")
      .map((form) => ({
        action: new URL(form.getAttribute("action") ?? "", "http://here/").pathname,
        multipart: form.enctype === "multipart/form-data",
        controls: [...form.elements].filter((one) => one.name && one.type !== "submit").map(control),
        buttons: [...form.querySelectorAll("button[name]")].map((one) => ({ name: one.name, value: one.value })),
      })),
  };
}

// Somebody with a browser that runs no scripts.
export class Visitor {
  constructor(context, reader, origin) {
    Object.assign(this, { context, reader, origin });
  }

  static async make(playwright, reader, origin) {
    const context = await playwright.request.newContext({
      baseURL: origin,
      // The server shows a form again only to the browser that sent it.
      userAgent: await reader.evaluate(() => navigator.userAgent),
      extraHTTPHeaders: { accept: "text/html,application/xhtml+xml", "accept-language": "en", ...ownAddress() },
    });
    return new Visitor(context, reader, origin);
  }

  async seen(response) {
    const html = await response.text();
    const url = new URL(response.url());
    return {
      status: response.status(),
      path: url.pathname + url.search,
      kind: response.headers()["content-type"] ?? "",
      html,
      ...(await this.reader.evaluate(read, html)),
    };
  }

  async open(path) {
    return this.seen(await this.context.get(path));
  }

  // Sends pairs to an address as the form of `from` would, and gives the page one ends up on.
  async send(from, action, pairs) {
    const response = await this.context.post(action, {
      headers: { "content-type": "application/x-www-form-urlencoded", origin: this.origin, referer: this.origin + from },
      data: new URLSearchParams(pairs).toString(),
    });
    return this.seen(response);
  }

  // Fills the form whose address ends like this on a page, as people do, and sends it.
  async fill(path, ending, values = {}, nth = 0) {
    const page = await this.open(path);
    const form = page.forms.filter((one) => one.action.endsWith(`/${ending}`))[nth];
    if (!form) throw new Error(`no form ${ending} on ${path} (${page.status} ${page.title}): ${page.forms.map((one) => one.action)}`);
    return this.send(page.path, form.action, filled(form, values));
  }
}

// What a form sends when nothing is touched but the named fields. `[button]` presses a named button.
export function filled(form, values = {}) {
  const pairs = [];
  for (const one of form.controls) {
    const box = one.kind === "checkbox" || one.kind === "radio";
    if (one.name in values) {
      if (values[one.name] !== undefined && !(one.kind === "radio" && !pairsLack(pairs, one.name))) pairs.push([one.name, values[one.name]]);
    } else if (!box || one.checked) {
      pairs.push([one.name, one.value]);
    }
  }
  for (const [name, value] of Object.entries(values)) {
    if (pairsLack(pairs, name) && value !== undefined) pairs.push([name, value]);
  }
  return pairs;
}

const pairsLack = (pairs, name) => !pairs.some(([one]) => one === name);
