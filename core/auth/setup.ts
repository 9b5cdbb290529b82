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
  bearerAllowed: boolean;
  clockTrusted(): boolean;
}

/** What the edge knows callers by. */
export function setupAuth(core: Context, { random, ...deps }: AuthDeps) {
  const { clock } = core;
  const proofs = new Proofs(new Nonces(clock, random));
  const links = new Links(clock, random);
  const authenticator = new Authenticator({ ...deps, proofs, links, clock });
  return { authenticator, proofs, links };
}
