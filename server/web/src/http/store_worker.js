// Tickets without a network. Pages come from the network as ever; only where that fails, a kept page of tickets or the page
// that names them answers. What is kept, and when it is forgotten, decides /tickets.js; here it is forgotten at the end of a
// session. The scanner has a worker of its own.
const files = "FILES";
const filesName = "tickets-files-" + "VERSION";
const pagesName = "tickets-pages";
const offlineName = "tickets-offline";
const leaving = ["/sign-out", "/acting/stop", "/api/app_api/privacy/delete_account"];
// So long the network may take where there is a kept page.
const PATIENCE = 3000;

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(filesName);
      await cache.addAll(files);
      const page = await fetch("/offline", { cache: "no-store" });
      if (!page.ok) throw new Error("the page without a network is not there");
      await (await caches.open(offlineName)).put("/offline", page);
      // Nothing that is open depends on which build's files are kept.
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((key) => key.startsWith("tickets-files-") && key !== filesName);
      await Promise.all(old.map((key) => caches.delete(key)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  // Whoever signs out leaves nothing behind.
  if (request.method === "POST" && leaving.includes(url.pathname)) event.waitUntil(caches.delete(pagesName));
  if (request.method !== "GET" || url.pathname === "/scan" || url.pathname.startsWith("/scan/")) return;
  if (request.mode === "navigate") event.respondWith(page(request, url.pathname));
  else if (files.includes(url.pathname) || isStyle(url.pathname)) event.respondWith(file(request, url.pathname));
});

const isStyle = (path) => path.startsWith("/pkg/") && path.endsWith(".css");

async function page(request, path) {
  const named = /^(\/(?:orders|tickets)\/[^/]+)(?:\/show)?$/.exec(path);
  const kept = named && (await keptPage(`${named[1]}/show`));
  if (!kept) return fetch(request).catch(offline);
  // What has just been done is answered by the server alone.
  if (new URL(request.url).searchParams.has("done")) return fetch(request);
  const shown = path.endsWith("/show");
  try {
    const answer = await (shown ? within(fetch(request)) : fetch(request));
    if (answer.status === 404 || answer.status === 410) await (await caches.open(pagesName)).delete(`${named[1]}/show`);
    // A crowd behind one address may be slowed down; what is here needs nobody.
    if (answer.status < 500 && answer.status !== 429) return answer;
  } catch {
    // No network, or none to speak of.
  }
  return kept;
}

function within(asked) {
  return Promise.race([asked, new Promise((_, late) => setTimeout(late, PATIENCE, new Error("too slow")))]);
}

// A copy whose time is over is no copy.
async function keptPage(address) {
  const cache = await caches.open(pagesName);
  const kept = await cache.match(address);
  if (!kept || Number(kept.headers.get("bilten-keep-until")) * 1000 > Date.now()) return kept;
  await cache.delete(address);
  return undefined;
}

async function offline() {
  const page = await (await caches.open(offlineName)).match("/offline");
  return page || Response.error();
}

// Built files never change under their names. A page kept before the last build asks for a style that is gone: the present
// one takes its place.
async function file(request, path) {
  const cache = await caches.open(filesName);
  const built = isStyle(path) || path.startsWith("/fonts/");
  const kept = await cache.match(path);
  if (built && kept) return kept;
  try {
    const answer = await fetch(request);
    if (answer.ok || !isStyle(path)) return answer;
  } catch (error) {
    if (kept) return kept;
    if (!isStyle(path)) throw error;
  }
  return (await cache.match(files.find(isStyle))) || Response.error();
}
