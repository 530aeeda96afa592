// Two thousand ways to make a page run something, written into the one field that takes markup, and looked at in a real browser.
import { draft, found, unique } from "../support/founder.js";
import { expect, test } from "../support/journey.js";

test.setTimeout(180_000);

const elements = ["script", "img", "svg", "iframe", "video", "audio", "details", "body", "input", "math", "object", "a", "form", "style", "x", "marquee"];
const moments = ["onerror", "onload", "onclick", "onfocus", "ontoggle", "onmouseover", "onanimationstart", "onbegin", "onpointerenter", "onscroll", "onstart", "oncanplay"];
const shapes = [
  (e, m) => `<${e} ${m}=hit()>x</${e}>`,
  (e, m) => `<${e} src=x ${m}="hit()" autofocus tabindex=1 open>`,
  (e, m) => `"><${e}/${m}='hit()'>`,
  (e, m) => `--></${e}><${e}\n${m}\t=\thit()>`,
  (e, m) => `</textarea></title><${e.toUpperCase()} ${m.toUpperCase()}=hit()>`,
  (e, m) => `[a](x "${m}=hit() <${e} ${m}=hit()>")`,
  (e, m) => `![a](x" ${m}="hit()" ${e}=")`,
  (e, m) => `<${e} title="<${e} ${m}=hit()>">`,
  (e, m) => `&lt;${e} ${m}=hit()&gt;`,
  (e, m) => `\`\`<${e} ${m}=hit()>\`\``,
  (e, m) => `<<${e}>${e} ${m}=hit()//`,
];
const addresses = ["javascript:hit()", "JaVaScRiPt:hit()", "java&#10;script:hit()", "&#106;avascript:hit()", "data:text/html,<script>hit()</script>", "vbscript:hit()"];

const payloads = [
  ...elements.flatMap((e) => moments.flatMap((m) => shapes.map((shape) => shape(e, m)))),
  ...addresses.flatMap((to) => [`[a](${to})`, `[a](<${to}>)`, `![a](${to})`, `<${to}>`, `<a href="${to}">a</a>`, `[a]: ${to}\n\n[a]`]),
];

// As many as the field has room for.
function portions() {
  const all = [[]];
  for (const one of payloads) {
    const last = all.at(-1);
    if (last.join("\n\n").length + one.length > 9000) all.push([one]);
    else last.push(one);
  }
  return all;
}

test("of two thousand payloads in a description none runs", async ({ page }) => {
  await page.addInitScript(() => {
    window.hits = 0;
    window.hit = () => (window.hits += 1);
  });
  const id = unique();
  const home = await found(page, { person: "Eve", email: `eve-${id}@people.example`, organization: `Payload Hall ${id}` });
  const address = await draft(page, home, { title: `Payloads ${id}`, places: 5 });
  const main = page.locator("main");
  await page.goto(`${address}/edit/description`);
  await main.getByRole("textbox").fill("Songs.");
  await main.getByRole("button", { name: "Save" }).click();
  await page.goto(address);
  await main.getByRole("button", { name: "Publish" }).click();
  await expect(main.getByText("On sale").first()).toBeVisible();

  let tried = 0;
  for (const portion of portions()) {
    await page.goto(`${address}/edit/description`);
    await main.getByRole("textbox").fill(portion.join("\n\n"));
    await main.getByRole("button", { name: "Save" }).click();
    await page.goto(`/e/${address.split("/").pop()}`);
    const found = await page.evaluate(async () => {
      const all = [...document.querySelectorAll("main *")];
      for (const one of all) {
        for (const kind of ["error", "load", "focus", "toggle", "mouseover", "animationstart", "pointerenter", "scroll", "canplay"]) one.dispatchEvent(new Event(kind));
      }
      await new Promise((done) => setTimeout(done, 100));
      return {
        hits: window.hits,
        shown: document.querySelector("main").textContent.split("hit()").length > 50,
        moments: all.flatMap((one) => one.getAttributeNames().filter((name) => name.startsWith("on"))),
        links: [...document.links].filter((one) => !/^(https?|mailto):$/.test(one.protocol)).map((one) => one.href),
      };
    });
    expect(found, `one of ${JSON.stringify(portion.slice(0, 3))} …`).toEqual({ hits: 0, shown: true, moments: [], links: [] });
    tried += portion.length;
  }
  expect(tried).toBeGreaterThan(2000);
});
