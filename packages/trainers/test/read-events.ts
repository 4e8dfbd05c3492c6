import { expect } from 'vitest';

export interface ReadEvent {
  readonly step: number;
  readonly values: readonly { readonly tag: string; readonly plugin: string; readonly numbers: number[] }[];
}

type Fields = Map<number, (Buffer | bigint)[]>;

/** Reads an event file by the documents of its formats, sharing no code with what wrote it; checks every checksum. */
export function readEvents(bytes: Buffer): ReadEvent[] {
  const events: Fields[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    expect(bytes.readUInt32LE(at + 8)).toBe(maskedChecksum(bytes.subarray(at, at + 8)));
    const event = bytes.subarray(at + 12, at + 12 + length);
    expect(bytes.readUInt32LE(at + 12 + length)).toBe(maskedChecksum(event));
    events.push(fieldsOf(event));
    at += 16 + length;
  }
  const [first, ...rest] = events;
  expect(String(first.get(3)?.[0])).toBe('brain.Event:2');
  return rest.map((event) => ({
    step: Number((event.get(2)?.[0] as bigint | undefined) ?? 0n),
    values: (fieldsOf(event.get(5)?.[0] as Buffer).get(1) ?? []).map((value) => readValue(fieldsOf(value as Buffer))),
  }));
}

function readValue(value: Fields): ReadEvent['values'][number] {
  const tensor = fieldsOf(value.get(8)?.[0] as Buffer);
  const content = (tensor.get(4)?.[0] as Buffer | undefined) ?? Buffer.alloc(0);
  const isFloat = tensor.get(1)?.[0] === 1n;
  const numbers = Array.from({ length: content.length / (isFloat ? 4 : 8) }, (_, i) =>
    isFloat ? content.readFloatLE(i * 4) : content.readDoubleLE(i * 8),
  );
  const shape = (fieldsOf(tensor.get(2)?.[0] as Buffer).get(2) ?? []).map((dim) => Number(fieldsOf(dim as Buffer).get(1)?.[0] ?? 0n));
  expect(shape.reduce((product, size) => product * size, 1)).toBe(numbers.length);
  const plugin = fieldsOf(fieldsOf(value.get(9)?.[0] as Buffer).get(1)?.[0] as Buffer).get(1)?.[0];
  return { tag: String(value.get(1)?.[0]), plugin: String(plugin), numbers };
}

/** The fields of a protobuf message: varints as bigint, all else as bytes. */
function fieldsOf(message: Buffer): Fields {
  const fields: Fields = new Map();
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number) => {
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = Number(varint());
    const kind = key & 7;
    const value = kind === 0 ? varint() : kind === 1 ? take(8) : kind === 5 ? take(4) : take(Number(varint()));
    fields.set(key >> 3, [...(fields.get(key >> 3) ?? []), value]);
  }
  return fields;
}

/** CRC-32C bit by bit, then masked. */
function maskedChecksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
