import type { Answer } from "dns-packet";
import type { Asked, Message } from "./packet.ts";
import { idOf, onlyThese, type OwnRecord, sameName } from "./records.ts";

export interface Reply {
  answers: OwnRecord[];
  /** What whoever asked will want to know next. */
  additionals: OwnRecord[];
}

/** What the panel has to say to a query, but for what is known to who asks. */
export function replyTo({ questions, answers: known }: Message, own: readonly OwnRecord[]): Reply {
  const found = [...new Map(questions.flatMap((asked) => answersTo(asked, own)).map((one) => [one.id, one]))];
  const answers = without(found.map(([, record]) => record), known);
  const names = new Set(answers.map(({ id }) => id));
  const further = without(furtherOf(answers, own), known).filter(({ id }) => !names.has(id));
  return { answers, additionals: answers.length === 0 ? [] : further };
}

/** RFC 6762, 7.1: those that whoever asks will still know for half of their time are left out. */
export function without(records: readonly OwnRecord[], known: readonly Answer[]): OwnRecord[] {
  if (known.length === 0 || records.length === 0) return [...records];
  const held = new Map(known.map((answer) => [idOf(answer), "ttl" in answer ? answer.ttl ?? 0 : 0]));
  return records.filter(({ id, ttl }) => (held.get(id) ?? -1) < ttl / 2);
}

function answersTo({ name, type }: Asked, own: readonly OwnRecord[]): OwnRecord[] {
  const named = own.filter((record) => sameName(record.name, name));
  const found = named.filter((record) => type === "ANY" || record.type === type);
  const denies = found.length === 0 && named.some(({ unique }) => unique);
  return denies ? [onlyThese(named[0]!.name, named)] : found;
}

/** RFC 6763, 12: of a service its instance, of an instance its host, of a host all of its addresses. */
function furtherOf(answers: readonly OwnRecord[], own: readonly OwnRecord[]): OwnRecord[] {
  const targets = answers.flatMap(({ answer }) => answer.type === "PTR" ? [answer.data] : []);
  const instances = own.filter(({ name, unique }) =>
    unique && targets.some((target) => sameName(target, name))
  );
  const isHost = ({ type }: OwnRecord) => type === "A" || type === "AAAA";
  const namesHost = [...answers, ...instances].some((one) => one.type === "SRV" || isHost(one));
  const host = namesHost ? own.filter(isHost) : [];
  return [...instances, ...host, ...host.slice(0, 1).map(({ name }) => onlyThese(name, host))];
}
