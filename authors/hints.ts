/** What a refusal says, and the line of the manifest's `wants` that it asks for. */
const HINTS: [refusal: RegExp, line: (found: string[]) => string][] = [
  [/not granted to hear "([\w.-]+)"/, ([event]) => `"events": ["${event}"]`],
  [
    /not granted "(\w+)" of the service "([\w.-]+)"/,
    ([method, service]) => `"services": ["${service}:${method}"]`,
  ],
  [/not granted the service "([\w.-]+)"/, ([service]) => `"services": ["${service}"]`],
  [
    /uses ([\w.-]+(?:, [\w.-]+)*), which it was not granted/,
    ([names = ""]) => `"services": [${list(names)}]`,
  ],
  [/not granted to object to releases/, () => '"denials": true'],
  [/not granted to see the home's parts/, () => '"parts": "read"'],
  [/not granted to tell parts what to do/, () => '"parts": "control"'],
  [/not granted to give the panel names/, () => '"hostNames": true'],
  [/not granted to answer without a credential/, () => '"anyone": true'],
  [/Requires net access to "([^"]+)"/, ([host]) => `"net": ["${host}"]`],
];

/** What no grant allows, and what to do in its place. */
const NEVER: [refusal: RegExp, instead: string][] = [
  [
    /Requires (read|write) access to/,
    "a plugin reads its own folder only and writes nothing: keep state in ctx.store",
  ],
  [/Requires env access to/, "a plugin has no environment: what it must be told belongs in its settings"],
  [/Requires (run|ffi|sys|import) access to/, "no plugin may do that"],
  [/can emit only its own events/, "name the event after the plugin: its id, a dot and more"],
  [
    /Only built-in plugins (contribute to|watch)/,
    "a third-party plugin contributes parts, denials and host names, and watches parts",
  ],
];

/** What to change where a plugin was refused something with these words; undefined where nobody knows. */
export function hintFor(refusal: string): string | undefined {
  for (const [pattern, line] of HINTS) {
    const found = pattern.exec(refusal);
    if (found) return `add to "wants" in package.json: ${line(found.slice(1))}`;
  }
  return NEVER.find(([pattern]) => pattern.test(refusal))?.[1];
}

const list = (names: string) => names.split(", ").map((name) => `"${name}"`).join(", ");
