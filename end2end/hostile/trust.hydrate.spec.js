// What text may become in a page: nothing that runs, whoever asks for it.
import { expect, test } from "../support/journey.js";

const refused = [
  `<img src=x onerror="hit()">`,
  `<svg/onload=hit()>`,
  `<img title=">" src=x onerror="hit()">`,
  `<img title=a" src=x onerror=hit()>`,
  `<p title=it's onclick=hit()>`,
  `<iframe srcdoc="&lt;p>"></iframe>`,
  `<script>hit()</script>`,
  `<base href="https://elsewhere.example/">`,
];
const harmless = [`<p>One <strong>word</strong></p>`, `<svg viewBox="0 0 1 1"><path d="M0 0h1"/></svg>`, `Doors on = 7, script in hand`, `<a href="https://x.example/a/online=1">here</a>`, `<a title=" onclick=1">here</a>`];

for (const address of ["/", "/sign-in", "/events"]) {
  test(`no text becomes something that runs on ${address}`, async ({ page, faults }) => {
    await page.goto(address);
    const become = (text) =>
      page.evaluate((text) => {
        try {
          document.createElement("div").innerHTML = text;
          return "taken";
        } catch (fault) {
          return fault.name;
        }
      }, text);
    for (const text of refused) expect(await become(text), text).toBe("TypeError");
    for (const text of harmless) expect(await become(text), text).toBe("taken");
    const bring = (url) =>
      page.evaluate((url) => {
        try {
          document.createElement("script").src = url;
          return "taken";
        } catch (fault) {
          return fault.name;
        }
      }, url);
    expect(await bring("https://elsewhere.example/a.js")).toBe("TypeError");
    expect(await bring("/pkg/a.js")).toBe("taken");
    // The browser says so in its console each time, which is a fault everywhere else.
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.filter((fault) => !/Trusted(HTML|Script)/.test(fault))).toEqual([]);
    faults.length = 0;
  });
}
