import { z } from "zod";
import { LatchkeyError, rawRoute, type Route, route } from "../../core/mod.ts";
import type { Vault } from "./seal/vault.ts";

const tag = "recorder";
const AGE = "application/octet-stream";
const passwordSchema = z.string().min(8).max(200);

/** What the password is set, changed and given by. */
export function passwordRoutes({ vault }: { vault: Vault }): Route[] {
  const refusals = {
    403: "The password is wrong",
    409: "No password was set yet",
    429: "Too many wrong passwords; `retryAfter` says how long to wait, s",
  };
  return [
    route({
      method: "put",
      path: "/password",
      access: "owner",
      tag,
      summary: "Encrypt new recordings, or change the password",
      description:
        "Recordings are encrypted for a key pair whose private half is locked with the password; a change of the " +
        "password rewrites none. Nobody can recover a lost password, and what was recorded under it is lost then.",
      body: z.strictObject({
        password: passwordSchema.describe("At least eight characters; better, four words"),
        current: z.string().max(200).nullable().describe(
          "The one before; null for the first, or to give up what was recorded under one that is lost",
        ),
      }),
      refusals,
      handle: ({ body }) => vault.setPassword(body.password, body.current),
    }),
    route({
      method: "delete",
      path: "/password",
      access: "owner",
      tag,
      summary: "Encrypt new recordings no more",
      body: z.strictObject({ current: z.string().max(200) }),
      refusals,
      handle: ({ body }) => vault.switchOff(body.current),
    }),
    rawRoute({
      path: "/password/key",
      access: "owner",
      tag,
      summary: "Save the private key, locked with the password",
      description:
        "A file of age's: with it and the password the tool age opens recordings without the panel.",
      produces: AGE,
      refusals: { 404: "No password was set yet" },
      respond() {
        const key = vault.lockedIdentity;
        if (!key) throw new LatchkeyError("encryption-none", "No password was set yet", { status: 404 });
        const headers = {
          "content-type": AGE,
          "content-disposition": 'attachment; filename="recordings-key.age"',
        };
        return new Response(new Uint8Array(key), { headers });
      },
    }),
    route({
      method: "post",
      path: "/unlock",
      access: "household",
      tag,
      summary: "Open encrypted recordings, until they were not watched for a quarter of an hour",
      body: z.strictObject({ password: z.string().max(200) }),
      refusals,
      handle: ({ body }) => vault.unlock(body.password),
    }),
    route({
      method: "post",
      path: "/lock",
      access: "household",
      tag,
      summary: "Forget the open key at once",
      handle: () => vault.lock(),
    }),
  ];
}
