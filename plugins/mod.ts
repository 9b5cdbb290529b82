import type { Plugin } from "../core/mod.ts";
import camera from "./camera/mod.ts";
import discovery from "./discovery/mod.ts";
import doorContact from "./door-contact/mod.ts";
import doorbell from "./doorbell/mod.ts";
import exitButton from "./exit-button/mod.ts";
import gate from "./gate/mod.ts";
import insideButton from "./inside-button/mod.ts";
import intercom from "./intercom/mod.ts";
import lock from "./lock/mod.ts";
import mqtt from "./mqtt/mod.ts";
import nameplateLight from "./nameplate-light/mod.ts";
import recorder from "./recorder/mod.ts";
import rfid from "./rfid/mod.ts";
import simulator from "./simulator/mod.ts";
import siteSync from "./site-sync/mod.ts";
import tamper from "./tamper/mod.ts";

/** The plugins of every panel, in the order of the health page. */
export const builtInPlugins: readonly Plugin[] = [
  doorbell,
  camera,
  intercom,
  lock,
  gate,
  rfid,
  nameplateLight,
  exitButton,
  insideButton,
  doorContact,
  tamper,
  recorder,
  discovery,
  siteSync,
  // Last, so that it is the first to stop: what the others take away then is not gone for good.
  mqtt,
];

/** What is there with the simulated board only. */
export const simulatorPlugins: readonly Plugin[] = [simulator];
