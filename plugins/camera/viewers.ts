import { type Cancel, LatchkeyError } from "../../core/mod.ts";

/** Somebody who looks: over WebRTC, or at a stream of pictures. */
export interface Viewer {
  deviceId: string;
  /** Whether they still may. */
  still(): boolean;
  /** Whether it is a stream of pictures, of which some are on their way at any time. */
  isStream: boolean;
  /** Ends it, whatever the other side does. */
  end(): void;
}

export interface ViewersOptions {
  after(ms: number, action: () => void): Cancel;
  /** Told of each coming and going. */
  changed(): void;
}

/** One device may look from several windows, but not keep all others out. */
const MOST_OF_A_DEVICE = 4;
/** An access that ends by time ends what it shows within this, ms. */
const LOOK_EVERY_MS = 500;

/** Who looks now. One who loses access is ended at once. */
export class Viewers {
  readonly #options: ViewersOptions;
  readonly #viewers = new Map<string, Viewer>();
  /** Devices whose request is being answered, once for each. */
  readonly #coming: string[] = [];
  #cancelLook: Cancel | undefined;

  constructor(options: ViewersOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#viewers.size;
  }

  get(id: string): Viewer | undefined {
    return this.#viewers.get(id);
  }

  /**
   * Takes up somebody who asks to look, where there is room.
   * @throws {LatchkeyError} `viewers-busy` (503), and as `open` does
   */
  async admit<T>(deviceId: string, open: () => Promise<T>): Promise<T> {
    const own = [...this.#viewers.values()].filter((viewer) => viewer.deviceId === deviceId).length;
    if (own + this.#coming.filter((one) => one === deviceId).length >= MOST_OF_A_DEVICE) {
      throw new LatchkeyError(
        "viewers-busy",
        `This device is looking ${MOST_OF_A_DEVICE} times already; close one of its windows`,
        { status: 503 },
      );
    }
    this.#coming.push(deviceId);
    try {
      return await open();
    } finally {
      this.#coming.splice(this.#coming.indexOf(deviceId), 1);
    }
  }

  /** One who has lost access meanwhile is ended at once. */
  add(id: string, viewer: Viewer): void {
    this.#viewers.set(id, viewer);
    this.#cancelLook ??= this.#options.after(LOOK_EVERY_MS, () => this.#look());
    if (!viewer.still()) return this.end(id);
    this.#options.changed();
  }

  /** It is over already. */
  delete(id: string): void {
    if (!this.#viewers.delete(id)) return;
    if (this.#viewers.size === 0) {
      this.#cancelLook?.();
      this.#cancelLook = undefined;
    }
    this.#options.changed();
  }

  end(id: string): void {
    const viewer = this.#viewers.get(id);
    this.delete(id);
    viewer?.end();
  }

  /** Sessions and streams of a device. */
  idsOf(deviceId: string): string[] {
    return [...this.#viewers].filter(([, viewer]) => viewer.deviceId === deviceId).map(([id]) => id);
  }

  /** Those of devices that have lost access, or must show again that they have it. */
  endOf(devices: readonly string[]): void {
    for (const [id, { deviceId }] of [...this.#viewers]) if (devices.includes(deviceId)) this.end(id);
  }

  endStreams(): void {
    for (const [id, { isStream }] of [...this.#viewers]) if (isStream) this.end(id);
  }

  endAll(): void {
    for (const id of [...this.#viewers.keys()]) this.end(id);
  }

  #look(): void {
    this.#cancelLook = this.#options.after(LOOK_EVERY_MS, () => this.#look());
    for (const [id, viewer] of [...this.#viewers]) if (!viewer.still()) this.end(id);
  }
}
