import { credentialsChanged, credentialService, type Terms } from "../../core/mod.ts";
import type { MqttPanel } from "../mqtt/mqtt_panel.ts";

const TERMS: Terms = {
  validity: { kind: "always" },
  accessPoints: ["lock"],
  usesLeft: null,
  suspended: false,
};
const OWNER = { kind: "person", id: "owner", scopes: [] } as const;
const LONGEST_WAIT_MS = 120_000;

/** A number of a card that ends in these digits. */
export const uidOf = (digits: string): string => `04A1${digits}`;

/** The first founds a site, the others join it. */
export async function foundSite(keeper: MqttPanel, ...others: MqttPanel[]): Promise<void> {
  await keeper.api("POST", "/plugins/site-sync/site", {});
  for (const panel of others) {
    const { code } = await keeper.api("POST", "/plugins/site-sync/invitations", {});
    await panel.api("POST", "/plugins/site-sync/join", { code });
    await panel.says(/This panel belongs to the site now/);
  }
}

export async function addCard(panel: MqttPanel, digits: string, holderName = "Anna"): Promise<void> {
  const credentials = panel.runtime.host.core.use(credentialService);
  const reading = { uid: uidOf(digits), cardKind: "iso14443a" } as const;
  await credentials.addCard({ ...reading, holderName, terms: { ...TERMS, accessPoints: ["lock"] } }, {
    ...OWNER,
    scopes: [],
  });
}

export async function removeCard(panel: MqttPanel, digits: string): Promise<void> {
  const credentials = panel.runtime.host.core.use(credentialService);
  const card = await credentials.identify({ uid: uidOf(digits), cardKind: "iso14443a" });
  await credentials.remove(card!.id, { ...OWNER, scopes: [] });
}

/** What happens to who shows this card there. */
export async function shows(panel: MqttPanel, digits: string): Promise<string> {
  const credentials = panel.runtime.host.core.use(credentialService);
  const card = await credentials.identify({ uid: uidOf(digits), cardKind: "iso14443a" });
  if (!card) return "unknown";
  const answer = await panel.access.release({
    requestId: crypto.randomUUID(),
    accessPoint: "lock",
    actor: { kind: "card", id: card.id, scopes: [] },
    via: "reader",
  });
  return answer.outcome === "already-released" ? "released" : answer.outcome;
}

export async function cardsOf(panel: MqttPanel): Promise<string[]> {
  const cards = await panel.runtime.host.core.use(credentialService).list({ limit: 500 });
  return cards.map(({ lastDigits }) => lastDigits).toSorted();
}

/** Resolves once the panel has these cards and no others. */
export async function hasCards(panel: MqttPanel, ...digits: string[]): Promise<void> {
  const wanted = digits.toSorted().join();
  const done = Promise.withResolvers<void>();
  const look = async () => {
    if ((await cardsOf(panel)).join() === wanted) done.resolve();
  };
  panel.runtime.host.core.on(credentialsChanged, look);
  const timer = setTimeout(
    async () => done.reject(new Error(`It has ${await cardsOf(panel)}, not ${digits}`)),
    LONGEST_WAIT_MS,
  );
  try {
    await look();
    await done.promise;
  } finally {
    clearTimeout(timer);
  }
}
