const TOLERANCE_MS = 60_000;
const LONGEST_PAUSE_MS = 400 * 24 * 3_600_000;
const OLDEST = Date.UTC(2025, 0, 1);

/** What must be said of the clock; `either` where that hangs on when the panel last looked. */
export type Trust = "yes" | "no" | "either";

interface ClockRow {
  at: number;
  clockTrusted: boolean;
  kind: string;
  outcome: string;
  detail: { doubt?: unknown };
}

/**
 * What the panel can know of its wall clock, told from what was done to the clock and what is on disk.
 * `offset` is wall time less monotonic time: it changes with jumps only.
 */
export class TrustOracle {
  #state:
    | { is: "believed"; offset: number }
    /** A jump of an earlier run: only a person can end the doubt. */
    | { is: "doubted" }
    /** Since the start nothing but plausibility is known. `newest` time is on disk for certain, `latest` perhaps. */
    | { is: "checked"; newest: number; latest: number };
  /** The newest time that the log vouches for. */
  #newest = 0;
  /** The newest time that may have been believed. */
  #latest: number;
  #doubtOnDisk = false;

  constructor(now: number, offset: number) {
    this.#latest = now;
    this.#state = { is: "believed", offset };
  }

  verdict(now: number, offset: number): Trust {
    const state = this.#state;
    if (state.is === "doubted") return "no";
    if (state.is === "believed") return Math.abs(offset - state.offset) > TOLERANCE_MS ? "no" : "yes";
    const { newest, latest } = state;
    if (now < OLDEST || now < newest - TOLERANCE_MS || now > latest + LONGEST_PAUSE_MS) return "no";
    return now < latest - TOLERANCE_MS || now > newest + LONGEST_PAUSE_MS ? "either" : "yes";
  }

  /** The panel said what it believes. */
  heard(trusted: boolean, now: number, offset: number): void {
    if (trusted && this.#state.is === "checked") this.#state = { is: "believed", offset };
    if (trusted) this.#latest = Math.max(this.#latest, now);
  }

  logged(row: ClockRow): void {
    if (row.clockTrusted) this.#newest = row.at;
    if (row.kind === "clock") {
      this.#doubtOnDisk = row.outcome === "untrusted" && row.detail.doubt === "jumped";
    }
  }

  booted(): void {
    this.#state = this.#doubtOnDisk
      ? { is: "doubted" }
      : { is: "checked", newest: this.#newest, latest: this.#latest };
  }

  confirmed(now: number, offset: number): void {
    this.#state = { is: "believed", offset };
    this.#latest = now;
  }
}
