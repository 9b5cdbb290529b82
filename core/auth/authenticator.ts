import type { Actor, Reason } from "../access/model.ts";
import type { Clock } from "../clock.ts";
import { LatchkeyError } from "../errors.ts";
import type { KnownDevice, Members } from "../members/members.ts";
import type { Role } from "../members/model.ts";
import { checkAccess } from "../members/rights.ts";
import { type AccessLevel, hasScope, isOpen, rolesOf } from "./levels.ts";
import type { Links } from "./links.ts";
import type { Proofs } from "./proof.ts";
import { Throttle } from "./throttle.ts";

/** Who sends a request, as the edge has established it. */
export interface Caller {
  actor: Actor;
  /** Undefined for one who needs no credential. */
  role?: Role;
  deviceId?: string;
  /** Where it comes from, for slowing down guesses. */
  source: string;
}

export interface Gate {
  access: AccessLevel;
  /** What a service needs. */
  scope?: string | undefined;
  /** Whether a link may stand for the token. */
  link?: boolean | undefined;
}

export interface AuthenticatorParts {
  members: Members;
  proofs: Proofs;
  links: Links;
  clock: Clock;
  /** Whether services may have a token without a key. */
  bearerAllowed: boolean;
  clockTrusted(): boolean;
}

/** Nobody in particular: may call what is open. */
const ANYONE: Actor = { kind: "service", id: "anonymous", scopes: [] };

/** Knows who asks, from the token and the proof of each request. Nothing is remembered: what is revoked is over at once. */
export class Authenticator {
  readonly #parts: AuthenticatorParts;
  readonly #throttle: Throttle;
  /** By device, wall time, ms; since the start only. */
  readonly #seen = new Map<string, number>();

  constructor(parts: AuthenticatorParts) {
    this.#parts = parts;
    this.#throttle = new Throttle(parts.clock);
  }

  /**
   * @throws {LatchkeyError} `unclaimed` (403), `token-missing`, `token-wrong`, `proof-…` (401), `bearer-off`,
   *   `tls-needed`, `access-expired`, `clock-untrusted`, `role-not-allowed`, `scope-missing` (403), `slow-down` (429)
   */
  async caller(gate: Gate, request: Request, source: string): Promise<Caller> {
    if (gate.access === "public") return { actor: ANYONE, source };
    if (this.#parts.members.owners() === 0) {
      throw new LatchkeyError("unclaimed", "This panel has no owner yet: claim it first", { status: 403 });
    }
    if (isOpen(gate.access)) return { actor: ANYONE, source };
    const known = (gate.link ? this.#linked(request) : undefined) ?? await this.#known(request, source);
    this.#assertAdmitted(gate, known);
    this.#seen.set(known.device.id, this.#parts.clock.now());
    return { actor: actorOf(known), role: known.member.role, deviceId: known.device.id, source };
  }

  /**
   * Looks again at one who was let in before: what was sent meanwhile may have taken its time.
   * @throws {LatchkeyError} as `caller` does
   */
  assertStill(gate: Gate, { deviceId }: Caller): void {
    if (deviceId === undefined) return;
    const known = this.#parts.members.byDevice(deviceId);
    if (!known) throw unauthorized("token-wrong", "This token is no longer good here");
    this.#assertAdmitted(gate, known);
  }

  /** Whether one who was let in before would be let in again. */
  still(gate: Gate, { deviceId = "" }: Caller): boolean {
    const known = this.#parts.members.byDevice(deviceId);
    const still = known !== undefined && this.#isAdmitted(gate, known);
    if (still) this.#seen.set(deviceId, this.#parts.clock.now());
    return still;
  }

  /** When the device was last let in or followed the events, wall time, ms; null: not since the start. */
  lastSeen(deviceId: string): number | null {
    return this.#seen.get(deviceId) ?? null;
  }

  /** Slows down guesses at open routes. @throws {LatchkeyError} `slow-down` (429) */
  assertPatience(source: string): void {
    const wait = Math.ceil(this.#throttle.wait(source) / 1_000);
    if (wait === 0) return;
    throw new LatchkeyError("slow-down", `Too many refused requests came from here; wait ${wait} s`, {
      status: 429,
      details: { retryAfter: wait },
    });
  }

  /** Counts a wrong guess. */
  failed(source: string): void {
    this.#throttle.failed(source);
  }

  #linked(request: Request): KnownDevice | undefined {
    const { pathname, searchParams } = new URL(request.url);
    const link = searchParams.get("link");
    const device = link === null ? undefined : this.#parts.links.deviceOf(link, pathname);
    return device === undefined ? undefined : this.#parts.members.byDevice(device);
  }

  async #known(request: Request, source: string): Promise<KnownDevice> {
    const [, scheme = "", token] =
      /^(DPoP|Bearer) ([\w-]{43})$/i.exec(request.headers.get("authorization") ?? "") ?? [];
    const known = token === undefined ? undefined : this.#parts.members.byToken(token);
    if (!known || token === undefined) {
      this.assertPatience(source);
      this.failed(source);
      throw token === undefined
        ? unauthorized(
          "token-missing",
          "This needs a token of this panel in the header Authorization: DPoP …",
        )
        : unauthorized("token-wrong", "This token is not, or no longer, good here");
    }
    if (known.publicKey === null) {
      if (scheme.toLowerCase() !== "bearer") {
        throw unauthorized("token-wrong", "This token is sent as Bearer");
      }
      if (!this.#parts.bearerAllowed) {
        throw forbidden("bearer-off", "Tokens without a key are switched off: see bearerTokens");
      }
      if (new URL(request.url).protocol !== "https:") {
        throw forbidden("tls-needed", "A token without a key is taken over TLS only");
      }
      return known;
    }
    if (scheme.toLowerCase() !== "dpop") {
      throw unauthorized("token-wrong", "This token is bound to a key: send it as DPoP, with a proof");
    }
    await this.#parts.proofs.check(request, token, known.publicKey);
    // It may have been revoked while the signature was being checked.
    const still = this.#parts.members.byToken(token);
    if (still) return still;
    throw unauthorized("token-wrong", "This token is no longer good here");
  }

  #accessOf({ member }: KnownDevice): Reason {
    return checkAccess(member, this.#parts.clock.now(), this.#parts.clockTrusted());
  }

  #isAdmitted(gate: Gate, known: KnownDevice): boolean {
    try {
      this.#assertAdmitted(gate, known);
      return true;
    } catch {
      return false;
    }
  }

  #assertAdmitted({ access, scope }: Gate, known: KnownDevice): void {
    const { member } = known;
    const reason = this.#accessOf(known);
    if (reason !== "granted") {
      const message = reason === "expired"
        ? "This access has ended; ask the owner for more time"
        : "The panel's clock can't be trusted, and this access is limited in time";
      throw forbidden(reason === "expired" ? "access-expired" : reason, message);
    }
    if (member.role !== "service") {
      if (rolesOf(access).includes(member.role)) return;
      throw forbidden(
        "role-not-allowed",
        `This is not for the role ${member.role}; it is for ${rolesOf(access).join(", ")}`,
      );
    }
    if (scope !== undefined && hasScope(member.scopes, scope)) return;
    throw scope === undefined
      ? forbidden("role-not-allowed", "This is not for services")
      : forbidden("scope-missing", `This needs the scope ${scope}`);
  }
}

function actorOf({ member: { id, name, role, scopes } }: KnownDevice): Actor {
  const kind = role === "monitor" || role === "service" ? role : "person";
  return { kind, id, name, scopes };
}

function unauthorized(code: string, message: string): LatchkeyError {
  return new LatchkeyError(code, message, { status: 401 });
}

function forbidden(code: string, message: string): LatchkeyError {
  return new LatchkeyError(code, message, { status: 403 });
}
