import { z } from "zod";
import { parseOr } from "../../faults.ts";
import { defineService, type OutsideMethod } from "../../plugin/keys.ts";
import { isOwnName } from "../names.ts";
import type { GrantedPlugin } from "../manifest.ts";
import { ASK_MS, beyond, type Border, type Neighbours } from "./border.ts";

/** Any arguments: among third-party plugins, the provider knows what it takes. */
const ANY_ARGS: OutsideMethod = { args: z.array(z.unknown()).max(8) };

/** Services whose methods a plugin was granted, each with the methods; undefined is all that can be. */
export function grantedServices({ granted }: GrantedPlugin): Map<string, Set<string> | undefined> {
  const services = new Map<string, Set<string> | undefined>();
  const wants = granted.release.length > 0
    ? [...granted.services, "access:release", "access:accessPoints"]
    : granted.services;
  for (const want of wants) {
    const [name = "", method] = want.split(":");
    const known = services.get(name);
    if (method === undefined || (services.has(name) && known === undefined)) services.set(name, undefined);
    else services.set(name, new Set([...known ?? [], method]));
  }
  return services;
}

/** The methods that it may call now, by service. */
export function callable(plugin: GrantedPlugin, { provided }: Neighbours): Record<string, string[]> {
  return Object.fromEntries(
    [...grantedServices(plugin)].map(([name, methods]) => [
      name,
      Object.keys(provided(name)?.key.outside ?? {}).filter((method) => methods?.has(method) ?? true),
    ]),
  );
}

/** @throws {LatchkeyError} `plugin-not-granted`, `arguments-invalid`, or as the service throws */
export async function callService(
  border: Border,
  service: string,
  method: string,
  args: unknown[],
): Promise<unknown> {
  const allowed = callable(border.plugin, border.neighbours)[service]?.includes(method) ?? false;
  const provided = border.neighbours.provided(service);
  const outside = provided?.key.outside[method];
  if (!allowed || !provided || !outside) {
    throw beyond(border, `was not granted "${method}" of the service "${service}"`);
  }
  const parsed = parseOr(outside.args, args, "arguments-invalid");
  const call = (provided.implementation as Record<string, (...args: unknown[]) => unknown>)[method]!;
  return await call.apply(provided.implementation, outside.as?.(parsed, border.actor) ?? parsed);
}

/** Provides a service of the plugin's own to other plugins. @throws {LatchkeyError} `plugin-not-granted`, `service-taken` */
export function offerService(border: Border, handle: number, name: string, methods: string[]): void {
  const { id, ctx } = border;
  if (!isOwnName(id, name)) {
    throw beyond(border, `can't provide "${name}": its own services are "${id}" or begin with "${id}."`);
  }
  const implementation = Object.fromEntries(
    methods.map((method) => [method, (...args: unknown[]) => border.ask(handle, method, args, ASK_MS)]),
  );
  const outside = Object.fromEntries(methods.map((method) => [method, ANY_ARGS]));
  ctx.provide(defineService<Record<string, unknown>>(name, { outside }), implementation);
}
