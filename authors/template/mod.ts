import { callChanged, definePlugin, partChanged, partsPoint } from "latchkey";
import { z } from "zod";

export default definePlugin({
  id: "my-plugin",
  api: 1,
  title: "My plugin",
  // The owner's settings: this schema checks them and makes the form for them.
  config: z.strictObject({
    name: z.string().trim().min(1).max(60).default("Rings").describe("What the household calls the counter"),
  }),
  async setup(ctx) {
    let rings = await ctx.store.get<number>("rings") ?? 0;

    ctx.on(callChanged, async ({ state }) => {
      if (state !== "ringing") return;
      rings++;
      ctx.emit(partChanged, { id: ctx.id, state: { rings } });
      await ctx.store.set("rings", rings);
    });

    // What pages and the systems of the house see of it.
    ctx.contribute(partsPoint, {
      id: ctx.id,
      kind: "sensor",
      name: ctx.config.name,
      state: () => ({ rings }),
      values: { rings: { type: "number", name: "Rings", min: 0, max: 1_000_000 } },
    });
  },
});
