import { z } from "zod";
import { denialsPoint } from "../../access/keys.ts";
import { LatchkeyError } from "../../errors.ts";
import { isOwnName } from "../names.ts";
import { beyond, type Border } from "./border.ts";

/** As long as the decision waits for anyone, ms. */
const OBJECTION_MS = 500;

/** Releases in a row that it may leave unanswered: each of them was denied. */
const MOST_SILENT = 3;

/** A reason not to open. @returns what takes it back @throws {LatchkeyError} `plugin-not-granted` */
export function offerDenial(border: Border, handle: number, id: string): () => void {
  if (!border.plugin.granted.denials) throw beyond(border, "was not granted to object to releases");
  if (!isOwnName(border.id, id)) {
    throw beyond(
      border,
      `can't have a denial "${id}": its own are "${border.id}" or begin with "${border.id}."`,
    );
  }
  let silent = 0;
  return border.ctx.contribute(denialsPoint, {
    id,
    async objection({ requestId, accessPoint, via, actor: { kind, id, name } }) {
      // Whoever stands inside gets out: a button on the wall is no plugin's to refuse.
      if (kind === "input") return undefined;
      const actor = { kind, id, ...(name === undefined ? {} : { name }), scopes: [] };
      try {
        const answer = await border.ask(
          handle,
          "objection",
          [{ requestId, accessPoint, via, actor }],
          OBJECTION_MS,
        );
        silent = 0;
        return z.string().optional().parse(answer ?? undefined);
      } catch (error) {
        if (error instanceof LatchkeyError && error.code === "plugin-silent" && ++silent === MOST_SILENT) {
          border.abandon(`It left ${MOST_SILENT} releases unanswered`);
        }
        throw error;
      }
    },
  });
}
