import { definePlugin, pagesPoint } from "../../core/mod.ts";
import { simulationService } from "../../drivers/sim/keys.ts";
import { mediaService } from "../../media/keys.ts";
import { simulatorRoutes } from "./routes.ts";
import { soundRoutes } from "./sound.ts";

export default definePlugin({
  id: "simulator",
  api: 1,
  title: "Simulated panel",
  uses: [simulationService, mediaService],
  setup(ctx) {
    ctx.routes([
      ...simulatorRoutes(ctx.use(simulationService)),
      ...soundRoutes(ctx, ctx.use(mediaService)),
    ]);
    ctx.contribute(pagesPoint, { path: "/simulator", file: "simulator.html", title: "Simulated panel" });
  },
});
