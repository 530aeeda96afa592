// Prints each journey as it ends, what went wrong, and the closing count.
export default class Reporter {
  passed = 0;
  failed = 0;

  onTestEnd(test, result) {
    const [, project, file, ...titles] = test.titlePath();
    const name = `${project} ${file} › ${titles.join(" › ")}`;
    if (result.status === "skipped") return;
    const ok = result.status === test.expectedStatus;
    ok ? this.passed++ : this.failed++;
    console.log(`${ok ? "ok  " : "FAIL"} ${(result.duration / 1000).toFixed(1).padStart(5)} s  ${name}`);
    if (!ok) {
      for (const error of result.errors) {
        console.log((error.message ?? error.value ?? "").split("\n").slice(0, 25).map((line) => `       ${line}`).join("\n"));
        if (error.location) console.log(`       at ${error.location.file}:${error.location.line}`);
      }
    }
  }

  onError(error) {
    this.failed++;
    console.log(`FAIL ${error.message ?? error.value}`);
  }

  onEnd() {
    console.log(`\n${this.passed} passed, ${this.failed} failed`);
  }
}
