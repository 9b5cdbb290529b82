/// <reference lib="dom" />

/** The panel is told this often, ms: what it is told counts for two seconds. */
const TELL_EVERY_MS = 250;
/** Where it is looked whether the picture is in sight, in shares of it; most of these places have to be. */
const PLACES = [[0.5, 0.5], [0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]] as const;

/**
 * Names frames as they are presented, by their RTP time, for as long as they are in sight: a page that is in the
 * background presents none, and browsers call also for a picture that is scrolled away or covered.
 * @returns stops
 */
export function followPresented(video: HTMLVideoElement, tell: (rtpTime: number) => void): () => void {
  let told = -Infinity;
  let next = 0;
  function look(now: number, { rtpTimestamp }: VideoFrameCallbackMetadata): void {
    next = video.requestVideoFrameCallback(look);
    if (rtpTimestamp === undefined || now - told < TELL_EVERY_MS || !isInSight(video)) return;
    told = now;
    tell(rtpTimestamp);
  }
  next = video.requestVideoFrameCallback(look);
  return () => video.cancelVideoFrameCallback(next);
}

/** Whether nothing but what belongs to the picture is where it is. */
function isInSight(video: HTMLVideoElement): boolean {
  // It floats above all else.
  if (document.pictureInPictureElement === video) return true;
  const { left, top, width, height } = video.getBoundingClientRect();
  const seen = PLACES.filter(([x, y]) => {
    const found = document.elementFromPoint(left + x * width, top + y * height);
    return found !== null && video.parentElement?.contains(found);
  });
  return seen.length > PLACES.length / 2;
}
