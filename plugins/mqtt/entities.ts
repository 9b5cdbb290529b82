import type { Json, Part, PartValue } from "../../core/mod.ts";
import { TAKE_PICTURE, type Topics } from "./topics.ts";

/** One entity of Home Assistant's, as its MQTT discovery takes it; `p` says which kind. */
export type Entity = { p: string; [key: string]: Json };
/** By an id that is the entity's own within the device. */
export type Entities = Record<string, Entity>;

/**
 * When the command was sent is part of it: one that was kept on the way, by a broker or by the sender's own queue, is
 * too old when it comes.
 */
const TIMED_COMMAND = '{"command":"{{ value }}","at":{{ now().timestamp() }}}';
/** An old ring is no reason to go to the door. */
const PROMPT_EVENT = "{{ '' if value_json.late else value }}";

const EVENT_CLASS = { bell: "doorbell", button: "button", motion: "motion" } as const;

export interface EntityOptions {
  mayRelease(accessPoint: string): boolean;
  /** Whether what parts see is told. */
  pictures: boolean;
}

/** What a part is in Home Assistant, by its kind and by what its values and events mean. */
export function entitiesOf(
  part: Part,
  topics: Topics,
  { mayRelease, pictures }: EntityOptions,
): Entities {
  return {
    ...ofKind(part, topics, mayRelease),
    ...(pictures ? ofPicture(part, topics) : {}),
    ...ofEvents(part, topics),
    ...ofValues(part, topics),
  };
}

function ofKind({ id, kind, name }: Part, topics: Topics, mayRelease: (id: string) => boolean): Entities {
  const state_topic = topics.state(id);
  switch (kind) {
    case "lock":
      return {
        [id]: {
          p: "lock",
          name,
          state_topic,
          value_template: "{{ 'UNLOCKED' if value_json['released'] else 'LOCKED' }}",
          command_topic: topics.release(id),
          command_template: TIMED_COMMAND,
        },
      };
    case "gate":
      return {
        [id]: {
          p: "button",
          name,
          command_topic: topics.release(id),
          command_template: TIMED_COMMAND,
          enabled_by_default: mayRelease(id),
        },
        [`${id}-released`]: {
          p: "binary_sensor",
          name: `${name} released`,
          state_topic,
          value_template: flag("released"),
        },
      };
    case "light":
      return {
        [id]: {
          p: "light",
          schema: "template",
          name,
          state_topic,
          state_template: "{{ 'on' if value_json['on'] else 'off' }}",
          brightness_template: "{{ (value_json['level'] * 255) | round(0) | int }}",
          command_topic: topics.command(id, "set"),
          command_on_template:
            '{"mode":"on"{% if brightness is defined %},"level":{{ [brightness / 255, 0.01] | max | round(3) }}{% endif %}}',
          command_off_template: '{"mode":"off"}',
        },
      };
    case "button":
      return { [id]: { p: "button", name, command_topic: topics.command(id, "press"), payload_press: "{}" } };
    // They are what their picture, values and events are.
    case "camera":
    case "sensor":
    case "event":
      return {};
  }
}

function ofPicture({ id, name, picture }: Part, topics: Topics): Entities {
  if (!picture) return {};
  return {
    [`${id}-picture`]: { p: "image", name, image_topic: topics.picture(id), content_type: "image/jpeg" },
    [`${id}-take-picture`]: {
      p: "button",
      name: `${name} new picture`,
      command_topic: topics.command(id, TAKE_PICTURE),
      payload_press: "{}",
    },
  };
}

function ofEvents({ id, name, events }: Part, topics: Topics): Entities {
  if (!events) return {};
  const device_class = events.meaning && EVENT_CLASS[events.meaning];
  return {
    [`${id}-event`]: {
      p: "event",
      name,
      ...(device_class === undefined ? {} : { device_class }),
      event_types: [...events.types],
      state_topic: topics.event(id),
      value_template: PROMPT_EVENT,
    },
  };
}

function ofValues({ id, values = {} }: Part, topics: Topics): Entities {
  return Object.fromEntries(
    Object.entries(values).map(([field, value]) => {
      const common = { name: value.name, state_topic: topics.state(id) };
      const command = "command" in value ? value.command : undefined;
      const entity = command === undefined
        ? shown(field, value)
        : { ...driven(field, value), command_topic: topics.command(id, command) };
      return [`${id}-${field}`, { ...common, ...entity }];
    }),
  );
}

function shown(field: string, value: PartValue): Entity {
  switch (value.type) {
    case "flag": {
      const { meaning } = value;
      return {
        p: "binary_sensor",
        value_template: flag(field),
        ...(meaning === undefined ? {} : { device_class: meaning }),
      };
    }
    case "choice":
      return { p: "sensor", device_class: "enum", options: [...value.options], value_template: plain(field) };
    case "number":
      return {
        p: "sensor",
        value_template: plain(field),
        ...(value.unit === undefined ? {} : { unit_of_measurement: value.unit }),
      };
    case "instant":
      return { p: "sensor", device_class: "timestamp", value_template: instant(field) };
    case "text":
      return { p: "sensor", value_template: plain(field) };
  }
}

function driven(field: string, value: PartValue): Entity {
  switch (value.type) {
    case "flag":
      return {
        p: "switch",
        value_template: flag(field),
        state_on: "ON",
        state_off: "OFF",
        payload_on: `{"${field}":true}`,
        payload_off: `{"${field}":false}`,
      };
    case "choice":
      return {
        p: "select",
        value_template: plain(field),
        options: [...value.options],
        command_template: `{"${field}":"{{ value }}"}`,
      };
    case "number":
      return {
        p: "number",
        value_template: plain(field),
        min: value.min,
        max: value.max,
        step: (value.max - value.min) / 100,
        command_template: `{"${field}":{{ value }}}`,
        ...(value.unit === undefined ? {} : { unit_of_measurement: value.unit }),
      };
    case "instant":
    case "text":
      return shown(field, value);
  }
}

/** "None" is what Home Assistant takes for a value that is not known. */
function unlessNone(field: string, then: string): string {
  return `{{ 'None' if value_json['${field}'] is none else ${then} }}`;
}

const plain = (field: string) => unlessNone(field, `value_json['${field}']`);
const flag = (field: string) => unlessNone(field, `('ON' if value_json['${field}'] else 'OFF')`);
const instant = (field: string) =>
  unlessNone(field, `((value_json['${field}'] / 1000) | timestamp_custom('%Y-%m-%dT%H:%M:%S+00:00', false))`);

/** What the panel itself tells, beside its parts. */
export function panelEntities(topics: Topics, { holders }: { holders: boolean }): Entities {
  const diagnostic = (field: string, entity: Entity): Entity => ({
    state_topic: topics.panel("diagnostics"),
    value_template: plain(field),
    entity_category: "diagnostic",
    ...entity,
  });
  return {
    call: {
      p: "sensor",
      name: "Call",
      device_class: "enum",
      options: ["none", "ringing", "answered"],
      state_topic: topics.panel("call"),
      value_template: plain("state"),
    },
    access: {
      p: "event",
      name: "Access",
      event_types: ["released", "already-released", "denied", "failed", "began", "ended"],
      state_topic: topics.log("access"),
    },
    alarm: {
      p: "event",
      name: "Alarm",
      event_types: ["raised", "cleared"],
      state_topic: topics.log("alarms"),
    },
    ...(holders
      ? {
        badge: {
          p: "sensor",
          name: "Last badge",
          state_topic: topics.panel("badge"),
          value_template: plain("holder"),
        },
      }
      : {}),
    clock: diagnostic("clockTrusted", {
      p: "binary_sensor",
      name: "Clock",
      device_class: "problem",
      value_template: unlessNone("clockTrusted", "('OFF' if value_json['clockTrusted'] else 'ON')"),
    }),
    started: diagnostic("startedAt", {
      p: "sensor",
      name: "Started",
      device_class: "timestamp",
      value_template: instant("startedAt"),
    }),
    version: diagnostic("version", { p: "sensor", name: "Version" }),
    lost: diagnostic("eventsLost", {
      p: "sensor",
      name: "Events lost",
      state_class: "total_increasing",
    }),
  };
}
