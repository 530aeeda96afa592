// The scanner without a network. One build is kept as a whole under one name; a new build waits until the scanner asks
// for it, so that nothing changes under a hand that is working.
const files = "FILES";
const shell = "/scan";

const name = (async () => {
  const bytes = new TextEncoder().encode(files.join("\n"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return "scanner-" + Array.from(digest.slice(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
})();

// All or nothing: addAll fails as a whole, and then this worker never takes over. The page is asked for without cookies,
// so that it belongs to nobody.
self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(await name);
      const page = await fetch(shell, { credentials: "omit", cache: "no-store" });
      if (!page.ok) throw new Error("the scanner's page is not there");
      await cache.addAll(files);
      await cache.put(shell, page);
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const mine = await name;
      const old = (await caches.keys()).filter((key) => key.startsWith("scanner-") && key !== mine);
      await Promise.all(old.map((key) => caches.delete(key)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  const page = event.request.mode === "navigate" && (url.pathname === shell || url.pathname.startsWith(shell + "/"));
  if (page) event.respondWith(kept(shell, event.request));
  else if (files.includes(url.pathname)) event.respondWith(kept(url.pathname, event.request));
});

async function kept(key, request) {
  const cache = await caches.open(await name);
  return (await cache.match(key)) || fetch(request);
}
