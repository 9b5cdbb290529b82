import { definePlugin, defineService } from "latchkey";

export interface Echo {
  say(text: string): Promise<string>;
}

/** The least that a plugin can do: what is measured is the way to it. */
export default definePlugin({
  id: "echo",
  api: 1,
  setup(ctx) {
    ctx.provide(defineService<Echo>("echo"), { say: (text) => Promise.resolve(text) });
  },
});
