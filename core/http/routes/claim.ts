import { z } from "zod";
import { memberService } from "../../members/keys.ts";
import { deviceSchema, memberNameSchema, memberSchema } from "../../members/model.ts";
import type { ApiDeps } from "../deps.ts";
import { type Route, route } from "../route.ts";

const codeField = z.string().regex(/^[\w-]{22}$/, { error: "22 letters, digits, - and _" });

const identitySchema = z.strictObject({
  deviceId: z.string().describe("Stays the same for the panel's life"),
  name: z.string(),
  version: z.string(),
  claimed: z.boolean().describe("Whether the panel has an owner"),
  fingerprint: z.string().nullable().describe("SHA-256 of the certificate to trust; null without TLS"),
});

const pairedSchema = z.strictObject({
  token: z.string().describe("The device's, bound to the key that signed the request; not shown again"),
  member: memberSchema,
  device: deviceSchema,
});

const outcomeSchema = z.discriminatedUnion("state", [
  z.strictObject({ state: z.literal("claimed"), paired: pairedSchema }),
  z.strictObject({
    state: z.literal("waiting").describe("The code is right: press the inside button, then ask again"),
    remainingMs: z.number(),
  }),
]);

/** How somebody comes to have access: the first owner by the panel's code, everyone else by an invitation. */
export function claimRoutes({ core, claim, identity, panel }: ApiDeps): Route[] {
  return [
    route({
      method: "get",
      path: "/identity",
      access: "public",
      tag: "pairing",
      summary: "Say which panel this is",
      response: identitySchema,
      handle: () => ({ ...identity(), name: panel.name, version: panel.version }),
    }),
    route({
      method: "post",
      path: "/claim",
      access: "public",
      signed: true,
      tag: "pairing",
      summary: "Become the first owner",
      description:
        "With the code that the panel shows, signed by the key of the device that asks, while someone is at " +
        "the unit and presses the inside button: within two minutes, in either order. Five wrong codes void the code.",
      body: z.strictObject({
        code: codeField,
        name: memberNameSchema.describe("What to call the owner"),
        deviceName: memberNameSchema,
        removeCards: z.boolean().default(false).describe("Whether the cards of an earlier owner go"),
      }),
      response: outcomeSchema,
      refusals: {
        403: "Not the panel's code; or asked for by a page of another site",
        409: "The panel has an owner, another device is claiming it, or the code is void",
        429: "Too many wrong codes came from there",
      },
      handle: ({ body, publicKey }) => claim.attempt({ ...body, publicKey }),
    }),
    route({
      method: "post",
      path: "/join",
      access: "anyone",
      signed: true,
      tag: "pairing",
      summary: "Take an invitation up",
      description: "Signed by the key of the device that asks.",
      body: z.strictObject({ code: codeField, deviceName: memberNameSchema }),
      response: pairedSchema,
      status: 201,
      refusals: {
        403: "The invitation is not, or no longer, good; or asked for by a page of another site",
        409: "There is no room for another",
        429: "Too many wrong codes came from there",
      },
      handle: ({ body: { code, deviceName }, publicKey }) =>
        core.use(memberService).join(code, { deviceName, publicKey }),
    }),
  ];
}
