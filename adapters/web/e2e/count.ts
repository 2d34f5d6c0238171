import type { FullResult, Reporter, Suite, TestCase } from "@playwright/test/reporter";

/** Count closes the output with the line that the other parts of the tests close theirs with. */
export default class Count implements Reporter {
  private tests: TestCase[] = [];

  onBegin(_: unknown, suite: Suite): void {
    this.tests = suite.allTests();
  }

  onEnd(result: FullResult): void {
    const of = (...outcomes: string[]) => this.tests.filter((test) => outcomes.includes(test.outcome())).length;
    const seconds = Math.round(result.duration / 1000);
    for (const test of this.tests.filter((test) => test.outcome() === "flaky"))
      console.log(`NEEDED A SECOND TRY: ${test.titlePath().filter(Boolean).join(" › ")}`);
    console.log(
      `${of("expected", "flaky")} passed, ${of("unexpected")} failed, ${of("skipped")} skipped in ${seconds} s`,
    );
  }

  printsToStdio(): boolean {
    return true;
  }
}
