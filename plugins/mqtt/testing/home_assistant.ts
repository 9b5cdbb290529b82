import assert from "node:assert/strict";

/**
 * What Home Assistant takes, as its documentation had it in 2026: the pages "MQTT" (device discovery payload) and "MQTT
 * lock", "button", "event", "image", "light" (template schema), "binary sensor", "sensor", "switch", "select" and "number" of
 * home-assistant.io, and for what has to be there the schemas in homeassistant/components/mqtt of home-assistant/core.
 */
interface Platform {
  /** Beside `platform`, and `unique_id`, which device discovery asks of each entity. */
  required: string[];
  /** Beside those that every entity may have. */
  allowed: string[];
  classes?: string[];
}

const EVERY_ENTITY = [
  "availability",
  "availability_mode",
  "availability_template",
  "availability_topic",
  "enabled_by_default",
  "encoding",
  "entity_category",
  "entity_picture",
  "icon",
  "json_attributes_template",
  "json_attributes_topic",
  "name",
  "payload_available",
  "payload_not_available",
  "qos",
  "unique_id",
];

const PLATFORMS: Record<string, Platform> = {
  lock: {
    required: ["command_topic"],
    allowed: [
      "code_format",
      "command_template",
      "optimistic",
      "payload_lock",
      "payload_open",
      "payload_reset",
      "payload_unlock",
      "retain",
      "state_jammed",
      "state_locked",
      "state_locking",
      "state_topic",
      "state_unlocked",
      "state_unlocking",
      "value_template",
    ],
  },
  button: {
    required: ["command_topic"],
    allowed: ["command_template", "device_class", "payload_press", "retain"],
    classes: ["identify", "restart", "update"],
  },
  event: {
    required: ["event_types", "state_topic"],
    allowed: ["device_class", "value_template"],
    classes: ["button", "doorbell", "motion"],
  },
  image: {
    required: [],
    allowed: ["content_type", "image_encoding", "image_topic", "url_template", "url_topic"],
  },
  light: {
    required: ["command_topic", "schema", "command_on_template", "command_off_template"],
    allowed: ["brightness_template", "optimistic", "retain", "state_template", "state_topic"],
  },
  binary_sensor: {
    required: ["state_topic"],
    allowed: [
      "device_class",
      "expire_after",
      "force_update",
      "off_delay",
      "payload_off",
      "payload_on",
      "value_template",
    ],
    classes: ["connectivity", "door", "problem", "running", "safety", "tamper"],
  },
  sensor: {
    required: ["state_topic"],
    allowed: [
      "device_class",
      "expire_after",
      "force_update",
      "last_reset_value_template",
      "options",
      "state_class",
      "suggested_display_precision",
      "unit_of_measurement",
      "value_template",
    ],
    classes: ["duration", "enum", "temperature", "timestamp"],
  },
  switch: {
    required: ["command_topic"],
    allowed: [
      "device_class",
      "optimistic",
      "payload_off",
      "payload_on",
      "retain",
      "state_off",
      "state_on",
      "state_topic",
      "value_template",
    ],
  },
  select: {
    required: ["command_topic", "options"],
    allowed: ["command_template", "optimistic", "retain", "state_topic", "value_template"],
  },
  number: {
    required: ["command_topic"],
    allowed: [
      "command_template",
      "device_class",
      "max",
      "min",
      "mode",
      "optimistic",
      "payload_reset",
      "retain",
      "state_topic",
      "step",
      "unit_of_measurement",
      "value_template",
    ],
  },
};

/** By their short names, of which some have a long one too. */
const ROOT = ["dev", "o", "cmps", "availability_topic", "state_topic", "command_topic", "qos", "encoding"];
const DEVICE = ["ids", "cns", "cu", "hw", "mdl", "mdl_id", "mf", "name", "sa", "sn", "sw"];
const ORIGIN = ["name", "sw", "url"];

export interface DiscoveryMessage {
  dev: { ids: string[]; name: string };
  cmps: Record<string, { p: string; [key: string]: unknown }>;
  [key: string]: unknown;
}

/** Fails where Home Assistant would refuse the message, or part of it, or would not know a key. */
export function assertDiscovery(message: DiscoveryMessage): void {
  assert.deepEqual(Object.keys(message).filter((key) => !ROOT.includes(key)), []);
  assert.deepEqual(Object.keys(message.dev).filter((key) => !DEVICE.includes(key)), []);
  assert.deepEqual(Object.keys(message["o"] as object).filter((key) => !ORIGIN.includes(key)), []);
  assert.ok(message.dev.ids.length > 0);
  assert.equal(typeof (message["o"] as { name: unknown }).name, "string");
  const uniqueIds = new Set<unknown>();
  for (const [key, entity] of Object.entries(message.cmps)) {
    if (Object.keys(entity).length === 1) continue;
    assertEntity(key, entity);
    assert.ok(!uniqueIds.has(entity["unique_id"]), `${key}: its unique_id is another's`);
    uniqueIds.add(entity["unique_id"]);
  }
}

function assertEntity(key: string, { p, ...entity }: DiscoveryMessage["cmps"][string]): void {
  const platform = PLATFORMS[p];
  assert.ok(platform, `${key}: there is no ${p}`);
  const { required, allowed, classes = [] } = platform;
  const known = [...EVERY_ENTITY, ...required, ...allowed];
  assert.deepEqual(Object.keys(entity).filter((name) => !known.includes(name)), [], `${key}: not known`);
  const missing = [...required, "unique_id"].filter((name) => entity[name] === undefined);
  assert.deepEqual(missing, [], `${key}: missing`);
  assert.match(key, /^[a-zA-Z0-9_-]+$/);
  const { device_class, options, event_types, entity_category, qos, min, max, step, state_class } = entity;
  if (device_class !== undefined) {
    assert.ok(classes.includes(String(device_class)), `${key}: ${device_class}`);
  }
  assert.equal(qos, 1, key);
  // What is told of its own state is `diagnostic`; `config` is for what is set.
  if (entity_category !== undefined) assert.equal(entity_category, "diagnostic", key);
  if (p === "sensor") {
    assert.equal(options !== undefined, device_class === "enum", `${key}: options belong to enum`);
    assert.ok(!(options && (state_class || entity["unit_of_measurement"])), key);
  }
  // A doorbell that does not offer `ring` stops working in 2027.4.
  if (device_class === "doorbell") assert.ok((event_types as string[]).includes("ring"), key);
  if (p === "image") assertImage(key, entity);
  if (p === "number") assert.ok(Number(min) < Number(max) && Number(step) >= 0.001, key);
  for (const [name, value] of Object.entries(entity)) {
    if (name.endsWith("_topic")) assert.match(String(value), /^[^#+\s]+$/, `${key}.${name}`);
  }
}

/** Raw bytes unless `image_encoding` says otherwise. */
function assertImage(
  key: string,
  { image_topic, url_topic, content_type, image_encoding }: Record<string, unknown>,
): void {
  assert.ok((image_topic === undefined) !== (url_topic === undefined), `${key}: one topic`);
  assert.ok(image_topic !== undefined || content_type === undefined, `${key}: the type is the URL's own`);
  assert.ok(image_encoding === undefined || image_encoding === "b64", `${key}: ${image_encoding}`);
}
