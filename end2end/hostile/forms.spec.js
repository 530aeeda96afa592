// Every form, filled in by people who make mistakes and by people who mean harm: nothing breaks, nothing odd is
// kept, and each fault is named in words beside its field.
import { visitAsAdmin } from "../support/platform.js";
import { readFileSync } from "node:fs";
import { expect, test } from "../support/journey.js";
import { mail } from "../support/mailbox.js";
import { password, unique } from "../support/founder.js";
import { filled, Visitor } from "../support/forms.js";

test.setTimeout(60_000);

const markup = `"><img src="x" data-hostile><script>alert(1)</script>`;
const cases = {
  empty: "",
  oversized: "x".repeat(10 * 1024),
  markup,
  control: "a\u0000b\u0007c",
  bidi: "abc\u202etxt.exe",
};

// One line per form: who sees it where; `needs`: at fault when nothing is filled in; `wrong`: takes no letters;
// `base`: what the other fields hold; `free`: takes markup as ordinary text; `long`: has room for ten thousand signs;
// `whole`: says it above the fields; `button`: the function of another button in it; `leave`: fields that are none of its business.
const forms = [
  { form: "accounts/sign_in", who: "visitor", at: () => "/sign-in", needs: ["email", "password"], whole: ["oversized", "markup", "control", "bidi"] },
  { form: "accounts/sign_up", who: "visitor", at: () => "/sign-up", needs: ["name", "email", "password"] },
  { form: "accounts/request_password_reset", who: "visitor", at: () => "/reset", needs: ["email"] },
  { form: "accounts/reset_password", who: "visitor", at: (w) => w.reset, needs: ["password"], only: ["empty", "oversized"] },
  { form: "manage/find_my_tickets", who: "visitor", at: () => "/find-my-tickets", needs: ["email"] },
  { form: "hold/hold_tickets", who: "buyer", at: (w) => w.event, needs: [], whole: Object.keys(cases) },
  {
    form: "details/place_order",
    who: "buyer",
    at: (w) => w.hold,
    set: { "form[same_for_all]": undefined },
    needs: ["form[email]", "form[name]", "form[attendees][0][name]"],
    free: ["form[invoice_address]"],
    leave: /^code$/,
  },
  {
    form: "details/place_order",
    button: "code/use_promo_code",
    who: "buyer",
    at: (w) => w.hold,
    needs: ["code"],
    leave: /^form/,
  },
  { form: "manage/set_invoice", who: "buyer", at: (w) => w.order, needs: [], free: ["invoice_address"] },
  { form: "passing/offer_ticket", who: "buyer", at: (w) => `${w.order}/pass-on`, needs: ["name", "email"] },
  { form: "accounts/change_profile", who: "owner", at: () => "/account", needs: ["name"] },
  { form: "accounts/change_password", who: "owner", at: () => "/account", needs: ["current_password", "new_password"], only: ["empty", "oversized"] },
  { form: "organizers/create_organization", who: "owner", at: () => "/organize/new", needs: ["name"] },
  { form: "organizers/update_organization", who: "owner", at: (w) => `${w.home}/settings`, needs: ["name", "contact_email"], free: ["description_md"] },
  { form: "finance/set_payout_account", who: "owner", at: (w) => `${w.home}/money`, needs: ["holder", "number"], wrong: ["number"] },
  {
    form: "promo/create_promo_code",
    who: "owner",
    at: (w) => `${w.home}/promo-codes/new`,
    base: { "form[code]": "SWANS", "form[currency]": "EUR", "form[kind]": "percent", "form[value]": "5" },
    needs: ["form[code]", "form[value]"],
    wrong: ["form[value]", "form[from]", "form[until]", "form[max_uses]", "form[max_per_customer]", "form[budget]"],
  },
  { form: "team/invite_member", who: "owner", at: (w) => `${w.home}/team`, needs: ["email"] },
  {
    form: "events/create_event",
    who: "owner",
    at: (w) => `${w.home}/events/new`,
    base: { title: "Swans", category: "concert", starts: "2030-05-14T19:30", time_zone: "Europe/Ljubljana", currency: "EUR", capacity: "50" },
    needs: ["title", "starts", "time_zone", "ticket_name", "capacity"],
    wrong: ["starts", "ends", "price", "capacity"],
  },
  { form: "events/set_event_basics", who: "owner", at: (w) => `${w.draft}/edit`, needs: ["title"] },
  { form: "events/set_event_when", who: "owner", at: (w) => `${w.draft}/edit/when`, needs: ["starts", "time_zone"], wrong: ["starts", "ends"] },
  { form: "events/set_event_place", who: "owner", at: (w) => `${w.running}/edit/place`, needs: ["venue_name"] },
  { form: "events/set_event_description", who: "owner", at: (w) => `${w.draft}/edit/description`, needs: [], free: ["description_md"], long: ["description_md"] },
  { form: "events/set_event_passing", who: "owner", at: (w) => `${w.draft}/edit/rules`, needs: ["hours_before", "most"], wrong: ["hours_before", "most"] },
  { form: "events/set_event_refunds", who: "owner", at: (w) => `${w.draft}/edit/rules`, needs: [], wrong: ["days_1", "percent_1"] },
  {
    form: "tickets/save_ticket_type",
    who: "owner",
    at: (w) => `${w.draft}/edit/tickets/new`,
    needs: ["name", "min_per_order", "max_per_order"],
    wrong: ["price", "min_per_order", "max_per_order", "max_per_customer", "own_capacity", "sales_from", "sales_until"],
  },
  { form: "tickets/save_pool", who: "owner", at: (w) => `${w.draft}/edit/pools/new`, needs: ["name", "capacity"], wrong: ["capacity"] },
  { form: "door/pair_scanner", who: "owner", at: (w) => `${w.running}/door`, needs: [] },
  { form: "events/postpone_event", who: "owner", at: (w) => `${w.running}/call-off`, set: { choice: "give_back" }, needs: [], except: ["empty"] },
  { form: "events/cancel_event", who: "owner", at: (w) => `${w.running}/call-off`, needs: ["reason"] },
  { form: "organizer_orders/cancel_order_by_organizer", who: "owner", at: (w) => `${w.home}/orders/${w.unpaidCode}`, needs: [], except: ["empty"] },
  { form: "organizer_orders/refund_order", who: "owner", at: (w) => `${w.home}/orders/${w.paidCode}/refund?choice=full`, needs: [], except: ["empty"] },
  { form: "admin/moderate", who: "admin", at: (w) => w.adminPage, needs: ["reason"] },
];

let world;

test.beforeAll(async ({ browser, playwright, baseURL }) => {
  const context = await browser.newContext();
  const reader = await context.newPage();
  world = await build(() => Visitor.make(playwright, reader, baseURL ?? process.env.BASE_URL));
});

// An organizer with a draft, an event on sale, a paid and an unpaid order; buyers on their way; an admin.
async function build(visitor) {
  const id = unique();
  const join = async (name) => {
    const person = await visitor();
    const email = `${name}-${id}@people.example`;
    await person.fill("/sign-up", "sign_up", { name: "Tilda Swan", email, password });
    const [link] = await mail(email, /\/verify\/[a-z2-7]+/);
    await person.fill(link, "verify_email");
    return Object.assign(person, { email });
  };
  const owner = await join("tilda");
  const home = (await owner.fill("/organize", "create_organization", { name: `Swan Hall ${id}` })).path;
  const year = new Date().getFullYear() + 1;
  const made = async (title) =>
    (
      await owner.fill(`${home}/events/new`, "create_event", {
        title,
        category: "concert",
        starts: `${year}-05-14T19:30`,
        time_zone: "Europe/Ljubljana",
        venue_name: "Old Mill",
        venue_city: "Ptuj",
        currency: "EUR",
        price: "10",
        capacity: "50",
      })
    ).path;
  const draft = await made(`Swan Draft ${id}`);
  const running = await made(`Swan Songs ${id}`);
  await owner.fill(`${running}/edit/description`, "set_event_description", { description_md: "Songs." });
  await owner.fill(running, "publish_event");
  const event = `/e/${running.split("/").pop()}`;

  const buyer = await visitor();
  const choose = async () => (await buyer.fill(event, "hold_tickets")).path;
  const place = async () =>
    (await buyer.fill(await choose(), "place_order", { "form[email]": `buyer-${id}@buyers.example`, "form[name]": "Bela Kos" })).path;
  const pay = await place();
  const paying = await buyer.fill(pay, "start_payment");
  await buyer.fill(paying.path, "choose_outcome", { outcome: "succeed" });
  const order = pay.replace(/\/pay$/, "");
  await expect(async () => expect((await buyer.open(order)).path).toBe(order)).toPass({ timeout: 20_000 });
  const unpaid = await place();
  const code = async (kind) => {
    const page = await owner.open(`${home}/orders`);
    const codes = [...new Set([...page.html.matchAll(/\/orders\/([A-Z0-9]{8})\b/g)].map(([, one]) => one))];
    for (const one of codes) if ((await owner.open(`${home}/orders/${one}`)).forms.some((form) => form.action.endsWith(kind))) return one;
    throw new Error(`no order with ${kind} among ${codes}`);
  };

  const forgetful = await join("forgetful");
  const anybody = await visitor();
  await anybody.fill("/reset", "request_password_reset", { email: forgetful.email });
  const [reset] = await mail(forgetful.email, /\/reset\/[a-z2-7]+/);

  const admin = await visitor();
  await visitAsAdmin(admin);
  const listed = await admin.open(`/admin/users?q=${encodeURIComponent(forgetful.email)}`);
  const [adminPage] = listed.html.match(/\/admin\/users\/[0-9a-f-]{36}/);
  return {
    people: { visitor: anybody, buyer, owner, admin },
    home,
    draft,
    running,
    event,
    order,
    unpaid,
    hold: await choose(),
    paidCode: await code("/resend_order"),
    unpaidCode: await code("/cancel_order_by_organizer"),
    reset,
    adminPage,
  };
}

const isTyped = (one) => !["hidden", "checkbox", "radio", "file", "select", "button"].includes(one.kind);
const isWords = (one) => ["text", "textarea", "email", "url", "search", "tel"].includes(one.kind);
const theForm = (page, form) => page.forms.find((one) => one.action.endsWith(`/${form}`));

// What holds for every answer, whatever was sent.
function sound(page, what) {
  expect(page.status, `${what}: status of ${page.path}`).toBeLessThan(500);
  expect(page.kind, `${what}: a page, not data`).toContain("text/html");
  expect(page.words.length, `${what}: not a blank page`).toBeGreaterThan(0);
  expect(page.injected, `${what}: markup came alive`).toBe(0);
  expect(page.html, `${what}: markup unescaped`).not.toContain("<script>alert(1)");
}

for (const entry of forms) {
  test(`${entry.button ?? entry.form}: faults stand beside their fields, and nothing is lost`, async ({ browser, javaScriptEnabled }) => {
    const { form, button, who, needs, wrong = [], free = [], long = [], whole = [], base = {}, set = {}, only, except = [], leave } = entry;
    const person = world.people[who];
    const address = entry.at(world);
    let shown;
    const problems = [];
    const check = (what, holds) => holds || problems.push(what);
    const judge = async (name, values, faulty) => {
      const before = await person.open(address);
      const asked = theForm(before, form);
      expect(asked, `${form} on ${address} (${before.status})`).toBeTruthy();
      const action = button ? asked.action.replace(form, button) : asked.action;
      const answer = await person.send(before.path, action, filled(asked, { ...base, ...values, ...set }));
      sound(answer, `${form}, ${name}`);
      const again = theForm(answer, form);
      if (whole.includes(name)) {
        check(`${name}: says nothing`, answer.words.some((word) => !before.words.includes(word) && /[a-z]{3}/.test(word)));
      } else if (faulty.length > 0) {
        check(`${name}: the form is gone (${answer.path})`, again);
        for (const field of faulty) {
          const one = again?.controls.find((other) => other.name === field);
          check(`${name}: nothing beside ${field}`, one?.invalid && one.described.length > 5);
        }
        shown ??= answer;
      }
      const refused = whole.includes(name) || faulty.length > 0;
      for (const one of asked.controls.filter((other) => isWords(other) && refused && other.name in values)) {
        const kept = again?.controls.find((other) => other.name === one.name)?.value.replaceAll("\ufffd", "\u0000");
        check(`${name}: ${one.name} is not kept but ${JSON.stringify(kept?.slice(0, 30))}`, kept === values[one.name]);
      }
    };

    const typed = theForm(await person.open(address), form)?.controls.filter((one) => isTyped(one) && !leave?.test(one.name)) ?? [];
    expect(typed.length, `fields of ${form} on ${address}`).toBeGreaterThan(0);
    for (const [name, value] of Object.entries(cases)) {
      if ((only && !only.includes(name)) || except.includes(name)) continue;
      const values = Object.fromEntries(typed.map((one) => [one.name, value]));
      const spared = { empty: [], oversized: long, markup: free }[name] ?? [];
      const faulty = name === "empty" ? needs : typed.map((one) => one.name).filter((field) => !spared.includes(field));
      await judge(name, values, faulty);
    }
    for (const field of wrong) await judge(`letters in ${field}`, { [field]: "letters" }, [field]);
    expect(problems).toEqual([]);

    // Once in a window: the words stand where the eye is.
    if (!shown) return;
    const context = await browser.newContext({ storageState: await person.context.storageState(), javaScriptEnabled });
    const page = await context.newPage();
    await page.goto(new URL(shown.path, person.origin).href);
    const field = page.locator('main [aria-invalid="true"]').first();
    await expect(field).toBeVisible();
    const [error] = (await field.getAttribute("aria-describedby")).split(" ");
    const beside = page.locator(`[id="${error}"]`);
    await expect(beside).toHaveText(/\w{3}/);
    await expect(beside).toBeVisible();
    const [input, words] = [await field.boundingBox(), await beside.boundingBox()];
    expect(Math.abs(words.y - (input.y + input.height)), "between the field and its fault").toBeLessThan(80);
    await context.close();
  });
}

test("what a member may type as Markdown stays text on the public page", async () => {
  const { owner, visitor } = world.people;
  await owner.fill(`${world.running}/edit/description`, "set_event_description", { description_md: `Songs.\n\n${markup}\n\n[a](javascript:alert(1))` });
  const page = await visitor.open(world.event);
  sound(page, "public page");
  expect(page.html).not.toMatch(/href="javascript:/i);
});

test("no address that takes forms breaks when its fields are missing or made up", async () => {
  const table = readFileSync(new URL("../../server/web/tests/access.txt", import.meta.url), "utf8");
  const addresses = [...table.matchAll(/^POST (\S+)/gm)].map(([, one]) => one).filter((one) => one !== "/sign-out");
  expect(addresses.length).toBeGreaterThan(40);
  const names = ["event", "organization", "token", "secret", "id", "user", "code", "pool", "ticket", "deed", "reference", "outcome", "device", "refund", "currency", "refund_minor", "state", "to", "email", "role", "key", "reason", "locale", "theme", "visibility", "tickets[x]", "tickets", "form", "form[total_minor]", "form[attendees][x]"];
  const problems = [];
  for (const person of [world.people.visitor, world.people.owner]) {
    for (const address of addresses) {
      const action = address.replace(/\{[^}]*\}/g, "x");
      for (const value of [undefined, "", markup, "\u0000", "-99999999999999999999"]) {
        const pairs = value === undefined ? [] : names.map((name) => [name, value]);
        const answer = await person.context.post(action, {
          maxRedirects: 0,
          headers: { "content-type": "application/x-www-form-urlencoded", origin: person.origin, referer: `${person.origin}/find-my-tickets` },
          data: new URLSearchParams(pairs).toString(),
        });
        if (answer.status() >= 500) problems.push(`${answer.status()} ${action} with ${JSON.stringify(value)}`);
        if (answer.status() >= 400 && !action.startsWith("/api/v1/") && !answer.headers()["content-type"]?.includes("text/html")) {
          problems.push(`no page but ${answer.headers()["content-type"]} (${answer.status()}) from ${action} with ${JSON.stringify(value)}`);
        }
      }
    }
  }
  expect(problems).toEqual([]);
});
