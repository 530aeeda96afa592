// Pays an order in its own page, in the fields that Stripe's script puts there. Without this file, or when anything here goes
// wrong, the page is what it is without scripts: a form that leads to Stripe's own page.
(() => {
  const box = document.getElementById("pay-in-page");
  const hosted = document.getElementById("pay-hosted");
  const button = box?.querySelector("button[type=button]");
  const problem = document.getElementById("pay-problem");
  if (!box || !hosted || !button || !problem) return;
  const told = box.dataset;
  // So long the fields may take before the buyer is offered the other page.
  const PATIENCE = 20_000;

  const show = (fields) => {
    box.hidden = !fields;
    hosted.hidden = fields;
  };
  let busy = false;
  const work = (on) => {
    busy = on;
    button.disabled = on;
    if (on) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
  };
  const say = (text) => {
    problem.textContent = text;
    problem.hidden = !text;
  };

  // The colours of the page as they are now: the fields stand in a frame of another site, where its style does not reach.
  const look = () => {
    const probe = document.createElement("span");
    probe.hidden = true;
    box.append(probe);
    const color = (name) => {
      probe.style.color = `var(${name})`;
      return getComputedStyle(probe).color;
    };
    const [ink, paper, edge, muted, error] = ["--ink", "--paper", "--edge", "--muted", "--error"].map(color);
    probe.remove();
    const light = (paper.match(/\d+/g) ?? [255]).slice(0, 3).every((part) => Number(part) > 127);
    return {
      theme: light ? "stripe" : "night",
      variables: {
        colorPrimary: ink,
        colorBackground: paper,
        colorText: ink,
        colorTextSecondary: muted,
        colorTextPlaceholder: muted,
        colorDanger: error,
        fontFamily: 'system-ui, "Segoe UI", "Geeza Pro", "Noto Kufi Arabic", "Noto Sans Arabic", sans-serif',
        fontSizeBase: "16px",
        borderRadius: "3px",
      },
      rules: {
        ".Input": { border: `1px solid ${edge}`, boxShadow: "none" },
        ".Input:focus": { borderColor: ink, boxShadow: `0 0 0 1px ${ink}`, outline: "none" },
        ".Input--invalid": { borderColor: error, boxShadow: "none" },
        ".Tab": { border: `1px solid ${edge}`, boxShadow: "none" },
        ".Tab--selected": { borderColor: ink, boxShadow: `0 0 0 1px ${ink}` },
        ".Label": { fontWeight: "600" },
      },
    };
  };

  const load = () =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = told.script;
      script.onload = () => (window.Stripe ? resolve(window.Stripe) : reject(new Error("another script")));
      script.onerror = () => reject(new Error("no script"));
      document.head.append(script);
    });

  const begin = async () => {
    const answer = await fetch(told.begin, {
      method: "POST",
      headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ secret: told.secret }),
    });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return answer.json();
  };

  const pay = async (stripe, elements) => {
    if (busy) return;
    work(true);
    say("");
    try {
      const checked = await elements.submit();
      const back = new URL(told.back, location.href).href;
      // Where that goes well, the browser is sent on, and no answer comes.
      const { error } = checked.error ? checked : await stripe.confirmPayment({ elements, confirmParams: { return_url: back } });
      if (!error) return;
      // Paid, given up or begun anew elsewhere: the page as it is now says more.
      if (error.code === "payment_intent_unexpected_state") return location.reload();
      const forPeople = error.type === "card_error" || error.type === "validation_error";
      say((forPeople && error.message) || told.failed);
    } catch {
      say(told.failed);
    }
    work(false);
  };

  const start = async () => {
    const [Stripe, begun] = await Promise.all([load(), begin()]);
    if (begun.todo === "leave") {
      location.replace(begun.to);
      return;
    }
    const locale = document.documentElement.lang;
    const stripe = Stripe(told.key, { locale });
    const elements = stripe.elements({ clientSecret: begun.client_secret, appearance: look(), locale });
    const fields = elements.create("payment", { defaultValues: { billingDetails: { email: begun.email } } });
    await new Promise((resolve, reject) => {
      fields.on("ready", resolve);
      fields.on("loaderror", () => reject(new Error("no fields")));
      fields.mount(document.getElementById("pay-fields"));
    });
    button.addEventListener("click", () => pay(stripe, elements));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => elements.update({ appearance: look() }));
    work(false);
  };

  // Brought back from the browser's memory, the fields may be those of a payment that is over.
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  show(true);
  work(true);
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE, new Error("too slow")));
  Promise.race([start(), late]).catch(() => show(false));
})();
