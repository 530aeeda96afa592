// A stand-in for Stripe's script: `Stripe(key)` with a Payment Element, as far as a page needs it to take a payment by its
// client secret. The fields are in a frame of the double's own.
(() => {
  const home = new URL(document.currentScript.src).origin;
  let numbers = 0;

  function frame(path, title) {
    const made = document.createElement("iframe");
    made.src = home + path;
    made.title = title;
    made.name = `__privateStripeFrame${(numbers += 1)}`;
    made.allow = "payment *; publickey-credentials-get *";
    made.style.border = "0";
    made.style.width = "100%";
    return made;
  }

  // Questions to a frame, and what it says by itself.
  function talk(made, heard) {
    const waiting = new Map();
    let last = 0;
    window.addEventListener("message", (event) => {
      if (event.origin !== home || event.source !== made.contentWindow) return;
      const { answer, value } = event.data;
      if (answer === undefined) heard(event.data);
      else {
        waiting.get(answer)?.(value);
        waiting.delete(answer);
      }
    });
    return (ask, value) =>
      new Promise((resolve) => {
        last += 1;
        waiting.set(last, resolve);
        made.contentWindow.postMessage({ ask, id: last, value }, home);
      });
  }

  function paymentElement(key, settings, options) {
    const made = frame("/elements/payment", "Secure payment input frame");
    made.style.height = "14rem";
    const on = { ready: [], change: [], loaderror: [] };
    const tell = (what, value) => on[what].forEach((listener) => listener(value));
    const ask = talk(made, async (said) => {
      if (said.double === "hello") {
        const begun = await ask("begin", { key, ...settings, defaultValues: options.defaultValues });
        if (begun.error) tell("loaderror", { elementType: "payment", error: begun.error });
        else tell("ready", { elementType: "payment" });
      }
      if (said.double === "height") made.style.height = `${said.value}px`;
      if (said.double === "change") tell("change", { elementType: "payment", ...said.value });
    });
    return {
      ask,
      mount(where) {
        const node = typeof where === "string" ? document.querySelector(where) : where;
        if (!node) throw new Error("The element to mount in is not there.");
        node.replaceChildren(made);
      },
      unmount: () => made.remove(),
      destroy: () => made.remove(),
      on(what, listener) {
        on[what]?.push(listener);
        return this;
      },
    };
  }

  // The bank's page, over the page of the shop.
  function challenge(url) {
    return new Promise((resolve) => {
      const made = frame(`${new URL(url).pathname}?in=frame`, "3D Secure");
      Object.assign(made.style, { position: "fixed", inset: "0", height: "100%", zIndex: "2147483647", background: "#fff" });
      talk(made, (said) => {
        if (said.double !== "challenge") return;
        made.remove();
        resolve();
      });
      document.body.append(made);
    });
  }

  window.Stripe = function Stripe(key) {
    if (typeof key !== "string" || !key.startsWith("pk_")) {
      throw new Error("You should not use your secret key with Stripe.js. Please pass a publishable key instead.");
    }
    return {
      elements({ clientSecret, appearance, locale } = {}) {
        if (!/^pi_\w+_secret_\w+$/.test(clientSecret ?? "")) throw new Error("Invalid value for elements(): clientSecret");
        let payment = null;
        return {
          create(kind, options = {}) {
            if (kind !== "payment" || payment) throw new Error(`Cannot create another element of this kind: ${kind}`);
            payment = paymentElement(key, { clientSecret, appearance, locale }, options);
            return payment;
          },
          getElement: () => payment,
          submit: () => payment.ask("check"),
          update: (changed) => payment.ask("update", changed),
        };
      },
      async confirmPayment({ elements, confirmParams = {}, redirect = "always" }) {
        const payment = elements.getElement("payment");
        const asked = { return_url: confirmParams.return_url };
        let told = await payment.ask("confirm", asked);
        if (told.paymentIntent?.status === "requires_action") {
          await challenge(told.paymentIntent.next_action.redirect_to_url.url);
          told = await payment.ask("look");
        }
        if (told.error || redirect === "if_required") return told;
        const back = new URL(confirmParams.return_url);
        back.searchParams.set("payment_intent", told.paymentIntent.id);
        back.searchParams.set("payment_intent_client_secret", told.paymentIntent.client_secret);
        back.searchParams.set("redirect_status", "succeeded");
        window.location.href = back.href;
        return new Promise(() => {});
      },
    };
  };
})();
