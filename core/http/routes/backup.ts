import { z } from "zod";
import type { ApiDeps } from "../deps.ts";
import { rawRoute } from "../raw_route.ts";
import type { Route } from "../route.ts";

const TYPE = "application/octet-stream";

export function backupRoutes({ backups }: ApiDeps): Route[] {
  return [
    rawRoute({
      method: "post",
      path: "/backup",
      access: "owner",
      tag: "settings",
      summary: "Make a backup and download it",
      description:
        "One file, locked with the passphrase: cards, people, settings, logs and keys as they are now. " +
        "Whoever has both can make a panel that opens as this one does. `age` opens it, a tar archive is inside; " +
        "`deno task restore` makes a panel of it.",
      // What is allowed is said by what refuses it, once it is spelled one way.
      body: z.strictObject({ passphrase: z.string().max(1_000).describe("12 to 200 characters") }),
      produces: TYPE,
      refusals: { 409: "Another backup is being made or fetched", 507: "The disk is full" },
      async respond(_request, { body, caller }) {
        const { actor, deviceId } = caller;
        const { fileName, size, content } = await backups.open(body.passphrase, actor, deviceId);
        const headers = {
          "content-type": TYPE,
          "content-length": String(size),
          "content-disposition": `attachment; filename="${fileName}"`,
        };
        return new Response(content as BodyInit, { headers });
      },
    }),
  ];
}
