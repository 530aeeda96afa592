// The fields of the Payment Element, in their own frame: what is typed here never leaves for the page around it.
(() => {
  const texts = {
    en: {
      number: "Card number", expiry: "Expiration date", cvc: "Security code", card: "Card", sepa_debit: "SEPA Debit",
      iban: "IBAN", name: "Account holder", email: "Email",
      incomplete_number: "Your card number is incomplete.", incomplete_expiry: "Your card's expiration date is incomplete.",
      incomplete_cvc: "Your card's security code is incomplete.", incomplete_iban: "Your IBAN is incomplete.",
      incomplete_name: "Your name is incomplete.", incomplete_email: "Your email is incomplete.",
    },
    ar: {
      number: "رقم البطاقة", expiry: "تاريخ انتهاء الصلاحية", cvc: "رمز الأمان", card: "البطاقة", sepa_debit: "خصم SEPA",
      iban: "رقم IBAN", name: "صاحب الحساب", email: "البريد الإلكتروني",
      incomplete_number: "رقم بطاقتك غير مكتمل.", incomplete_expiry: "تاريخ انتهاء بطاقتك غير مكتمل.",
      incomplete_cvc: "رمز أمان بطاقتك غير مكتمل.", incomplete_iban: "رقم IBAN غير مكتمل.",
      incomplete_name: "اسمك غير مكتمل.", incomplete_email: "بريدك الإلكتروني غير مكتمل.",
    },
  };
  const form = document.getElementById("fields");
  const kinds = form.querySelector(".kinds");
  const field = (name) => form.elements.namedItem(name);
  let words = texts.en;
  let kind = "card";
  let around = null;
  let home = null;
  let account = null;

  const say = (message) => around.postMessage(message, home);
  const measure = () => say({ double: "height", value: Math.ceil(document.documentElement.getBoundingClientRect().height) + 2 });

  async function stripe(method, path, values) {
    const sent = new URLSearchParams({ key: account.key, client_secret: account.clientSecret, ...values });
    const id = account.clientSecret.split("_secret_")[0];
    const address = `/v1/payment_intents/${id}${path}`;
    try {
      const answer = method === "GET" ? await fetch(`${address}?${sent}`) : await fetch(address, { method, body: sent });
      const body = await answer.json();
      return body.error ? { error: body.error } : { paymentIntent: body };
    } catch {
      return { error: { type: "api_connection_error", message: "An error occurred while processing your request. Try again in a little bit." } };
    }
  }

  function dress({ appearance, locale } = {}) {
    if (locale) {
      words = texts[locale] ?? texts.en;
      document.documentElement.lang = texts[locale] ? locale : "en";
      document.documentElement.dir = locale === "ar" ? "rtl" : "ltr";
    }
    for (const label of document.querySelectorAll("[data-label]")) label.textContent = words[label.dataset.label];
    for (const button of kinds.children) button.textContent = words[button.value];
    const given = appearance?.variables ?? {};
    const names = { "--back": "colorBackground", "--text": "colorText", "--danger": "colorDanger", "--round": "borderRadius", "--font": "fontFamily" };
    for (const [own, theirs] of Object.entries(names)) {
      if (given[theirs]) document.documentElement.style.setProperty(own, given[theirs]);
    }
  }

  async function begin(given) {
    account = { key: given.key, clientSecret: given.clientSecret };
    const told = await stripe("GET", "", {});
    if (told.error) return told;
    dress(given);
    const known = given.defaultValues?.billingDetails ?? {};
    for (const name of ["name", "email"]) field(name).value = known[name] ?? "";
    kinds.hidden = !told.paymentIntent.payment_method_types.includes("sepa_debit");
    form.hidden = false;
    measure();
    return {};
  }

  function check() {
    const digits = (name) => field(name).value.replace(/\D/g, "");
    const whole = {
      card: { number: digits("number").length >= 12, expiry: digits("expiry").length >= 4, cvc: digits("cvc").length >= 3 },
      sepa_debit: { iban: field("iban").value.trim().length >= 15, name: field("name").value.trim() !== "", email: field("email").value.includes("@") },
    }[kind];
    let error = null;
    for (const [name, good] of Object.entries(whole)) {
      field(name).setAttribute("aria-invalid", String(!good));
      if (good || error) continue;
      error = { type: "validation_error", code: `incomplete_${name}`, message: words[`incomplete_${name}`] };
      field(name).focus();
    }
    return error ? { error } : {};
  }

  async function confirm({ return_url }) {
    const wrong = check();
    if (wrong.error) return wrong;
    const method = { return_url, "payment_method_data[type]": kind };
    if (kind === "card") {
      const [month, year] = field("expiry").value.replace(/\D/g, "").match(/^(\d\d)(\d+)$/).slice(1);
      method["payment_method_data[card][number]"] = field("number").value;
      method["payment_method_data[card][exp_month]"] = month;
      method["payment_method_data[card][exp_year]"] = year;
      method["payment_method_data[card][cvc]"] = field("cvc").value;
    } else {
      method["payment_method_data[sepa_debit][iban]"] = field("iban").value;
      method["payment_method_data[billing_details][name]"] = field("name").value;
      method["payment_method_data[billing_details][email]"] = field("email").value;
    }
    return stripe("POST", "/confirm", method);
  }

  // How a challenge ended.
  async function look() {
    const told = await stripe("GET", "", {});
    const last = told.paymentIntent?.last_payment_error;
    if (told.paymentIntent?.status === "requires_payment_method" && last) return { error: last };
    return told;
  }

  kinds.addEventListener("click", (event) => {
    if (!event.target.value) return;
    kind = event.target.value;
    for (const button of kinds.children) button.setAttribute("aria-pressed", String(button.value === kind));
    for (const part of form.querySelectorAll("[data-kind]")) part.hidden = part.dataset.kind !== kind;
    measure();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => say({ double: "change", value: { complete: false } }));

  const asked = {
    begin,
    check,
    confirm,
    look,
    update(given) {
      dress(given);
      return {};
    },
  };
  window.addEventListener("message", async (event) => {
    if (event.source !== window.parent || !Object.hasOwn(asked, event.data?.ask)) return;
    around = event.source;
    home = event.origin;
    say({ answer: event.data.id, value: await asked[event.data.ask](event.data.value ?? {}) });
  });
  window.parent.postMessage({ double: "hello" }, "*");
})();
