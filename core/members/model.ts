import { z } from "zod";
import { idSchema, instantSchema, termsChangeSchema, termsSchema } from "../access/model.ts";

/** What a member may do: see docs/security.md for the table. */
export const roleSchema = z.enum(["owner", "family", "guest", "service", "monitor"]);
export type Role = z.output<typeof roleSchema>;

/** Rights of a service, besides those to release. */
export const SCOPES = [
  "status:read",
  "calls:read",
  "calls:write",
  "log:read",
  "cards:read",
  "parts:write",
  "camera:view",
  "calls:talk",
  "events:read",
] as const;

/** Named rights of a service; `release` alone is every access point. */
export const scopeSchema = z.string().max(80).regex(
  new RegExp(`^(${SCOPES.join("|")}|release(:[a-z0-9][a-z0-9-]{0,63})?)$`),
  { error: `one of ${SCOPES.join(", ")}, release, release:<access point>` },
);

export const memberNameSchema = z.string().trim().min(1).max(60);

/** What decides how far somebody's access goes, beyond the role. */
const limits = {
  /** When access ends; null is never. An owner's never ends. */
  until: instantSchema.nullable().default(null),
  /** A guest's window, use count and access points; null for every other role. */
  terms: termsSchema.nullable().default(null),
  /** A service's rights; empty for every other role. */
  scopes: z.array(scopeSchema).max(32).default([]),
};

const newMemberFields = z.strictObject({ name: memberNameSchema, role: roleSchema, ...limits });
export type NewMember = z.output<typeof newMemberFields>;

/** Someone or something that is to have access. */
export const newMemberSchema = newMemberFields.superRefine((member, context) => {
  const fault = (field: string, message: string) =>
    context.addIssue({ code: "custom", path: [field], message, input: member });
  if (member.role === "owner" && member.until !== null) fault("until", "null: an owner's access has no end");
  if ((member.role === "guest") !== (member.terms !== null)) {
    fault("terms", member.role === "guest" ? "the terms of a guest" : "null: only a guest has terms");
  }
  if (member.role === "service" && member.scopes.length === 0) {
    fault("scopes", "at least one scope of a service");
  }
  if (member.role !== "service" && member.scopes.length > 0) {
    fault("scopes", "empty: only a service has scopes");
  }
});

/** What is left out stays as it is, within the terms too. */
export const memberChangeSchema = z.strictObject({
  name: memberNameSchema.optional(),
  until: limits.until.unwrap().optional(),
  terms: termsChangeSchema.optional(),
  scopes: limits.scopes.unwrap().optional(),
});
export type MemberChange = z.output<typeof memberChangeSchema>;

/** One device of a member: it holds a key of its own, which never leaves it. */
export const deviceSchema = z.strictObject({
  id: idSchema,
  memberId: idSchema,
  /** What to call it: "Anna's phone". */
  name: memberNameSchema,
  /** `dpop`: every request is signed by the device's key. `bearer`: a service's token alone. */
  proof: z.enum(["dpop", "bearer"]),
  createdAt: z.number(),
});
export type Device = z.output<typeof deviceSchema>;

export const memberSchema = z.strictObject({
  id: idSchema,
  ...newMemberFields.shape,
  createdAt: z.number(),
  devices: z.array(deviceSchema),
});
export type Member = z.output<typeof memberSchema>;

/** An invitation that was not taken up yet. */
export const openInvitationSchema = z.strictObject({
  id: idSchema,
  /** The member whose further device it is for; null for someone new. */
  memberId: idSchema.nullable(),
  name: memberNameSchema,
  role: roleSchema,
  /** Who made it. */
  invitedBy: z.string().nullable(),
  remainingMs: z.number(),
});
export type OpenInvitation = z.output<typeof openInvitationSchema>;
