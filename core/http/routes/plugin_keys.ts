import { z } from "zod";
import { trustedKeySchema } from "../../isolate/install/trusted_keys.ts";
import type { ApiDeps } from "../deps.ts";
import { type Route, route } from "../route.ts";

const tag = "third-party plugins";

export function pluginKeyRoutes({ thirdParty }: ApiDeps): Route[] {
  return [
    route({
      method: "get",
      path: "/plugin-keys",
      access: "owner",
      tag,
      summary: "List the keys whose signatures of packages are trusted",
      response: z.array(trustedKeySchema),
      handle: async () => (await thirdParty.installer()).keys(),
    }),
    route({
      method: "post",
      path: "/plugin-keys",
      access: "owner",
      tag,
      summary: "Trust a key of minisign",
      description: "A package that it has signed is shown as such. Nothing is let in for that.",
      body: trustedKeySchema.pick({ name: true, key: true }),
      response: trustedKeySchema,
      status: 201,
      refusals: { 409: "It is trusted already", 422: "It is no public key of minisign" },
      handle: async ({ body, actor }) => (await thirdParty.installer()).trust(body.name, body.key, actor),
    }),
    route({
      method: "delete",
      path: "/plugin-keys/{key}",
      access: "owner",
      tag,
      summary: "Trust a key no longer",
      description: "What it has signed and was let in stays.",
      params: z.strictObject({ key: trustedKeySchema.shape.keyId }),
      refusals: { 404: "There is no such key" },
      handle: async ({ params, actor }) => (await thirdParty.installer()).distrust(params.key, actor),
    }),
  ];
}
