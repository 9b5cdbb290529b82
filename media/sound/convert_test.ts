import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { systemClock } from "../../core/clock.ts";
import { VirtualClock } from "../../core/testing/virtual_clock.ts";
import { startTool } from "../ffmpeg/tool.ts";
import { FakeTool } from "../testing/fake_tool.ts";
import { findFfmpeg } from "../testing/tools.ts";
import { convertSound } from "./convert.ts";
import { OggWriter } from "./ogg_writer.ts";
import { SILENCE } from "./opus.ts";

const unknown = { code: "sound-unknown", status: 422 };

Deno.test("of a file that takes too long nothing is kept, also not its beginning", async () => {
  const clock = new VirtualClock();
  let tool: FakeTool | undefined;
  const made = convertSound(Buffer.from("long"), clock, (command, takesInput) => {
    return tool = new FakeTool(command, takesInput);
  });
  const refused = assert.rejects(made, { ...unknown, message: /takes more than 8 s/ });
  const writer = new OggWriter();
  tool!.output.write(Buffer.concat([writer.head(), writer.packet(SILENCE)]));
  await clock.advance(8_000);
  await refused;
  assert.deepEqual([tool!.killed, clock.pending], [true, 0]);
});

Deno.test({
  name: "a file that names others, or holds no sound, is refused: it could lead anywhere",
  ignore: findFfmpeg() === undefined,
  async fn() {
    const files = {
      playlist: "#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
      list: "ffconcat version 1.0\nfile '/etc/passwd'\n",
      session: "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n",
      drawing: '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
      text: "nothing to hear",
      nothing: "",
    };
    for (const [name, text] of Object.entries(files)) {
      await assert.rejects(convertSound(Buffer.from(text), systemClock, startTool), unknown, name);
    }
  },
});
