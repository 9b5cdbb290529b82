/** Frames of the last seconds: what is older proves nothing. */
const MOST_REMEMBERED = 256;
/** Browsers report every 0.5 to 1.5 s; one that reported longer ago may have lost the connection, ms. */
const REPORTED_MS = 3_000;
const TIME = /^\d{1,10}$/;

/**
 * What one viewer is known to present. Two things have to agree: its page names, over the session's own encrypted
 * channel, the RTP time of a frame as it is presented, which begins at random in each session and is known to nobody
 * who does not get the frames; and its browser reports that more of the stream arrives.
 */
export class Presented {
  /** RTP time → when the frame was sent, ms. */
  readonly #sent = new Map<number, number>();
  #shown = -Infinity;
  #highest: number | undefined;
  #reported = -Infinity;

  sent(rtpTime: number, now: number): void {
    this.#sent.set(rtpTime, now);
    if (this.#sent.size <= MOST_REMEMBERED) return;
    const [oldest] = this.#sent.keys();
    this.#sent.delete(oldest!);
  }

  /** The page says that it presents this frame. */
  named(text: string): void {
    const sent = TIME.test(text) ? this.#sent.get(Number(text)) : undefined;
    // It was presented after it was sent, however late the word of it comes.
    if (sent !== undefined) this.#shown = Math.max(this.#shown, sent);
  }

  /** The browser reports the highest sequence number that it has got. */
  reported(highest: number | undefined, now: number): void {
    if (highest === undefined) return;
    if (this.#highest === undefined || ((highest - this.#highest) | 0) > 0) this.#reported = now;
    this.#highest = highest;
  }

  /** How long ago at most a frame was presented, ms; undefined where that is not proved. */
  age(now: number): number | undefined {
    return this.#shown === -Infinity || now - this.#reported > REPORTED_MS ? undefined : now - this.#shown;
  }
}
