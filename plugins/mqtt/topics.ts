/** Where everything is told and heard, below one base. */
export interface Topics {
  /** `online` or `offline`, retained. */
  readonly status: string;
  /** Facts of the panel itself, retained. */
  panel(fact: "call" | "badge" | "diagnostics"): string;
  /** A part's state, retained. */
  state(part: string): string;
  /** What happens to a part. */
  event(part: string): string;
  /** What a part sees: a JPEG as it is. */
  picture(part: string): string;
  /** What the panel's logs say. */
  log(log: "access" | "alarms" | "calls"): string;
  command(part: string, command: string): string;
  release(accessPoint: string): string;
  /** What became of a command to a part or a release. */
  reply(subject: string): string;
  /** What to subscribe to for commands. */
  readonly commands: string;
  readonly releases: string;
  /** What a topic that was heard asks for. */
  wish(topic: string): Wish | undefined;
}

export type Wish = { kind: "release"; accessPoint: string } | {
  kind: "command";
  part: string;
  command: string;
};

/** The command that a part with a picture has beside its own. */
export const TAKE_PICTURE = "picture";

/** What parts, access points and commands are called. */
const NAME = /^[\w.-]{1,64}$/;

export function topicsUnder(base: string): Topics {
  return {
    status: `${base}/status`,
    panel: (fact) => `${base}/panel/${fact}`,
    state: (part) => `${base}/state/${part}`,
    event: (part) => `${base}/event/${part}`,
    picture: (part) => `${base}/picture/${part}`,
    log: (log) => `${base}/log/${log}`,
    command: (part, command) => `${base}/command/${part}/${command}`,
    release: (accessPoint) => `${base}/release/${accessPoint}`,
    reply: (subject) => `${base}/reply/${subject}`,
    commands: `${base}/command/+/+`,
    releases: `${base}/release/+`,
    wish(topic) {
      if (!topic.startsWith(`${base}/`)) return undefined;
      const [kind, subject, command, more] = topic.slice(base.length + 1).split("/");
      if (!subject || !NAME.test(subject) || more !== undefined) return undefined;
      if (kind === "release" && command === undefined) return { kind, accessPoint: subject };
      return kind === "command" && command && NAME.test(command)
        ? { kind, part: subject, command }
        : undefined;
    },
  };
}
