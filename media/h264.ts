import { Buffer } from "node:buffer";

const LENGTH_BYTES = 4;

/**
 * The parameter sets of an AVCDecoderConfigurationRecord as they stand in a frame, each behind its length.
 * @throws {Error} where lengths are of other than four bytes, or it is cut off
 */
export function parameterSets(config: Buffer): Buffer {
  if (config.length < 7 || (config[4]! & 3) + 1 !== LENGTH_BYTES) {
    throw new Error("This H.264 can't be read: its lengths are not of four bytes");
  }
  const units: Buffer[] = [];
  let at = 5;
  for (const mask of [31, 255]) {
    if (at >= config.length) throw cutOff();
    const count = config[at++]! & mask;
    for (let i = 0; i < count; i++) {
      const end = at + 2 + (at + 2 <= config.length ? config.readUInt16BE(at) : 0);
      if (end <= at + 2 || end > config.length) throw cutOff();
      const unit = config.subarray(at + 2, end);
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt32BE(unit.length);
      units.push(length, unit);
      at = end;
    }
  }
  return Buffer.concat(units);
}

function cutOff(): Error {
  return new Error("This H.264 can't be read: its configuration is cut off");
}
