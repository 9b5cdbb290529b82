import { discoveryOn } from "./plugin.ts";

export default discoveryOn(async () => (await import("./udp.ts")).udpNetwork);
