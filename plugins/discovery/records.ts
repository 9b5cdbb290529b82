import { Buffer } from "node:buffer";
import { type Answer, encode } from "dns-packet";
import type { Names } from "./names.ts";

export type RecordType = "A" | "AAAA" | "NSEC" | "PTR" | "SRV" | "TXT";

/** One record that the panel gives out. */
export interface OwnRecord {
  name: string;
  type: RecordType;
  /** Seconds that others may keep it. */
  ttl: number;
  /** Whether nobody else has records of that name and type. */
  unique: boolean;
  answer: Answer;
  /** The same for two records that say the same. */
  id: string;
}

/** What the panel says of itself. */
export interface Advert {
  names: Names;
  /** `_latchkey._tcp` */
  types: readonly string[];
  port: number;
  /** `key=value` */
  txt: readonly string[];
}

/** Those of one interface. */
export interface Addresses {
  v4: readonly string[];
  v6: readonly string[];
}

/** RFC 6762, 10: what names a host is kept for two minutes, everything else for 75. */
const HOST_TTL_S = 120;
const OTHER_TTL_S = 4_500;

const ENUMERATION = "_services._dns-sd._udp.local";

export const instanceName = ({ instance }: Names, type: string): string => `${instance}.${type}.local`;
export const hostName = ({ host }: Names): string => `${host}.local`;

/** Everything that is announced on an interface, the shared records first. */
export function recordsOf({ names, types, port, txt }: Advert, { v4, v6 }: Addresses): OwnRecord[] {
  const target = hostName(names);
  return [
    ...types.flatMap((type) => [
      own(`${type}.local`, "PTR", OTHER_TTL_S, instanceName(names, type), false),
      own(ENUMERATION, "PTR", OTHER_TTL_S, `${type}.local`, false),
    ]),
    ...types.flatMap((type) => [
      own(instanceName(names, type), "SRV", HOST_TTL_S, { priority: 0, weight: 0, port, target }),
      own(instanceName(names, type), "TXT", OTHER_TTL_S, [...txt]),
    ]),
    ...v4.map((address) => own(target, "A", HOST_TTL_S, address)),
    ...v6.map((address) => own(target, "AAAA", HOST_TTL_S, address)),
  ];
}

/** RFC 6762, 6.1: says of a name which records there are, so that nobody waits for others. */
export function onlyThese(name: string, records: readonly OwnRecord[]): OwnRecord {
  const of = records.filter((record) => sameName(record.name, name));
  const rrtypes = [...new Set(of.map(({ type }) => type))];
  return own(name, "NSEC", Math.min(...of.map(({ ttl }) => ttl)), { nextDomain: name, rrtypes });
}

export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** What a record says, without how long it holds; undefined where it is none that could be compared. */
export function idOf(answer: Answer): string | undefined {
  const bytes = contentOf(answer);
  return bytes && `${answer.name.toLowerCase()} ${bytes.toString("hex")}`;
}

/** Class, type and content as RFC 6762, 8.2 compares them. */
export function contentOf(answer: Answer): Buffer | undefined {
  try {
    const plain = { ...withPlainTarget(answer), name: ".", class: "IN", flush: false } as Answer;
    const bytes = encode({ answers: [plain] });
    const [type, kind, content] = [bytes.subarray(13, 15), bytes.subarray(15, 17), bytes.subarray(23)];
    return Buffer.concat([kind, type, content]);
  } catch {
    return undefined;
  }
}

function withPlainTarget(answer: Answer): Answer {
  if (answer.type === "SRV") {
    return { ...answer, data: { ...answer.data, target: answer.data.target.toLowerCase() } };
  }
  return answer.type === "PTR" ? { ...answer, data: answer.data.toLowerCase() } : answer;
}

function own(name: string, type: RecordType, ttl: number, data: unknown, unique = true): OwnRecord {
  const answer = { name, type, ttl, class: "IN", flush: unique, data } as Answer;
  return { name, type, ttl, unique, answer, id: idOf(answer) ?? "" };
}
