import type { Graph } from "./graph.ts";

/** Who may import what. Each answers with why not, or undefined where it has nothing against it. */
const RULES: ((from: Place, to: Place, typeOnly: boolean) => string | undefined)[] = [
  (from, to) =>
    from.layer === "core" && to.layer !== "core" ? "core/ imports nothing but core/ and packages" : undefined,
  (from, to) =>
    from.layer === "plugins" && !from.isTest && !pluginMayUse(from, to)
      ? "a plugin imports core/mod.ts, keys.ts of plugins, drivers and media/, packages and its own folder"
      : undefined,
  (from, to) =>
    from.layer === "plugins" && from.isTest && !pluginMayUse(from, to) && !pluginTestMayUse(from, to)
      ? "a plugin's tests add core/testing/, plugins/testing/, drivers/sim/, media/testing/ and tests/harness/ to what it may import"
      : undefined,
  (from, to) =>
    from.layer === "drivers" && !from.isTest && !driverMayUse(from, to)
      ? "a driver imports core/mod.ts, the plain modules directly in core/, packages and its own folder"
      : undefined,
  (from, to) =>
    from.layer === "media" && !from.isTest && to.layer !== "media" && !isPlainCore(to)
      ? "media/ imports core/mod.ts, the plain modules directly in core/, packages and its own folder"
      : undefined,
  (from, to, typeOnly) =>
    from.layer === "web" && to.layer !== "web" && !from.isTest && !(typeOnly && hasModelTypes(to))
      ? "web/ takes only types, with `import type`, from core/ and from keys.ts of plugins and drivers"
      : undefined,
  (from, to) =>
    from.isProduct && (to.isTest || ["tests", "bench", "scripts", "authors"].includes(to.layer))
      ? "what ships imports no test, bench, script or author's tool"
      : undefined,
];

export function importFaults({ imports }: Graph): string[] {
  return imports.flatMap(({ from, to, typeOnly }) =>
    RULES.map((rule) => rule(place(from), place(to), typeOnly))
      .filter((fault) => fault !== undefined)
      .map((fault) => `${from} imports ${to}: ${fault}`)
  );
}

/** Each ring of imports once, by the files on one way round it; type-only imports count. */
export function cycles({ imports }: Graph): string[] {
  const next = Map.groupBy(imports, ({ from }) => from);
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: string[]) => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push([...trail.slice(start), path].join(" → "));
    if (start >= 0 || done.has(path)) return;
    for (const { to } of next.get(path) ?? []) visit(to, [...trail, path]);
    done.add(path);
  };
  for (const path of next.keys()) visit(path, []);
  return found.map((ring) => `import cycle: ${ring}`);
}

export interface Place {
  path: string;
  /** `core`, `plugins`, …; empty for a file at the root. */
  layer: string;
  /** The folder in the layer: `lock` of `plugins/lock/mod.ts`. */
  unit: string;
  isTest: boolean;
  isProduct: boolean;
}

export function place(path: string): Place {
  const [layer = "", unit = ""] = path.includes("/") ? path.split("/") : ["", path];
  const isTest = /_test\.tsx?$|\/testing\//.test(path);
  const isProduct = !isTest && ["", "core", "plugins", "drivers", "media", "web"].includes(layer);
  return { path, layer, unit, isTest, isProduct };
}

/** `plugins/mod.ts` is the list of the built-in ones: it takes each by its door; `plugins/needs.ts` takes what each needs. */
function pluginMayUse(from: Place, to: Place): boolean {
  if (from.path === "plugins/mod.ts") return /^(core|plugins\/[^/]+|drivers\/[^/]+)\/mod\.ts$/.test(to.path);
  if (from.path === "plugins/needs.ts" && /^plugins\/[^/]+\/needs\.ts$/.test(to.path)) return true;
  return to.path === "core/mod.ts" || isKeys(to) || (to.layer === "plugins" && to.unit === from.unit);
}

/** The helpers that all plugins' tests share build a host, so they reach into core/. */
function pluginTestMayUse(from: Place, { path, layer }: Place): boolean {
  if (from.unit === "testing" && layer === "core") return true;
  return /^(core\/testing|plugins\/testing|drivers\/sim|media\/testing|tests\/harness)\//.test(path);
}

function driverMayUse(from: Place, to: Place): boolean {
  return isPlainCore(to) || isKeys(to) || (to.layer === "drivers" && to.unit === from.unit);
}

function isPlainCore({ path }: Place): boolean {
  return /^core\/[^/]+\.ts$/.test(path);
}

function hasModelTypes(to: Place): boolean {
  return to.layer === "core" || isKeys(to);
}

function isKeys({ path }: Place): boolean {
  return /^((plugins|drivers)\/[^/]+|media)\/keys\.ts$/.test(path);
}
