import { z } from "zod";
import { proposalSchema } from "../../isolate/install/proposal.ts";
import { digestSchema } from "../../isolate/manifest.ts";
import { ARCHIVE_BYTES } from "../../isolate/package_paths.ts";
import { uploaded } from "../body.ts";
import type { ApiDeps } from "../deps.ts";
import { rawRoute } from "../raw_route.ts";
import { type Route, route } from "../route.ts";

const tag = "third-party plugins";
const params = z.strictObject({ digest: digestSchema });
const UNKNOWN = "No such package waits";
const FALSE_SIGNATURE = "A key that you trust has not made the signature that says so";

export function packageRoutes({ thirdParty }: ApiDeps): Route[] {
  return [
    route({
      method: "get",
      path: "/plugin-packages",
      access: "owner",
      tag,
      summary: "List the packages that wait to be let in, with what they want",
      response: z.array(proposalSchema),
      handle: async () => (await thirdParty.installer()).list(),
    }),
    rawRoute({
      method: "post",
      path: "/plugin-packages",
      access: "owner",
      tag,
      summary: "Bring a package to be let in",
      description:
        "A `.tgz` as `npm pack` makes it, at most 8 MiB packed, 32 MiB and 1,000 files unpacked. None of its code runs " +
        "before it is granted. At most 8 packages wait; one more takes the place of the one that waits longest.",
      takes: { type: "application/gzip", bytes: ARCHIVE_BYTES },
      produces: "application/json",
      response: proposalSchema,
      status: 201,
      refusals: {
        409: "Another package is being taken in; or it has the id of a built-in plugin",
        422: "It is no plugin's package; the answer says what is wrong",
        507: "The disk is full",
      },
      async respond(request, { isWhole, assertStill }) {
        const installer = await thirdParty.installer();
        const proposal = await installer.take(uploaded(request, isWhole));
        try {
          assertStill();
        } catch (error) {
          installer.drop(proposal.digest);
          throw error;
        }
        return Response.json(proposalSchema.parse(proposal), { status: 201 });
      },
    }),
    route({
      method: "post",
      path: "/plugin-packages/{digest}/grant",
      access: "owner",
      tag,
      summary: "Let a package in with all that it wants, and start it",
      description:
        "It takes the place of what is installed under its id; the settings are kept. The log says what was granted.",
      params,
      response: proposalSchema,
      refusals: { 404: UNKNOWN, 409: "It can't be let in; its `refusal` says why", 422: FALSE_SIGNATURE },
      handle: async ({ params, actor }) => (await thirdParty.installer()).grant(params.digest, actor),
    }),
    route({
      method: "delete",
      path: "/plugin-packages/{digest}",
      access: "owner",
      tag,
      summary: "Send a package away that waits",
      params,
      refusals: { 404: UNKNOWN },
      handle: async ({ params }) => (await thirdParty.installer()).drop(params.digest),
    }),
  ];
}
