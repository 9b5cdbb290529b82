import { Buffer } from "node:buffer";
import type { Answer } from "dns-packet";
import type { Message } from "./packet.ts";
import { contentOf, idOf, type OwnRecord, sameName } from "./records.ts";

/** Names of which somebody else says something that the panel does not. */
export function takenBy(
  { answers, additionals }: Message,
  own: readonly OwnRecord[],
  { isOwn, probing }: {
    /** Whether the panel says so too, be it on another interface. */
    isOwn(id: string): boolean;
    /** RFC 6762, 8.1: until the names are the panel's, records of any type speak against it. */
    probing: boolean;
  },
): string[] {
  const unique = own.filter((record) => record.unique);
  const foreign = [...answers, ...additionals].filter((answer) => {
    const { name, type, ttl } = answer as Answer & { ttl?: number };
    if (ttl === 0 || type === "NSEC") return false;
    const claimed = unique.some((one) => sameName(one.name, name) && (probing || one.type === type));
    return claimed && !isOwn(idOf(answer) ?? "");
  });
  return [...new Set(foreign.map(({ name }) => name.toLowerCase()))];
}

/** RFC 6762, 8.2: whether another who is asking for one of these names now, too, goes first. */
export function givesWay({ authorities }: Message, own: readonly OwnRecord[]): boolean {
  const names = new Set(own.filter(({ unique }) => unique).map(({ name }) => name.toLowerCase()));
  return [...names].some((name) => {
    const theirs = sorted(authorities.filter((answer) => answer.name.toLowerCase() === name));
    const ours = sorted(own.filter((record) => sameName(record.name, name)).map(({ answer }) => answer));
    return theirs.length > 0 && isLater(theirs, ours);
  });
}

function sorted(answers: readonly Answer[]): Buffer[] {
  return answers.map((answer) => contentOf(answer) ?? Buffer.alloc(0)).toSorted(Buffer.compare);
}

function isLater(theirs: readonly Buffer[], ours: readonly Buffer[]): boolean {
  for (const [i, content] of theirs.entries()) {
    const own = ours[i];
    const order = own === undefined ? 1 : Buffer.compare(content, own);
    if (order !== 0) return order > 0;
  }
  return false;
}
