import type { SequenceKernelAttributes } from '@cellstate/ops';
import type { Arena } from './arena.ts';
import { SEQUENCE_FIELDS, type SequenceField } from './sequence-fields.ts';
import type { SequenceKind } from './sequence-kind.ts';
import { createLayout, layOutSteps, type SequenceSizes, type SequenceValues } from './sequence-memory.ts';

const PLACES = Object.fromEntries(SEQUENCE_FIELDS.map((field, place) => [field, place])) as Readonly<Record<SequenceField, number>>;

/** What a field counts from: nothing, or where the block lies that is kept for the backward pass, or that of this pass alone. */
export type FieldBase = 'zero' | 'kept' | 'room';
const BASES: readonly FieldBase[] = ['zero', 'kept', 'room'];

/** The fields of a sequence before its blocks have addresses. */
export interface PlannedFields {
  readonly values: Int32Array;
  /** The place of each field's base in `BASES`. */
  readonly bases: Uint8Array;
}

/** Fields that are all 0, or a copy of others. */
export function planFields(others?: PlannedFields): PlannedFields {
  if (others !== undefined) return { values: others.values.slice(), bases: others.bases.slice() };
  return { values: new Int32Array(SEQUENCE_FIELDS.length), bases: new Uint8Array(SEQUENCE_FIELDS.length) };
}

/** Sets some of the fields. */
export function setFields({ values, bases }: PlannedFields, given: SequenceValues, base: FieldBase = 'zero'): void {
  for (const field in given) {
    const value = given[field as SequenceField];
    if (value === undefined) continue;
    const place = PLACES[field as SequenceField];
    values[place] = value;
    bases[place] = BASES.indexOf(base);
  }
}

/** Writes all fields at an address, a multiple of four. */
export function writeFields(
  { integers }: Arena,
  { values, bases }: PlannedFields,
  { at, kept, room }: { readonly at: number; readonly kept: number; readonly room: number },
): void {
  const start = at >> 2;
  for (let place = 0; place < values.length; place++) {
    const base = bases[place];
    integers[start + place] = values[place] + (base === 0 ? 0 : base === 1 ? kept : room);
  }
}

/** The fields that both passes have, and the bytes of what the backward pass finds of the forward pass. */
export function planSequence(
  kind: SequenceKind,
  sizes: SequenceSizes,
  attrs: SequenceKernelAttributes,
): { readonly fields: PlannedFields; readonly kept: number } {
  const layout = createLayout();
  const steps = layOutSteps(layout, kind, { sizes, flags: attrs });
  const fields = planFields();
  setFields(fields, { batch: sizes.batch, time: sizes.time, features: sizes.features, units: sizes.units });
  setFields(fields, { kind: kind.number, parts: kind.parts });
  setFields(fields, { goBackwards: Number(attrs.goBackwards), zeroOutputForMask: Number(attrs.zeroOutputForMask) });
  setFields(fields, steps.strides);
  setFields(fields, steps.places, 'kept');
  return { fields, kept: layout.size };
}

/** Plans that are kept for calls which come again with the same attributes and sizes, as those of `arraySequence` do. */
export function planKeeper<Plan>(): (
  attrs: SequenceKernelAttributes,
  of: { readonly kind: SequenceKind; readonly sizes: SequenceSizes; readonly blocks: number },
  make: () => Plan,
) => Plan {
  const plans = new WeakMap<
    SequenceKernelAttributes,
    { readonly kind: SequenceKind; readonly sizes: SequenceSizes; readonly blocks: number; readonly plan: Plan }
  >();
  return (attrs, { kind, sizes, blocks }, make) => {
    const known = plans.get(attrs);
    if (known !== undefined && known.kind === kind && known.blocks === blocks && sameSizes(known.sizes, sizes)) return known.plan;
    const plan = make();
    plans.set(attrs, { kind, sizes, blocks, plan });
    return plan;
  };
}

function sameSizes(a: SequenceSizes, b: SequenceSizes): boolean {
  return a.batch === b.batch && a.time === b.time && a.features === b.features && a.units === b.units;
}
