import { definePlugin, pagesPoint } from "../../core/mod.ts";
import { simulationService } from "../../drivers/sim/keys.ts";
import { simulatorRoutes } from "./routes.ts";

export default definePlugin({
  id: "simulator",
  api: 1,
  title: "Simulated panel",
  uses: [simulationService],
  setup(ctx) {
    ctx.routes(simulatorRoutes(ctx.use(simulationService)));
    ctx.contribute(pagesPoint, { path: "/simulator", file: "simulator.html", title: "Simulated panel" });
  },
});
