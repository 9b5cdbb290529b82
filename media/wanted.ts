/**
 * Whether the panel has a camera, by settings that nobody has checked yet: without one the process that reads cameras
 * is not started. The simulated board has one unless it is taken away.
 */
export function isMediaWanted({ given }: { given(name: string): unknown }): boolean {
  const plugin = given("plugins.camera");
  const source = given("plugins.camera.source") ?? "auto";
  if (plugin === false || plugin === "false" || source === "none") return false;
  return source !== "auto" || (given("board") ?? "sim") === "sim";
}
