import { z } from "zod";
import { grantedPluginSchema, originSchema, signerSchema, wantsSchema } from "../../isolate/manifest.ts";
import type { ApiDeps } from "../deps.ts";
import { type Route, route } from "../route.ts";

const pluginSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  version: z.string(),
  off: grantedPluginSchema.shape.off.describe("By whom and why it is switched off; null where it is not"),
  granted: wantsSchema.describe("What it may"),
  origin: originSchema.describe("How it came to the panel"),
  signer: signerSchema.nullable().describe("Who had signed it when it was let in; null where nobody had"),
});

export function thirdPartyRoutes({ thirdParty }: ApiDeps): Route[] {
  return [
    route({
      method: "get",
      path: "/third-party",
      access: "owner",
      tag: "third-party plugins",
      summary: "List the third-party plugins that were let in, with what they may",
      description: "How they are doing is in the status.",
      response: z.array(pluginSchema),
      handle: async () => (await thirdParty.open()).list(),
    }),
    route({
      method: "put",
      path: "/third-party/{plugin}/enabled",
      access: "owner",
      tag: "third-party plugins",
      summary: "Switch a third-party plugin on or off",
      description: "One that has crashed three times in five minutes has switched itself off.",
      params: z.strictObject({ plugin: grantedPluginSchema.shape.manifest.shape.id }),
      body: z.strictObject({ enabled: z.boolean() }),
      refusals: { 404: "There is no such plugin" },
      async handle({ params, body, actor }) {
        await (await thirdParty.open()).switch(params.plugin, body.enabled, actor);
      },
    }),
  ];
}
