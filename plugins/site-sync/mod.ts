import {
  accessService,
  cardSharingService,
  credentialService,
  definePlugin,
  panelService,
} from "../../core/mod.ts";
import { brokerChanged, brokerService } from "../mqtt/keys.ts";
import { siteRoutes } from "./routes.ts";
import { SiteDesk } from "./site_desk.ts";
import { SiteState } from "./state.ts";

/** What has no answer is said again after this time, ms. */
const REPEAT_MS = 15_000;

export default definePlugin({
  id: "site-sync",
  api: 1,
  title: "Several panels",
  uses: [accessService, brokerService, cardSharingService, credentialService, panelService],
  async setup(ctx) {
    const { id, name } = await ctx.use(panelService).describe();
    const state = await SiteState.open(ctx.store);
    const desk = new SiteDesk({
      ctx,
      access: ctx.use(accessService),
      credentials: ctx.use(credentialService),
      sharing: ctx.use(cardSharingService),
      broker: ctx.use(brokerService),
      state,
      panel: { id, name },
    });
    ctx.routes(siteRoutes(desk));
    ctx.on(brokerChanged, ({ up }) => desk.brokerChanged(up));
    ctx.every(REPEAT_MS, () => desk.repeat());
    await desk.start();
  },
});
