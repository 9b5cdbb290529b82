import type { Context } from "../plugin/plugin.ts";
import type { Members } from "../members/members.ts";
import type { Random } from "../random.ts";
import { Authenticator } from "./authenticator.ts";
import { Links } from "./links.ts";
import { Nonces } from "./nonces.ts";
import { Proofs } from "./proof.ts";

export interface AuthDeps {
  members: Members;
  random: Random;
  clockTrusted(): boolean;
}

/** What the edge knows callers by. */
export function setupAuth(core: Context, { members, random, clockTrusted }: AuthDeps) {
  const { clock } = core;
  const proofs = new Proofs(new Nonces(clock, random));
  const links = new Links(clock, random);
  const authenticator = new Authenticator({ members, proofs, links, clock, clockTrusted });
  return { authenticator, proofs, links };
}
