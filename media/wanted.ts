/** What settings say that nobody has checked yet. */
interface Sketch {
  given(name: string): unknown;
}

/**
 * Whether the panel has a camera, a loudspeaker or a microphone: without them the process that serves them is not
 * started. The simulated board has them unless they are taken away.
 */
export function isMediaWanted(sketch: Sketch): boolean {
  return isWanted(sketch, "camera", ["source"]) ||
    isWanted(sketch, "intercom", ["loudspeaker", "microphone"]);
}

function isWanted({ given }: Sketch, id: string, settings: readonly string[]): boolean {
  const plugin = given(`plugins.${id}`);
  if (plugin === false || plugin === "false") return false;
  const simulated = (given("board") ?? "sim") === "sim";
  return settings.map((name) => given(`plugins.${id}.${name}`) ?? "auto")
    .some((value) => value !== "none" && (value !== "auto" || simulated));
}
