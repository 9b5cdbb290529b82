import { z } from "zod";
import { denialsPoint } from "../../access/keys.ts";
import { isOwnName } from "../names.ts";
import { beyond, type Border } from "./border.ts";

/** As long as the decision waits for anyone, ms. */
const OBJECTION_MS = 500;

/** A reason not to open. @returns what takes it back @throws {LatchkeyError} `plugin-not-granted` */
export function offerDenial(border: Border, handle: number, id: string): () => void {
  if (!border.plugin.granted.denials) throw beyond(border, "was not granted to object to releases");
  if (!isOwnName(border.id, id)) {
    throw beyond(
      border,
      `can't have a denial "${id}": its own are "${border.id}" or begin with "${border.id}."`,
    );
  }
  return border.ctx.contribute(denialsPoint, {
    id,
    async objection({ requestId, accessPoint, via, actor: { kind, id, name } }) {
      // Whoever stands inside gets out: a button on the wall is no plugin's to refuse.
      if (kind === "input") return undefined;
      const actor = { kind, id, ...(name === undefined ? {} : { name }), scopes: [] };
      const answer = await border.ask(
        handle,
        "objection",
        [{ requestId, accessPoint, via, actor }],
        OBJECTION_MS,
      );
      return z.string().optional().parse(answer ?? undefined);
    },
  });
}
