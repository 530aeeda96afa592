// A small day at three doors, with killed devices, outages and wrong clocks; `cargo xtask door-day` is the long one. It is a
// program of its own: hardware scanners type a lot, and the runner writes each key down.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import config from "../playwright.config.js";
import { expect, test } from "../support/journey.js";

test.setTimeout(180_000);

test("nothing that was green is lost, and every double entry is told", async ({ baseURL }) => {
  const folder = mkdtempSync(join(tmpdir(), "bilten-day-"));
  const program = fileURLToPath(new URL("../door-day/run.js", import.meta.url));
  const env = {
    PSQL: "psql",
    ...process.env,
    BASE_URL: baseURL,
    FOLDER: folder,
    CHROMIUM: config.use.launchOptions.executablePath,
    TICKETS: "40",
    DEVICES: "3",
    SCANS: "45",
    SEED: "42",
  };
  // Others use the same files at the same time: to them a new build would come out of the blue.
  delete env.SITE;
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [program], { env }).catch((fault) => fault);
    expect(stdout).not.toContain("WRONG");
    // A day on which nothing happens proves nothing.
    const figure = (what) => Number(stdout.match(new RegExp(`${what} +(\\d+)`))?.[1]);
    expect(figure("green on a screen"), stdout).toBeGreaterThan(25);
    expect(figure("browsers killed in a scan")).toBe(1);
    expect(figure("tabs killed in a scan")).toBe(1);
    expect(figure("outages")).toBe(2);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
