/** What came of one check. */
export interface Finding {
  /** What is checked: "It type-checks". */
  check: string;
  ok: boolean;
  /** What was found, a line each. */
  lines?: string[];
  /** What to do, where it is not as it should be. */
  mend?: readonly string[];
}

/** A finding as the terminal shows it. */
export function shownFinding({ check, ok, lines = [], mend = [] }: Finding): string {
  const further = [...lines, ...new Set(mend.map((advice) => `→ ${advice}`))];
  return [`${ok ? "ok    " : "FAILED"}  ${check}`, ...further.map((line) => `        ${line}`)].join("\n");
}
