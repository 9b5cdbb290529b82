/// <reference lib="dom" />

/** The panel is told this often, ms: what it is told counts for two seconds. */
const TELL_EVERY_MS = 250;

/**
 * Names frames as they are presented, by their RTP time, for as long as they are: a page that is out of sight presents
 * none.
 * @returns stops
 */
export function followPresented(video: HTMLVideoElement, tell: (rtpTime: number) => void): () => void {
  let told = -Infinity;
  let next = 0;
  function look(now: number, { rtpTimestamp }: VideoFrameCallbackMetadata): void {
    next = video.requestVideoFrameCallback(look);
    if (rtpTimestamp === undefined || now - told < TELL_EVERY_MS) return;
    told = now;
    tell(rtpTimestamp);
  }
  next = video.requestVideoFrameCallback(look);
  return () => video.cancelVideoFrameCallback(next);
}
