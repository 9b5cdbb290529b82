import { Buffer } from "node:buffer";
import { LatchkeyError } from "../errors.ts";
import { parseOr } from "../faults.ts";
import type { Random } from "../random.ts";
import type { AccessLog, Append } from "./access_log.ts";
import { type CodeGuard, FREE_FAILURES } from "./code_guard.ts";
import type { Codes } from "./codes.ts";
import type { AccessService, CodeService, EnteredCode, Redemption } from "./keys.ts";
import { type Actor, type Code, type NewCode, newCodeSchema, type ReleaseAnswer } from "./model.ts";

/** Codes at a time; used-up ones count until they are deleted. */
const MOST_CODES = 500;
const PIN_DIGITS = 8;

export interface CodeServiceParts {
  codes: Codes;
  guard: CodeGuard;
  log: AccessLog;
  access: Pick<AccessService, "release">;
  random: Random;
  /** Wall time, ms. */
  now: () => number;
  assertAccessPoints(ids: readonly string[], field: string): void;
}

export function createCodes(parts: CodeServiceParts): CodeService {
  const { codes, guard, log, access, random } = parts;

  function find(id: string): Code {
    const code = codes.get(id);
    if (code) return code;
    throw new LatchkeyError("code-unknown", `There is no code "${id.slice(0, 64)}"`, { status: 404 });
  }

  function add(input: NewCode, actor: Actor): { code: Code; text: string } {
    const wanted = parseOr(newCodeSchema, input, "code-invalid");
    parts.assertAccessPoints(wanted.terms.accessPoints, "terms.accessPoints");
    if (codes.list().length >= MOST_CODES) {
      throw new LatchkeyError("codes-full", `There are ${MOST_CODES} codes already; delete old ones first`, {
        status: 409,
      });
    }
    const text = wanted.form === "pin"
      ? freshPin(codes, random)
      : Buffer.from(random(16)).toString("base64url");
    const code = log.write((append) => {
      const added = find(codes.add(text, wanted, Math.trunc(parts.now())));
      append(codeRow("code-added", added, actor));
      return added;
    });
    return { code, text };
  }

  function remove(id: string, actor: Actor): void {
    const code = find(id);
    log.write((append) => {
      codes.remove(id);
      append(codeRow("code-removed", code, actor));
    });
  }

  function countFailure(append: Append, actor: Actor, { source, via }: Pick<EnteredCode, "source" | "via">) {
    if (guard.failed(source) !== FREE_FAILURES) return;
    append({ kind: "alarm", outcome: "raised", actor, via, detail: { alarm: "code-guessing", source } });
  }

  /** Finds whose code it is. From the look at the waiting time to the count of the failure nothing else can come in between. */
  function identify({ text, source, via }: EnteredCode, accessPoint?: string): Code {
    const wait = Math.ceil(guard.wait(source) / 1_000);
    if (wait > 0) {
      throw new LatchkeyError("code-wait", `Too many wrong codes came from here; try again in ${wait} s`, {
        status: 429,
        details: { retryAfter: wait },
      });
    }
    const code = codes.byText(text.replaceAll(/[\s-]/g, (sign) => /^[\d\s-]*$/.test(text) ? "" : sign));
    if (code) return code;
    const actor: Actor = { kind: "code", id: "unknown", scopes: [] };
    log.write((append) => {
      const denied = { kind: "release", outcome: "denied", reason: "unknown-credential" } as const;
      const where = accessPoint === undefined ? {} : { accessPoint };
      append({ ...denied, ...where, actor, via, detail: { source } });
      countFailure(append, actor, { source, via });
    });
    throw new LatchkeyError("code-wrong", "This code is not known here", { status: 403 });
  }

  async function redeem(redemption: Redemption): Promise<ReleaseAnswer> {
    const { requestId, accessPoint, via } = redemption;
    const { id, name } = identify(redemption, accessPoint);
    const actor: Actor = { kind: "code", id, name, scopes: [] };
    const answer = await access.release({ requestId, accessPoint, via, actor });
    // Nobody fills the log with a code that opens nothing.
    const isCounted = answer.outcome === "denied" && !answer.repeated && answer.reason !== "log-unavailable";
    if (isCounted) log.write((append) => countFailure(append, actor, redemption));
    return answer;
  }

  return {
    list: () => Promise.resolve(codes.list()),
    add: (input, actor) => later(() => add(input, actor)),
    remove: (id, actor) => later(() => remove(id, actor)),
    check: (entered) => later(() => identify(entered)),
    redeem,
  };
}

/** Services are asynchronous by contract: what is thrown becomes a rejection. */
// deno-lint-ignore require-await -- see above
async function later<T>(work: () => T): Promise<T> {
  return work();
}

/** Digits, each as likely as any other, that are nobody's yet. */
function freshPin(codes: Codes, random: Random): string {
  for (;;) {
    const number = new DataView(random(8).buffer).getBigUint64(0) % 10n ** BigInt(PIN_DIGITS);
    const pin = number.toString().padStart(PIN_DIGITS, "0");
    if (!codes.byText(pin)) return pin;
  }
}

function codeRow(kind: "code-added" | "code-removed", { id, name, form, terms }: Code, actor: Actor) {
  return {
    kind,
    outcome: kind.slice("code-".length),
    actor,
    via: "app",
    credentialId: id,
    detail: { name, form, terms: JSON.parse(JSON.stringify(terms)) },
  } as const;
}
