import { messageOf } from "./api/problem.ts";
import { State } from "./state.ts";

/** What comes within this is sent as one, ms. */
const PAUSE_MS = 300;

export interface NewestOptions<T> {
  send(value: T): Promise<void>;
  /** Told what went wrong with the last value once nobody looks any more. */
  lost(fault: string): void;
  /** Runs it once after so many ms, unless it is cancelled by what is returned. */
  after?(ms: number, action: () => void): () => void;
}

export interface NewestData {
  /** Whether the newest value has not arrived. */
  open: boolean;
  fault: string | undefined;
}

/**
 * Sends the newest of values that come thick and fast, as from a slider: after a pause, one at a time. The last one is
 * sent whatever happens, and kept where it does not arrive.
 */
export class Newest<T> extends State<NewestData> {
  readonly #options: NewestOptions<T>;
  #next: { value: T } | undefined;
  #isSending = false;
  #isClosed = false;
  #cancel = () => {};

  constructor(options: NewestOptions<T>) {
    super({ open: false, fault: undefined });
    this.#options = options;
  }

  put(value: T, pauseMs = PAUSE_MS): void {
    this.#next = { value };
    this.set({ open: true, fault: undefined });
    this.#wait(pauseMs);
  }

  /** What waits is sent now, also what has failed before. */
  flush(): void {
    this.#cancel();
    if (!this.#isSending && this.#next) void this.#send(this.#next);
  }

  /** Nobody looks any more. */
  close(): void {
    this.#isClosed = true;
    this.flush();
  }

  async #send(sent: { value: T }): Promise<void> {
    this.#isSending = true;
    this.#next = undefined;
    this.set({ open: true, fault: undefined });
    try {
      await this.#options.send(sent.value);
    } catch (error) {
      const fault = messageOf(error);
      if (this.#isClosed && !this.#next) this.#options.lost(fault);
      // Unless a newer one waits.
      else if (!this.#next) {
        this.#next = sent;
        this.#isSending = false;
        return this.set({ fault });
      }
    }
    this.#isSending = false;
    if (!this.#next) this.set({ open: false });
    else if (this.#isClosed) this.flush();
    else this.#wait(PAUSE_MS);
  }

  #wait(ms: number): void {
    const { after = afterReal } = this.#options;
    this.#cancel();
    this.#cancel = after(ms, () => this.flush());
  }
}

function afterReal(ms: number, action: () => void): () => void {
  const timer = setTimeout(action, ms);
  return () => clearTimeout(timer);
}
