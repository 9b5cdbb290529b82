import type { Entities } from "./entities.ts";

/** What the device is, for Home Assistant. */
export interface Device {
  /** The panel's id. */
  id: string;
  name: string;
  version: string;
}

/** One message that tells Home Assistant of the device and all of its entities. */
export function discoveryMessage(device: Device, entities: Entities, statusTopic: string): string {
  const { id, name, version } = device;
  return JSON.stringify({
    dev: { ids: [`latchkey_${id}`], name, mf: "Latchkey", mdl: "Door panel", sw: version, sn: id },
    o: { name: "Latchkey", sw: version },
    availability_topic: statusTopic,
    cmps: Object.fromEntries(
      Object.entries(entities).map(([key, entity]) => [
        key,
        isNothing(entity)
          ? entity
          // Home Assistant puts the device's name before the entity's, and needs it only once.
          : {
            ...entity,
            name: entity["name"] === name ? null : entity["name"],
            unique_id: `latchkey_${id}_${key}`,
            qos: 1,
          },
      ]),
    ),
  });
}

/** An entity of which nothing but its kind is left is taken away. */
function isNothing(entity: object): boolean {
  return Object.keys(entity).length === 1;
}

export function discoveryTopic(prefix: string, id: string): string {
  return `${prefix}/device/${id}/config`;
}
