import type { PluginManifest } from "../../core/isolate/manifest.ts";

/** What a plugin wants, in plain words, a line each; empty where it wants nothing. */
export function plainWants({ wants }: PluginManifest): string[] {
  const { release, denials, services, events, parts, hostNames, anyone, net, memoryMb } = wants;
  return [
    ...release.map((point) => `may open "${point}", in its own name`),
    ...(denials ? ["may refuse that something is opened, but for the button inside"] : []),
    ...services.map((want) => `may ask the panel: ${want}`),
    ...events.map((name) => `hears when this happens: ${name}`),
    ...(parts === "none" ? [] : ["sees the state of everything at the door"]),
    ...(parts === "control" ? ["may switch lights and whatever else can be told what to do"] : []),
    ...(hostNames ? ["may give the panel further names on the network"] : []),
    ...(anyone ? ["answers requests of anyone who reaches the panel"] : []),
    ...net.map((host) => `may reach ${host}`),
    ...(memoryMb > 64 ? [`may use ${memoryMb} MB of memory`] : []),
  ];
}
