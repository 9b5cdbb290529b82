import { Buffer } from "node:buffer";
import { type Answer, AUTHORITATIVE_ANSWER, decode, encode, type Packet, type Question } from "dns-packet";
import type { OwnRecord } from "./records.ts";

export interface Asked {
  name: string;
  /** `ANY` for all there are. */
  type: string;
  /** Whether the answer may come to who asks alone. */
  wantsUnicast: boolean;
}

/** What others sent. */
export interface Message {
  isQuery: boolean;
  id: number;
  /** Whether more known answers follow. */
  truncated: boolean;
  questions: Asked[];
  answers: Answer[];
  authorities: Answer[];
  additionals: Answer[];
}

/** What fits where the smallest packets of IPv6 do: nothing is ever cut apart on its way. */
const MOST_BYTES = 1_200;
/** No packet of a household is larger; what a larger one costs to read grows with its square. */
const MOST_HEARD_BYTES = 1_500;
const LEGACY_TTL_S = 10;
const HEADER_BYTES = 12;
const UNICAST_BIT = 0x8000;
const CLASSES: Record<string, number> = { IN: 1, ANY: 255 };

/** Undefined for all that is no message of multicast DNS. Never throws. */
export function readPacket(bytes: Uint8Array): Message | undefined {
  const packet = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (packet.length < HEADER_BYTES || packet.length > MOST_HEARD_BYTES || promisesTooMuch(packet)) {
    return undefined;
  }
  // RFC 6762, 18.3 and 18.11: of another operation or with a fault, it is to be ignored.
  if ((packet.readUInt16BE(2) & 0x780f) !== 0) return undefined;
  try {
    const { id = 0, flag_qr, flag_tc, questions = [], ...records } = decode(packet);
    const { answers = [], authorities = [], additionals = [] } = records;
    return {
      isQuery: !flag_qr,
      id,
      truncated: flag_tc,
      questions: questions.flatMap(asked),
      answers: answers.filter(isPlain),
      authorities: authorities.filter(isPlain),
      additionals: additionals.filter(isPlain),
    };
  } catch {
    return undefined;
  }
}

/** Answers for everyone, in as many packets as it takes; what adds to them goes where there is room. */
export function writeResponses(
  answers: readonly OwnRecord[],
  additionals: readonly OwnRecord[] = [],
): Buffer[] {
  const packets: Answer[][] = [[]];
  for (const { answer } of answers) {
    if (!fits({ answers: [...packets.at(-1)!, answer] })) packets.push([]);
    packets.at(-1)!.push(answer);
  }
  const last: Packet = { answers: packets.at(-1)!, additionals: [] };
  for (const { answer } of additionals) {
    if (fits({ ...last, additionals: [...last.additionals!, answer] })) last.additionals!.push(answer);
  }
  return [...packets.slice(0, -1).map((answers) => ({ answers })), last].map(response);
}

/** RFC 6762, 10.1: others forget these within a second. */
export function writeGoodbyes(records: readonly OwnRecord[]): Buffer[] {
  return writeResponses(
    records.map((record) => ({ ...record, answer: { ...record.answer, ttl: 0 } as Answer })),
  );
}

/** RFC 6762, 6.7: for who asked as one asks a server, and keeps what it hears by the rules of these. */
export function writeLegacyResponse(
  { id, questions }: Message,
  answers: readonly OwnRecord[],
  additionals: readonly OwnRecord[],
): Buffer {
  const plain = ({ answer, ttl }: OwnRecord) =>
    ({ ...answer, flush: false, ttl: Math.min(ttl, LEGACY_TTL_S) }) as Answer;
  const repeated = questions.map(({ name, type }) => ({ name, type }) as Question);
  const full = { questions: repeated, answers: answers.map(plain), additionals: additionals.map(plain) };
  return response(fits(full) ? { ...full, id } : { ...full, id, additionals: [] });
}

/** RFC 6762, 8.1: asks whether anybody has these names, and says what is to stand there. */
export function writeProbes(records: readonly OwnRecord[]): Buffer[] {
  const packets: { questions: Question[]; authorities: Answer[] }[] = [{ questions: [], authorities: [] }];
  for (const [name, own] of Map.groupBy(records.filter(({ unique }) => unique), ({ name }) => name)) {
    const question = { name, type: "ANY" as Question["type"] };
    const proposed = own.map(({ answer }) => ({ ...answer, flush: false }) as Answer);
    const { questions, authorities } = packets.at(-1)!;
    const joined = { questions: [...questions, question], authorities: [...authorities, ...proposed] };
    if (questions.length === 0 || fits(joined)) packets[packets.length - 1] = joined;
    else packets.push({ questions: [question], authorities: proposed });
  }
  return packets.map((packet) => encode({ type: "query", ...packet }));
}

function response(packet: Packet): Buffer {
  return encode({ type: "response", flags: AUTHORITATIVE_ANSWER, ...packet });
}

function fits(packet: Packet): boolean {
  return encode(packet).length <= MOST_BYTES;
}

/** Its header names more than could be in it: the codec would make room for all of that first. */
function promisesTooMuch(packet: Buffer): boolean {
  const [questions = 0, ...records] = [4, 6, 8, 10].map((offset) => packet.readUInt16BE(offset));
  return questions * 5 + records.reduce((sum, count) => sum + count * 11, 0) > packet.length - HEADER_BYTES;
}

/** The codec knows no class with the highest bit set: it calls it `UNKNOWN_32769`. */
function asked({ name, type, class: named = "IN" }: Question): Asked[] {
  const kind = CLASSES[named] ?? Number(/^UNKNOWN_(\d+)$/.exec(named)?.[1] ?? 0);
  if (!Object.values(CLASSES).includes(kind & ~UNICAST_BIT)) return [];
  return [{ name, type, wantsUnicast: (kind & UNICAST_BIT) !== 0 }];
}

function isPlain(answer: Answer): boolean {
  return answer.type !== "OPT" && (answer.class ?? "IN") === "IN";
}
