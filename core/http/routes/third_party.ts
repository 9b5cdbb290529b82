import { z } from "zod";
import { grantedPluginSchema, originSchema, signerSchema, wantsSchema } from "../../isolate/manifest.ts";
import { phraseSchema } from "../../isolate/install/proposal.ts";
import { phrasesOf } from "../../isolate/plain_words.ts";
import { pluginIdSchema } from "../../plugin/plugin.ts";
import type { ApiDeps } from "../deps.ts";
import { type Route, route } from "../route.ts";

const pluginSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  version: z.string(),
  off: grantedPluginSchema.shape.off.describe("By whom and why it is switched off; null where it is not"),
  granted: wantsSchema.describe("What it may"),
  origin: originSchema.describe("How it came to the panel"),
  may: z.array(phraseSchema).describe("The same in words"),
  signer: signerSchema.nullable().describe("Who had signed it when it was let in; null where nobody had"),
});

const damagedSchema = z.strictObject({
  id: z.string(),
  damaged: z.string().describe(
    "Why what was granted to it can't be read: it does not run, and can only be removed",
  ),
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
      response: z.array(z.union([pluginSchema, damagedSchema])),
      async handle() {
        const open = await thirdParty.open();
        const readable = open.list().map((plugin) => ({ ...plugin, may: phrasesOf(plugin.granted) }));
        return [...readable, ...open.damaged().map(({ id, reason }) => ({ id, damaged: reason }))];
      },
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
    route({
      method: "delete",
      path: "/third-party/{plugin}",
      access: "owner",
      tag: "third-party plugins",
      summary: "Remove a third-party plugin",
      description: "Its files, what it was granted, its settings and all that it has kept are gone.",
      // Also one whose id has become a word of the panel's own.
      params: z.strictObject({ plugin: pluginIdSchema }),
      refusals: { 404: "There is no such plugin" },
      async handle({ params, actor }) {
        await (await thirdParty.open()).dismiss(params.plugin, actor);
      },
    }),
  ];
}
