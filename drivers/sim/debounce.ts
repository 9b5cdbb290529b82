import type { Cancel, Clock } from "../../core/mod.ts";

interface Contact {
  settled: boolean;
  raw: boolean;
  cancel: Cancel;
}

/** Contacts that count as changed once they have kept still for `ms`. */
export class Debouncer {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #changed: (name: string, active: boolean) => void;
  readonly #contacts = new Map<string, Contact>();

  constructor(clock: Clock, ms: number, changed: (name: string, active: boolean) => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#changed = changed;
  }

  /** What the contact is now, taken as it is where the name is new. */
  raw(name: string, active: boolean): void {
    const contact = this.#contacts.get(name);
    if (!contact) {
      this.#contacts.set(name, { settled: active, raw: active, cancel: () => {} });
      return;
    }
    if (contact.raw === active) return;
    contact.raw = active;
    contact.cancel();
    contact.cancel = active === contact.settled ? () => {} : this.#clock.after(this.#ms, () => {
      contact.settled = active;
      this.#changed(name, active);
    });
  }

  /** Whether the contact is active; undefined for a name never heard of. */
  active(name: string): boolean | undefined {
    return this.#contacts.get(name)?.settled;
  }

  stop(): void {
    for (const { cancel } of this.#contacts.values()) cancel();
  }
}
