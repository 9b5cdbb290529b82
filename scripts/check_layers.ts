import { readGraph } from "./layers/graph.ts";
import { cycles, importFaults } from "./layers/imports.ts";
import { textFaults } from "./layers/texts.ts";

/** What breaks the project's layering below `root`, a sentence each. */
export async function checkLayers(root: string): Promise<string[]> {
  const graph = await readGraph(root);
  return [...importFaults(graph), ...cycles(graph), ...textFaults(graph)];
}

if (import.meta.main) {
  const faults = await checkLayers(Deno.cwd());
  for (const fault of faults) console.error(fault);
  console.log(faults.length === 0 ? "Layers are in order" : `${faults.length} layering faults`);
  Deno.exit(faults.length === 0 ? 0 : 1);
}
