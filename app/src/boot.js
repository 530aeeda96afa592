(function (js, wasm, eager) {
  const offer = (what) => {
    const text = String((what && what.message) || what || "");
    const lost = /wasm|WebAssembly|unreachable|dynamically imported module|Importing a module|load callback/i;
    const box = document.getElementById("reload-offer");
    if (box && lost.test(text)) box.hidden = false;
  };
  window.addEventListener("unhandledrejection", (event) => offer(event.reason));
  window.addEventListener("error", (event) => offer(event.error || event.message));
  // Forms go to the server as they are; the button says so, and a second press does nothing.
  const sent = new WeakSet();
  window.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    if (sent.has(event.target)) return event.preventDefault();
    sent.add(event.target);
    const button = event.submitter;
    if (button) button.setAttribute("aria-busy", "true");
    // Brought back from the browser's memory, the page can be used again.
    window.addEventListener("pageshow", () => {
      sent.delete(event.target);
      if (button) button.removeAttribute("aria-busy");
    }, { once: true });
  });
  let begun = false;
  const begin = () => {
    if (begun) return;
    begun = true;
    // What a trusted script adds is trusted by the page's policy; a file that it only imports would not be, where scripts
    // are allowed by their hashes. Once added, the module is there to be imported.
    const script = document.createElement("script");
    script.type = "module";
    script.src = js;
    script.onload = () =>
      import(js)
        .then((app) => app.default({ module_or_path: wasm }).then(() => app.hydrate()))
        .catch(offer);
    script.onerror = () => offer("Importing a module script failed");
    document.head.append(script);
  };
  const soon = () => ("requestIdleCallback" in window ? requestIdleCallback(begin, { timeout: 2000 }) : setTimeout(begin, 200));
  if (eager) begin();
  else {
    for (const kind of ["pointerdown", "keydown", "focusin"]) {
      window.addEventListener(kind, begin, { once: true, passive: true });
    }
    if (document.readyState === "complete") soon();
    else window.addEventListener("load", soon, { once: true });
  }
})
