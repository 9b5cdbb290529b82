/// <reference lib="dom" />
/** A piezo buzzer's tone, Hz. */
const PITCH = 2_300;
const LOUDNESS = 0.05;
/** Fades in and out this fast, s: no click, and still a beep. */
const EDGE = 0.004;

/** The panel's beeper as the page's loudspeaker gives it. Silent until the page was touched: browsers ask for that. */
export class Beep {
  #audio: { context: AudioContext; gain: GainNode } | undefined;
  muted = false;

  /** To be called while the browser handles a gesture. */
  unlock(): void {
    this.#audio ??= start();
    void this.#audio.context.resume();
  }

  sound(on: boolean): void {
    if (!this.#audio) return;
    const { context, gain } = this.#audio;
    gain.gain.setTargetAtTime(on && !this.muted ? LOUDNESS : 0, context.currentTime, EDGE);
  }

  close(): void {
    void this.#audio?.context.close();
    this.#audio = undefined;
  }
}

function start() {
  const context = new AudioContext();
  const tone = new OscillatorNode(context, { type: "square", frequency: PITCH });
  const dull = new BiquadFilterNode(context, { type: "lowpass", frequency: 2 * PITCH });
  const gain = new GainNode(context, { gain: 0 });
  tone.connect(dull).connect(gain).connect(context.destination);
  tone.start();
  return { context, gain };
}
