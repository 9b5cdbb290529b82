import { z } from "zod";
import { LINK_LIFE_MS } from "../../auth/links.ts";
import { LatchkeyError } from "../../errors.ts";
import { memberService } from "../../members/keys.ts";
import { memberSchema } from "../../members/model.ts";
import type { ApiDeps } from "../deps.ts";
import { type Route, route } from "../route.ts";
import { API_BASE } from "../route_table.ts";

const pathField = z.string().max(400).regex(new RegExp(`^${API_BASE}(/[\\w.-]+)+$`), {
  error: `a path of this API, ${API_BASE}/… without a query`,
});

/** What everyone may ask of their own access. */
export function ownRoutes({ core, links }: ApiDeps): Route[] {
  return [
    route({
      method: "get",
      path: "/me",
      access: "members",
      scope: "status:read",
      tag: "pairing",
      summary: "Say who I am here",
      response: z.strictObject({
        member: memberSchema.omit({ devices: true }),
        deviceId: z.string(),
        deviceName: z.string(),
      }),
      async handle({ actor, caller }) {
        const { devices, ...member } = await core.use(memberService).get(actor.id);
        const deviceId = deviceOf(caller.deviceId);
        return { member, deviceId, deviceName: devices.find(({ id }) => id === deviceId)?.name ?? "" };
      },
    }),
    route({
      method: "delete",
      path: "/me/device",
      access: "members",
      tag: "pairing",
      summary: "Give up this device's access",
      refusals: { 409: "This is the last device of the last owner" },
      handle: ({ actor, caller }) =>
        core.use(memberService).removeDevice(actor.id, deviceOf(caller.deviceId), actor),
    }),
    route({
      method: "post",
      path: "/links",
      access: "members",
      tag: "pairing",
      summary: "Make a link for what a browser fetches by itself",
      description: "Good for this one path, for a minute, and no longer than this device has access.",
      body: z.strictObject({ path: pathField }),
      response: z.strictObject({ url: z.string(), remainingMs: z.number() }),
      status: 201,
      handle: ({ body: { path }, caller }) => ({
        url: `${path}?link=${links.make(path, deviceOf(caller.deviceId))}`,
        remainingMs: LINK_LIFE_MS,
      }),
    }),
  ];
}

function deviceOf(id: string | undefined): string {
  if (id !== undefined) return id;
  throw new LatchkeyError("device-unknown", "This request comes from no device", { status: 401 });
}
