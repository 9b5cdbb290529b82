/** Which of two versions is the newer one, as npm orders them: negative where `a` is older. */
export function compareVersions(a: string, b: string): number {
  const [one, other] = [split(a), split(b)];
  for (let at = 0; at < 3; at++) {
    const difference = Number(one.numbers[at]) - Number(other.numbers[at]);
    if (difference !== 0) return difference;
  }
  // 1.0.0-beta comes before 1.0.0.
  if (one.before.length === 0 || other.before.length === 0) return other.before.length - one.before.length;
  for (let at = 0; at < Math.max(one.before.length, other.before.length); at++) {
    const difference = compareWords(one.before[at], other.before[at]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function split(version: string): { numbers: string[]; before: string[] } {
  const [core = "", ...rest] = version.replace(/\+.*/, "").split("-");
  return { numbers: core.split("."), before: rest.length === 0 ? [] : rest.join("-").split(".") };
}

function compareWords(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  const numeric = [a, b].map((word) => /^\d+$/.test(word));
  if (numeric[0] && numeric[1]) return Number(a) - Number(b);
  if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
