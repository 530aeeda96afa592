// A phone at a door: a Chromium of its own with a profile that outlives it, so that it can be killed like one.
import { spawn } from "node:child_process";
import { chromium } from "@playwright/test";
import { ownAddress } from "../support/founder.js";
import { expect, hydrated } from "../support/journey.js";
import { counter, kept, pair, start, verdict, wedge } from "../scanner/steps.js";

const FLAGS = [
  "--headless=new",
  "--remote-debugging-port=0",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--no-default-browser-check",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--lang=en-GB",
];

// A wrong clock. Success stays on the screen for less long than for people, so that a day is over sooner; what was shown is
// remembered, however short it was.
function disturb(wrong) {
  const RealDate = Date;
  globalThis.Date = class extends RealDate {
    constructor(...given) {
      if (given.length === 0) super(RealDate.now() + wrong);
      else super(...given);
    }
    static now() {
      return RealDate.now() + wrong;
    }
  };
  const realTimeout = globalThis.setTimeout;
  globalThis.setTimeout = (work, wait, ...rest) => realTimeout(work, wait === 1200 || wait === 1500 ? 80 : wait, ...rest);
  globalThis.shown = [];
  let there = false;
  const look = () => {
    const card = document.querySelector("[data-verdict]");
    if (card && !there) globalThis.shown.push(card.dataset.verdict);
    there = card !== null;
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true });
}

export class Device {
  constructor({ base, program, profile, name, gate, clock }) {
    Object.assign(this, { base, program, profile, name, gate, clock, offline: false });
    this.address = ownAddress();
  }

  async open() {
    this.process = spawn(this.program, [...FLAGS, `--user-data-dir=${this.profile}`, "about:blank"], { stdio: ["ignore", "ignore", "pipe"] });
    const socket = await new Promise((resolve, reject) => {
      let said = "";
      this.process.stderr.on("data", (text) => {
        said += text;
        const found = said.match(/DevTools listening on (ws:\S+)/);
        if (found) resolve(found[1]);
      });
      this.process.once("exit", () => reject(new Error(`the browser of ${this.name} did not start:\n${said}`)));
    });
    this.browser = await chromium.connectOverCDP(socket);
    [this.context] = this.browser.contexts();
    await this.context.addInitScript(disturb, this.clock);
    await this.context.setExtraHTTPHeaders(this.address);
    if (this.offline) await this.context.setOffline(true);
    this.page = await this.context.newPage();
  }

  async pairWith(link) {
    await pair(this.page, this.base + link, this.name);
    await kept(this.page);
    await start(this.page);
  }

  // The scanner as a person finds it who opens it again.
  async resume() {
    await this.page.goto(`${this.base}/scan`);
    await hydrated(this.page);
    await start(this.page);
  }

  async setOffline(offline) {
    this.offline = offline;
    await this.context.setOffline(offline);
  }

  // Shows a code to the device, and gives what the screen said.
  async scan(code) {
    const known = await this.page.evaluate(() => globalThis.shown.length);
    const before = Date.now();
    await wedge(this.page, code);
    const seen = await this.page.waitForFunction((known) => globalThis.shown[known], known, { timeout: 15_000, polling: 20 });
    const said = await seen.jsonValue();
    const after = Date.now();
    if (!said.startsWith("valid")) await this.page.keyboard.press("Enter");
    await verdict(this.page).waitFor({ state: "detached", timeout: 15_000 });
    return { said, before, after };
  }

  // Shows a code and pulls the plug while the device is still busy with it.
  async scanAndDie(code, how, wait) {
    const before = Date.now();
    await wedge(this.page, code).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, wait));
    if (how === "browser") {
      await this.kill();
      await this.open();
    } else {
      await this.page.close({ runBeforeUnload: false });
      this.page = await this.context.newPage();
    }
    await this.resume();
    return { before, after: Date.now() };
  }

  async kill() {
    const gone = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGKILL");
    await gone;
    await this.browser.close().catch(() => {});
  }

  // Opens the scanner anew, takes the new build that waits there, and says which files it works with now.
  async update() {
    const before = await this.builds();
    await this.resume();
    await this.page.getByRole("button", { name: "Use it now" }).click({ timeout: 60_000 });
    await expect(async () => {
      const now = await this.builds();
      expect(now).toHaveLength(1);
      expect(now).not.toEqual(before);
    }).toPass({ timeout: 30_000 });
    await this.page.getByRole("button", { name: "Start scanning" }).waitFor({ timeout: 30_000 });
    await start(this.page);
  }

  builds() {
    return this.page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith("scanner-")).sort());
  }

  async number(name) {
    return Number.parseInt(await counter(this.page, name).textContent(), 10);
  }

  // Everything has been told.
  async settled() {
    await this.page.getByText("Live", { exact: true }).waitFor({ timeout: 90_000 });
    await expect(counter(this.page, "Waiting")).toHaveText(/^0(\D|$)/, { timeout: 90_000 });
  }
}
