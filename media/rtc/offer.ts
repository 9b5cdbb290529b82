import { LatchkeyError } from "../../core/errors.ts";

/** One section of what a viewer's browser offers. */
export interface Section {
  kind: "video" | "audio";
  /** Its name in the session. */
  mid: string;
  /** What the browser calls the coding that is to be sent, 0 to 127. */
  payloadType: number;
  /** The header extension that says how soon a picture is to be shown, where the browser knows it. */
  playoutDelayId: number | undefined;
}

export interface Offer {
  /** What is handed on: without addresses that only the browser's machine could look up. */
  sdp: string;
  video: Section;
  audio: Section | undefined;
}

const PLAYOUT_DELAY = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay";

/**
 * What a viewer can take.
 * @throws {LatchkeyError} `offer-invalid` (400), `codec-unknown` (406)
 */
export function readOffer(sdp: string): Offer {
  const { lines, video, audio } = sectionsOf(sdp);
  if (video === undefined) {
    throw new LatchkeyError("offer-invalid", "The offer must be an SDP that asks for video");
  }
  const h264 = h264Of(video);
  if (h264 === undefined) {
    throw new LatchkeyError("codec-unknown", "This camera sends H.264, and the offer does not take it", {
      status: 406,
    });
  }
  const opus = opusOf(audio);
  return {
    sdp: lines.join("\r\n"),
    video: section("video", video, Number(h264)),
    audio: audio === undefined || opus === undefined ? undefined : section("audio", audio, Number(opus)),
  };
}

/**
 * What one who wants to be heard sends.
 * @throws {LatchkeyError} `offer-invalid` (400), `codec-unknown` (406)
 */
export function readVoiceOffer(sdp: string): { sdp: string; audio: Section } {
  const { lines, audio } = sectionsOf(sdp);
  if (audio === undefined || /^a=(recvonly|inactive)\s*$/m.test(audio)) {
    throw new LatchkeyError("offer-invalid", "The offer must be an SDP that sends sound");
  }
  const opus = opusOf(audio);
  if (opus === undefined) {
    throw new LatchkeyError("codec-unknown", "Sound is taken as Opus, and the offer has none", {
      status: 406,
    });
  }
  return { sdp: lines.join("\r\n"), audio: section("audio", audio, Number(opus)) };
}

function sectionsOf(sdp: string): { lines: string[]; video: string | undefined; audio: string | undefined } {
  const lines = sdp.split(/\r?\n/).filter((line) => !/^a=candidate:.* [\w-]+\.local /.test(line));
  const sections = lines[0]?.startsWith("v=0") ? lines.join("\n").split(/\n(?=m=)/).slice(1) : [];
  return {
    lines,
    video: sections.find((section) => section.startsWith("m=video ")),
    audio: sections.find((section) => section.startsWith("m=audio ")),
  };
}

function opusOf(section: string | undefined): string | undefined {
  return section === undefined ? undefined : /^a=rtpmap:(\d+) opus\/48000/im.exec(section)?.[1];
}

/** In packets that may hold parts of a picture; of the profiles offered the plainest, which is what is sent. */
function h264Of(section: string): string | undefined {
  const known = [...section.matchAll(/^a=rtpmap:(\d+) H264\/90000/gim)].map(([, type = ""]) => {
    const parameters = new RegExp(`^a=fmtp:${type} (.*)$`, "m").exec(section)?.[1] ?? "";
    return { type, parameters };
  }).filter(({ parameters }) => /(^|;)\s*packetization-mode=1/.test(parameters));
  const plain = known.find(({ parameters }) => /profile-level-id=42e0/i.test(parameters)) ??
    known.find(({ parameters }) => /profile-level-id=42/i.test(parameters));
  return (plain ?? known[0])?.type;
}

function section(kind: Section["kind"], text: string, payloadType: number): Section {
  const mid = /^a=mid:(\S{1,32})$/m.exec(text)?.[1];
  if (mid === undefined) {
    throw new LatchkeyError("offer-invalid", `The offer must name its part for ${kind} by a=mid`);
  }
  const extension = [...text.matchAll(/^a=extmap:(\d{1,3})(?:\/\w+)? (\S+)/gm)]
    .find(([, , uri]) => uri === PLAYOUT_DELAY)?.[1];
  return {
    kind,
    mid,
    payloadType,
    playoutDelayId: extension === undefined ? undefined : Number(extension),
  };
}
