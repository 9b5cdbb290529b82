import { type Call, callChanged, type CallService, callService, type Context } from "../../core/mod.ts";

/** One call at a time, moved on by the test. */
export class FakeCalls implements CallService {
  call: Call | undefined;
  rings = 0;
  /** Makes `ring` fail. */
  broken = false;
  readonly #core: Context;

  constructor(core: Context) {
    this.#core = core;
    core.provide(callService, this);
  }

  ring(source: string): Promise<{ call: Call; opened: boolean }> {
    this.rings++;
    if (this.broken) return Promise.reject(new Error("The disk is full"));
    const opened = this.call === undefined;
    this.call ??= {
      id: `call-${this.rings}`,
      source,
      state: "ringing",
      outcome: "open",
      startedAt: this.#core.clock.now(),
      answeredAt: null,
      endedAt: null,
      answeredBy: null,
      released: [],
    };
    if (opened) this.#core.emit(callChanged, this.call);
    return Promise.resolve({ call: this.call, opened });
  }

  become(state: Call["state"]): void {
    if (!this.call) throw new Error("There is no call");
    const call = { ...this.call, state };
    this.call = state === "ringing" || state === "answered" ? call : undefined;
    this.#core.emit(callChanged, call);
  }

  current() {
    return Promise.resolve(this.call);
  }

  answer(): Promise<Call> {
    throw new Error("Not part of this test");
  }

  reject(): Promise<Call> {
    throw new Error("Not part of this test");
  }

  end(): Promise<Call> {
    throw new Error("Not part of this test");
  }

  list() {
    return Promise.resolve([]);
  }
}
