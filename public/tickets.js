// Tickets on this device (docs/decisions/0012-tickets-offline.md): a page that shows tickets names the address of its copy
// for the door, which is kept from then on until its holder says otherwise, signs out, or the event is over. Without this
// file the pages are what they are, with a network.
(() => {
  const PAGES = "tickets-pages";
  const REFUSED = "tickets-refused";
  const OFFLINE = "tickets-offline";
  const MOST = 40;

  // While tickets are shown, the screen stays on.
  const awake = () => {
    if (document.visibilityState !== "visible" || !document.querySelector("[data-awake]")) return;
    navigator.wakeLock?.request("screen").catch(() => {});
  };
  awake();
  document.addEventListener("visibilitychange", awake);

  if (!("serviceWorker" in navigator) || !("caches" in window)) return;

  // That somebody does not want a copy is remembered without the address, which opens the tickets.
  const refusal = async (address) => {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(address));
    return `/refused/${Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  };
  const isKept = async (address) => Boolean(await (await caches.open(PAGES)).match(address));

  const forget = async (address) => {
    await (await caches.open(PAGES)).delete(address);
    await (await caches.open(REFUSED)).put(await refusal(address), new Response());
  };

  const keep = async (address) => {
    const [answer, offline] = await Promise.all([address, "/offline"].map((what) => fetch(what, { cache: "no-store" })));
    const pages = await caches.open(PAGES);
    if (answer.status === 404 || answer.status === 410) await pages.delete(address);
    if (!answer.ok || !offline.ok) return;
    if (!(Number(answer.headers.get("bilten-keep-until")) * 1000 > Date.now())) return;
    const page = (await answer.text()).replace('data-kept="false"', 'data-kept="true"');
    const headers = new Headers(answer.headers);
    for (const name of ["content-encoding", "content-length"]) headers.delete(name);
    await (await caches.open(OFFLINE)).put("/offline", offline);
    // First the worker, which throws copies away at sign-out.
    await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
    await navigator.serviceWorker.ready;
    await pages.put(address, new Response(page, { headers }));
    await tidy(pages);
    navigator.storage?.persist?.().catch(() => {});
  };

  // What is over goes, and the oldest when there are too many.
  const tidy = async (pages) => {
    const all = await pages.keys();
    for (const [at, key] of all.entries()) {
      const until = Number((await pages.match(key))?.headers.get("bilten-keep-until")) * 1000;
      if (at < all.length - MOST || !(until > Date.now())) await pages.delete(key);
    }
  };

  const show = async (box) => {
    const kept = await isKept(box.dataset.tickets);
    for (const part of box.querySelectorAll("[data-when]")) part.hidden = (part.dataset.when === "kept") !== kept;
    box.hidden = false;
  };

  const begin = async (box) => {
    const address = box.dataset.tickets;
    if ("void" in box.dataset) {
      if (await isKept(address)) await keep(address).catch(() => {});
      return;
    }
    const refused = await (await caches.open(REFUSED)).match(await refusal(address));
    // Without a network what is there stays.
    if (!refused) await keep(address).catch(() => {});
    await show(box);
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-tickets] [data-do]");
    if (!button) return;
    const box = button.closest("[data-tickets]");
    const address = box.dataset.tickets;
    if (button.dataset.do === "forget") await forget(address);
    else {
      await (await caches.open(REFUSED)).delete(await refusal(address));
      await keep(address).catch(() => {});
    }
    await show(box);
    box.querySelector("[data-when]:not([hidden]) button")?.focus();
  });

  // A page that is kept has scripts in it and is only looked at, where none of them runs: for that alone its text is trusted.
  const asItIs = { createHTML: (text) => text };
  const kept = window.trustedTypes ? window.trustedTypes.createPolicy("tickets", asItIs) : asItIs;

  // The page that answers without a network names what is kept.
  const list = async (section) => {
    const pages = await caches.open(PAGES);
    await tidy(pages);
    for (const key of await pages.keys()) {
      const text = await (await pages.match(key)).text();
      const page = new DOMParser().parseFromString(kept.createHTML(text), "text/html");
      const main = page.querySelector("main");
      if (!main?.dataset.title) continue;
      const link = document.createElement("a");
      link.href = new URL(key.url).pathname;
      link.className = "text-link";
      link.dir = "auto";
      link.textContent = main.dataset.title;
      const when = document.createElement("p");
      when.className = "muted";
      when.textContent = main.dataset.when;
      const row = document.createElement("li");
      row.append(link, when);
      section.querySelector("ul").append(row);
      section.hidden = false;
    }
  };

  const seen = new WeakMap();
  const look = () => {
    for (const [selector, act] of [["[data-tickets]", begin], ["[data-kept-list]", list]]) {
      const found = document.querySelector(selector);
      // The application may show another order in the same place.
      const what = found && `${found.dataset.tickets} ${"void" in found.dataset}`;
      if (!found || seen.get(found) === what) continue;
      seen.set(found, what);
      act(found);
    }
  };
  look();
  // Pages also change without being loaded.
  new MutationObserver(look).observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-tickets", "data-void"],
  });
})();
