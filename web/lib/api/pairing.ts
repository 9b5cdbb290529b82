/// <reference lib="dom" />
import { type Device, keepDevice, makeKeys } from "./device.ts";
import { ApiError, offline, problemOf } from "./problem.ts";
import { Signer } from "./signer.ts";

/** What a link says of how this device comes to have access. */
export interface PairingLink {
  kind: "claim" | "join";
  code: string;
}

/** While nobody has pressed the button, ask again after this, ms. */
const ASK_AGAIN_MS = 1_500;

/** From a link such as `http://panel/#claim=…`, or what follows the `#`; undefined where there is none. */
export function pairingIn(text: string): PairingLink | undefined {
  const [, kind, code] = /(?:^|[#&\s])(claim|join)=([\w-]{22})(?=$|[&\s])/.exec(text.trim()) ?? [];
  return kind === undefined || code === undefined ? undefined : { kind: kind as PairingLink["kind"], code };
}

/** The pairing that came with the address, taken out of the address and the history at once. */
export function takePairing(): PairingLink | undefined {
  const found = pairingIn(location.hash);
  if (found) history.replaceState(null, "", location.pathname + location.search);
  return found;
}

/**
 * Pairs this device and keeps what it is known by.
 * @param waiting told while someone has to press the button inside
 * @throws {ApiError}
 */
export async function pair({ kind, code }: PairingLink, waiting: () => void): Promise<Device> {
  const keys = await makeKeys();
  const signer = new Signer({ keys });
  const body = kind === "claim"
    ? { code, name: "Owner", deviceName: deviceName() }
    : { code, deviceName: deviceName() };
  for (;;) {
    const answer = await send(signer, kind, body);
    const token = answer.token ?? answer.paired?.token;
    if (token !== undefined) {
      const device = { token, keys };
      await keepDevice(device);
      return device;
    }
    waiting();
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}

interface Answer {
  token?: string;
  paired?: { token: string };
}

async function send(signer: Signer, kind: PairingLink["kind"], body: unknown): Promise<Answer> {
  let response: Response;
  try {
    response = await signer.fetch(`/api/v1/${kind}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch (error) {
    throw error instanceof ApiError ? error : offline();
  }
  if (!response.ok) throw await problemOf(response);
  return await response.json();
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
