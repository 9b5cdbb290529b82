import { openLink } from "./link.ts";
import { bridge } from "./bridge.ts";

export default bridge(openLink);
