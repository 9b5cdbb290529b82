import { z } from "zod";
import { idSchema } from "../../access/model.ts";
import { memberService } from "../../members/keys.ts";
import {
  deviceSchema,
  memberChangeSchema,
  memberNameSchema,
  memberSchema,
  newMemberSchema,
  openInvitationSchema,
} from "../../members/model.ts";
import type { ApiDeps } from "../deps.ts";
import { type Route, route } from "../route.ts";

const params = z.strictObject({ id: idSchema });
const deviceParams = z.strictObject({ id: idSchema, device: idSchema });
const unknown = "There is no such member or device";

const invitationSchema = z.strictObject({
  id: idSchema,
  code: z.string().describe("Worth one pairing within ten minutes: a secret"),
  remainingMs: z.number(),
});

const listedSchema = memberSchema.extend({
  devices: z.array(deviceSchema.extend({
    lastSeenAt: z.number().nullable().describe(
      "Wall time, ms; null where it was not since the panel's start",
    ),
  })),
});

export function memberRoutes({ core, authenticator }: ApiDeps): Route[] {
  const members = () => core.use(memberService);
  return [
    route({
      method: "get",
      path: "/members",
      access: "owner",
      tag: "members",
      summary: "List who has access, with their devices",
      response: z.array(listedSchema),
      handle: async () =>
        (await members().list()).map((member) => ({
          ...member,
          devices: member.devices.map((device) => ({
            ...device,
            lastSeenAt: authenticator.lastSeen(device.id),
          })),
        })),
    }),
    route({
      method: "post",
      path: "/invitations",
      access: "owner",
      tag: "members",
      summary: "Invite a person, a monitor or a service",
      description:
        "The member is added when the invitation is taken up, once, within ten minutes. A restart ends it.",
      body: newMemberSchema,
      response: invitationSchema,
      status: 201,
      refusals: { 409: "There is no room for another" },
      handle: ({ body, actor }) => members().invite(body, actor),
    }),
    route({
      method: "get",
      path: "/invitations",
      access: "owner",
      tag: "members",
      summary: "List the invitations that were not taken up yet",
      description: "Without their codes: those are told once.",
      response: z.array(openInvitationSchema),
      handle: () => members().invitations(),
    }),
    route({
      method: "delete",
      path: "/invitations/{id}",
      access: "owner",
      tag: "members",
      summary: "Withdraw an invitation",
      params,
      refusals: { 404: "It was taken up, withdrawn or is over" },
      handle: ({ params }) => members().withdraw(params.id),
    }),
    route({
      method: "post",
      path: "/members/{id}/invitations",
      access: "owner",
      tag: "members",
      summary: "Invite another device of a member",
      params,
      body: z.strictObject({}).optional(),
      response: invitationSchema,
      status: 201,
      refusals: { 404: unknown, 409: "There is no room for another" },
      handle: ({ params, actor }) => members().inviteDevice(params.id, actor),
    }),
    route({
      method: "post",
      path: "/members/bearer",
      access: "owner",
      tag: "members",
      summary: "Add a service that has a token and no key",
      description:
        "Only where the configuration allows it. Such a token is taken over TLS only; it is shown once.",
      body: newMemberSchema,
      response: z.strictObject({ token: z.string(), member: memberSchema }),
      status: 201,
      refusals: { 409: "Such tokens are switched off, or there is no room for another" },
      async handle({ body, actor }) {
        const { token, member } = await members().addBearer(body, actor);
        return { token, member };
      },
    }),
    route({
      method: "patch",
      path: "/members/{id}",
      access: "owner",
      tag: "members",
      summary: "Rename a member, or change how far the access goes",
      description: "What is left out stays as it is. A role stays for life: invite anew instead.",
      params,
      body: memberChangeSchema,
      response: memberSchema,
      refusals: { 404: unknown },
      handle: ({ params, body, actor }) => members().change(params.id, body, actor),
    }),
    route({
      method: "delete",
      path: "/members/{id}",
      access: "owner",
      tag: "members",
      summary: "Revoke a member's access, with all its devices",
      description: "In force at once, on open event streams too.",
      params,
      refusals: { 404: unknown, 409: "This is the last owner" },
      handle: ({ params, actor }) => members().remove(params.id, actor),
    }),
    route({
      method: "patch",
      path: "/members/{id}/devices/{device}",
      access: "owner",
      tag: "members",
      summary: "Rename a device",
      params: deviceParams,
      body: z.strictObject({ name: memberNameSchema }),
      response: deviceSchema,
      refusals: { 404: unknown },
      handle: ({ params, body, actor }) => members().renameDevice(params.id, params.device, body.name, actor),
    }),
    route({
      method: "delete",
      path: "/members/{id}/devices/{device}",
      access: "owner",
      tag: "members",
      summary: "Revoke one device",
      params: deviceParams,
      refusals: { 404: unknown, 409: "This is the last device of the last owner" },
      handle: ({ params, actor }) => members().removeDevice(params.id, params.device, actor),
    }),
  ];
}
