import { type SharedCard, sharedCardSchema } from "../../core/mod.ts";
import type { Secrets } from "./documents.ts";
import { unlocked } from "./seals.ts";

/** The card in something encrypted that belongs at this place. */
export async function cardIn(
  { data }: Secrets,
  place: string,
  { mark, locked }: { mark: string; locked: string | null },
): Promise<SharedCard | undefined> {
  const text = locked === null ? undefined : await unlocked(data, place, locked);
  if (text === undefined) return undefined;
  const card = sharedCardSchema.safeParse(parsed(text)).data;
  return card?.mark === mark ? card : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
