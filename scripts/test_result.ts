export interface TestResult {
  passed: number;
  failed: number;
  /** The names of the tests that were left out on this machine; not those that a filter left out. */
  skipped: string[];
}

/** What a JUnit report of `deno test` says. A step counts as a test of its own. */
export function readReport(xml: string): TestResult {
  const result: TestResult = { passed: 0, failed: 0, skipped: [] };
  for (const [, attributes = "", body = ""] of xml.matchAll(/<testcase ([^>]*)>(.*?)<\/testcase>/gs)) {
    const name = unescape(/\bname="([^"]*)"/.exec(attributes)?.[1] ?? "");
    // A test that a filter left out has no time.
    if (!/\btime="/.test(attributes)) continue;
    if (/<(failure|error)\b/.test(body)) result.failed++;
    else if (/<skipped\b/.test(body)) result.skipped.push(name);
    else result.passed++;
  }
  return result;
}

/** The closing line. */
export function summary({ passed, failed, skipped }: TestResult): string {
  const end = skipped.length === 0 ? "" : `, ${skipped.length} skipped`;
  return `${passed} passed, ${failed} failed${end}`;
}

function unescape(text: string): string {
  const characters: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => characters[name] ?? "");
}
