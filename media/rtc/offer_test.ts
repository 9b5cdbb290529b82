import assert from "node:assert/strict";
import { readOffer } from "./offer.ts";

/** As Chromium writes it, shortened. */
function offer(change: (lines: string[]) => string[] = (lines) => lines): string {
  return change([
    "v=0",
    "o=- 1 2 IN IP4 127.0.0.1",
    "s=-",
    "t=0 0",
    "a=group:BUNDLE 0 1",
    "m=video 9 UDP/TLS/RTP/SAVPF 96 102 103 108",
    "a=candidate:1 1 udp 2113937151 0f3c7d6e-2b5c-4a52-9c57-8d1f3f0a7a11.local 50000 typ host generation 0",
    "a=candidate:2 1 udp 2113937151 192.168.1.20 50001 typ host generation 0",
    "a=mid:0",
    "a=extmap:4 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    "a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
    "a=recvonly",
    "a=rtpmap:96 VP8/90000",
    "a=rtpmap:102 H264/90000",
    "a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=64001f",
    "a=rtpmap:103 H264/90000",
    "a=fmtp:103 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f",
    "a=rtpmap:108 H264/90000",
    "a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
    "m=audio 9 UDP/TLS/RTP/SAVPF 111",
    "a=mid:1",
    "a=rtpmap:111 opus/48000/2",
  ]).join("\r\n");
}

Deno.test("an offer is answered with the plain profile, in packets that may hold parts of a picture", () => {
  const { video, audio } = readOffer(offer());
  assert.deepEqual(video, { kind: "video", mid: "0", payloadType: 108, playoutDelayId: 5 });
  assert.deepEqual(audio, { kind: "audio", mid: "1", payloadType: 111, playoutDelayId: undefined });
});

Deno.test("without the plain profile another one is taken; without H.264 there is nothing to send", () => {
  const without = (pattern: RegExp) => offer((lines) => lines.filter((line) => !pattern.test(line)));
  assert.equal(readOffer(without(/:108 /)).video.payloadType, 102);
  assert.throws(() => readOffer(without(/packetization-mode=1/)), { code: "codec-unknown", status: 406 });
});

Deno.test("an offer without sound, or without Opus, is answered with video alone", () => {
  const silent = offer((lines) => lines.slice(0, lines.findIndex((line) => line.startsWith("m=audio"))));
  assert.equal(readOffer(silent).audio, undefined);
  assert.equal(readOffer(offer((lines) => lines.filter((line) => !line.includes("opus")))).audio, undefined);
});

Deno.test("names that only the browser's machine knows are not looked up", () => {
  const { sdp } = readOffer(offer());
  assert.doesNotMatch(sdp, /\.local /);
  assert.match(sdp, /192\.168\.1\.20/);
});

Deno.test("what is no offer of video is refused", () => {
  const broken = [
    "",
    "v=0",
    "hello",
    offer().replace("m=video", "m=text"),
    offer().replace("a=mid:0\r\n", ""),
    offer().slice(4),
  ];
  for (const sdp of broken) assert.throws(() => readOffer(sdp), { code: "offer-invalid", status: 400 });
});
