/// <reference lib="dom" />
import { type Device, keepDevice, pairingKeys } from "./device.ts";
import { ApiError, offline, problemOf } from "./problem.ts";
import { Signer } from "./signer.ts";

/** What a link says of how this device comes to have access. */
export interface PairingLink {
  kind: "claim" | "join";
  code: string;
}

/** What somebody calls themselves and their device. Who was invited has a name already. */
export interface Names {
  name: string;
  deviceName: string;
}

export interface PairOptions {
  /** Told while someone has to press the button inside, with the time that is left for it, ms. */
  waiting(remainingMs: number): void;
  /** Gives up. */
  signal: AbortSignal;
  /** `pairingKeys` and `keepDevice` unless told. */
  storage?: { keys(): Promise<CryptoKeyPair>; keep(device: Device): Promise<void> };
  pauseMs?: number;
}

/** While nobody has pressed the button, or no answer has come, ask again after this, ms. */
const ASK_AGAIN_MS = 1_000;
/** An answer that has not come by then is lost, ms. */
const PATIENCE_MS = 12_000;
/** How often no answer is borne. */
const MOST_SILENCES = 20;
const KEPT = { keys: pairingKeys, keep: keepDevice };

/** From a link such as `http://panel/#claim=…`, or what follows the `#`; undefined where there is none. */
export function pairingIn(text: string): PairingLink | undefined {
  const [, kind, code] = /(?:^|[#&\s])(claim|join)=([\w-]{22})(?=$|[&\s])/.exec(text.trim()) ?? [];
  return kind === undefined || code === undefined ? undefined : { kind: kind as PairingLink["kind"], code };
}

/** From a link such as `http://panel/#code=…`: a code that opens. */
export function codeIn(text: string): string | undefined {
  return /(?:^|[#&\s])code=(\d{8}|[\w-]{22})(?=$|[&\s])/.exec(text.trim())?.[1];
}

/** What came with the address, taken out of the address and the history at once. */
export function takeFromAddress<T>(find: (text: string) => T | undefined): T | undefined {
  const found = find(location.hash);
  if (found !== undefined) history.replaceState(null, "", location.pathname + location.search);
  return found;
}

/**
 * Pairs this device and keeps what it is known by. Asks again where no answer comes: the panel may have paired it all
 * the same, and says so to this key only.
 * @throws {ApiError} as the panel refuses; `claim-late` where nobody pressed the button in time
 */
export async function pair(
  { kind, code }: PairingLink,
  { name, deviceName }: Names,
  { waiting, signal, storage = KEPT, pauseMs = ASK_AGAIN_MS }: PairOptions,
): Promise<Device> {
  const keys = await storage.keys();
  const signer = new Signer({ keys });
  const body = kind === "claim" ? { code, name, deviceName } : { code, deviceName };
  let until: number | undefined;
  for (let silences = 0;;) {
    const answer = await send(signer, kind, body, signal).catch((error: ApiError) => {
      if (error.code !== "offline" || signal.aborted || ++silences > MOST_SILENCES) throw error;
      return undefined;
    });
    const token = answer?.token ?? answer?.paired?.token;
    if (token !== undefined) {
      const device = { token, keys };
      await storage.keep(device);
      return device;
    }
    if (answer) {
      const now = performance.now();
      until ??= now + (answer.remainingMs ?? 0);
      if (now >= until) throw new ApiError("claim-late", 408, "Nobody pressed the button inside in time");
      waiting(until - now);
    }
    await pause(pauseMs, signal);
  }
}

interface Answer {
  token?: string;
  paired?: { token: string };
  remainingMs?: number;
}

async function send(
  signer: Signer,
  kind: PairingLink["kind"],
  body: unknown,
  signal: AbortSignal,
): Promise<Answer> {
  let response: Response;
  try {
    response = await signer.fetch(`/api/v1/${kind}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    });
  } catch (error) {
    throw error instanceof ApiError ? error : offline();
  }
  if (!response.ok) throw await problemOf(response);
  return await response.json();
}

/** Cut short by the signal: what comes next sees it. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}

/** What to call this device in the list of those who have access. */
export function deviceName(agent: string = navigator.userAgent): string {
  const kinds: [RegExp, string][] = [
    [/iPhone/, "iPhone"],
    [/iPad/, "iPad"],
    [/Android.*Mobile/, "Android phone"],
    [/Android/, "Android tablet"],
    [/Windows/, "Windows computer"],
    [/Macintosh/, "Mac"],
    [/CrOS/, "Chromebook"],
    [/Linux/, "Linux computer"],
  ];
  return kinds.find(([pattern]) => pattern.test(agent))?.[1] ?? "Browser";
}
