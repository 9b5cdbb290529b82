import { type Register, type Secrets, secretsSchema, type SitePanel } from "./documents.ts";
import { type KeyPair, sealedFor, unsealed } from "./seals.ts";
import type { SiteState } from "./state.ts";

/** Panels with the site's secrets, for each of them alone. */
export function sealedForEach<Panel extends SitePanel>(
  panels: readonly Panel[],
  secrets: Secrets,
): Promise<(Panel & Pick<Register["panels"][number], "sealed">)[]> {
  return Promise.all(
    panels.map(async (panel) => ({ ...panel, sealed: await sealedFor(panel.box, JSON.stringify(secrets)) })),
  );
}

export async function secretsIn(box: KeyPair, sealed: string): Promise<Secrets | undefined> {
  const text = await unsealed(box, sealed);
  return text === undefined ? undefined : secretsSchema.safeParse(JSON.parse(text)).data;
}

/** The first register of a new site. */
export async function found(
  state: SiteState,
  site: string,
  self: SitePanel,
  secrets: Secrets,
): Promise<void> {
  await state.set("secrets", secrets);
  await state.set("register", {
    site,
    version: 1,
    epoch: secrets.epoch,
    panels: await sealedForEach([{ ...self, taken: 0 }], secrets),
    cards: {},
  });
}

/** A register is written before the secrets that it seals: where that was cut off, they are taken from it. */
export async function endRotation(state: SiteState, self: string): Promise<void> {
  const register = state.get("register");
  if (!register || state.get("secrets")?.epoch === register.epoch) return;
  const own = register.panels.find(({ id }) => id === self);
  const secrets = own && await secretsIn(state.identity.box, own.sealed);
  if (secrets) await state.set("secrets", secrets);
}
