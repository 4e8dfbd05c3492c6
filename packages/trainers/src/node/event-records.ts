import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import crc32c from 'crc-32/crc32c.js';
import type { SummaryValue } from '../callbacks/summary-value.ts';

/*
 * The records of TensorBoard's event files. A record is its length (uint64), the length's checksum, the bytes of an `Event`, and their
 * checksum; checksums are CRC-32C, rotated and shifted by a constant as TensorFlow's record format masks them. Field numbers are those of
 * tensorflow/core/util/event.proto and tensorflow/core/framework/{summary,tensor,tensor_shape}.proto.
 */
const CRC_MASK = 0xa282ead8;
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5 } as const;
const SUMMARY = { value: 1 } as const;
const VALUE = { tag: 1, tensor: 8, metadata: 9 } as const;
const METADATA = { pluginData: 1, dataClass: 4 } as const;
const PLUGIN_DATA = { pluginName: 1 } as const;
const TENSOR = { dtype: 1, shape: 2, content: 4 } as const;
const SHAPE = { dim: 2 } as const;
const DIM = { size: 1 } as const;
const DT_FLOAT = 1;
const DT_DOUBLE = 2;

/** The first record of a file, which says what it is. */
export function versionRecord(seconds: number): Uint8Array {
  return record(
    new BinaryWriter()
      .tag(EVENT.wallTime, WireType.Bit64)
      .double(seconds)
      .tag(EVENT.fileVersion, WireType.LengthDelimited)
      .string('brain.Event:2')
      .finish(),
  );
}

/** A record with values of one step. */
export function summaryRecord(values: readonly SummaryValue[], { step, seconds }: { step: number; seconds: number }): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(EVENT.wallTime, WireType.Bit64).double(seconds);
  writer.tag(EVENT.step, WireType.Varint).int64(step);
  writer.tag(EVENT.summary, WireType.LengthDelimited).fork();
  for (const { tag, plugin, shape, values: numbers } of values) {
    writer.tag(SUMMARY.value, WireType.LengthDelimited).fork();
    writer.tag(VALUE.tag, WireType.LengthDelimited).string(tag);
    writeTensor(writer, { shape, values: numbers });
    writer.tag(VALUE.metadata, WireType.LengthDelimited).fork();
    writer.tag(METADATA.pluginData, WireType.LengthDelimited).fork();
    writer.tag(PLUGIN_DATA.pluginName, WireType.LengthDelimited).string(plugin.name).join();
    writer.tag(METADATA.dataClass, WireType.Varint).int32(plugin.dataClass).join();
    writer.join();
  }
  writer.join();
  return record(writer.finish());
}

function writeTensor(writer: BinaryWriter, { shape, values }: { shape: readonly number[]; values: Float32Array | Float64Array }): void {
  writer.tag(VALUE.tensor, WireType.LengthDelimited).fork();
  writer.tag(TENSOR.dtype, WireType.Varint).int32(values instanceof Float32Array ? DT_FLOAT : DT_DOUBLE);
  writer.tag(TENSOR.shape, WireType.LengthDelimited).fork();
  for (const size of shape) writer.tag(SHAPE.dim, WireType.LengthDelimited).fork().tag(DIM.size, WireType.Varint).int64(size).join();
  writer.join();
  writer.tag(TENSOR.content, WireType.LengthDelimited).bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  writer.join();
}

function record(event: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + event.length + 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, event.length, true);
  view.setUint32(8, masked(bytes.subarray(0, 8)), true);
  bytes.set(event, 12);
  view.setUint32(12 + event.length, masked(event), true);
  return bytes;
}

function masked(bytes: Uint8Array): number {
  const crc = crc32c.buf(bytes) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + CRC_MASK) >>> 0;
}
