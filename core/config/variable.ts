/** The variable of a setting: `PANEL_CALLS_RING_SECONDS` of `calls.ringSeconds`. */
export function variableOf(path: readonly string[]): string {
  const words = path.map((part) => part.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").replaceAll("-", "_"));
  return `PANEL_${words.join("_").toUpperCase()}`;
}
