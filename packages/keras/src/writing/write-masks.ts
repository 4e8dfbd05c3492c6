import { CellstateError } from '@cellstate/core';
import type { JsonObject } from '../config/json.ts';

/** What a call is given for an input, as a configuration has it: the input's own mask, none, or a tensor. */
export type WrittenMask<Tensor> = 'own' | null | Tensor;

export interface MaskedCall<Tensor> {
  readonly className: string;
  readonly inputs: number;
  readonly masks: readonly WrittenMask<Tensor>[];
}

const BY_NAME = ['query_mask', 'value_mask', 'key_mask'];

/**
 * The arguments that give a call its masks. Keras takes a list only as a whole, of tensors or of nothing, and only attention takes one that says
 * there is none; for other layers null means that the mask comes with the input.
 *
 * @throws CellstateError `NOT_SERIALIZABLE` for masks that Keras has no words for.
 */
export function writeMasks<Tensor>(
  { className, inputs, masks }: MaskedCall<Tensor>,
  { where, tensor }: { readonly where: string; readonly tensor: (origin: Tensor) => JsonObject },
): JsonObject {
  if (masks.every((mask) => mask === 'own')) return {};
  const tensors = masks.filter((mask): mask is Tensor => mask !== 'own' && mask !== null);
  if (className === 'MultiHeadAttention' && !masks.includes(null)) {
    const given = masks.flatMap((mask, i) => (mask === 'own' ? [] : [[BY_NAME[i] as string, tensor(mask as Tensor)] as const]));
    return Object.fromEntries(given);
  }
  const attention = className === 'Attention' || className === 'AdditiveAttention';
  if (attention && masks.length === inputs && tensors.length === 0 && !masks.includes('own')) return { mask: masks.map(() => null) };
  if (tensors.length === inputs && masks.length === inputs && !MERGES.includes(className) && className !== 'MultiHeadAttention')
    return { mask: inputs === 1 && !attention ? tensor(tensors[0] as Tensor) : tensors.map(tensor) };
  throw new CellstateError('NOT_SERIALIZABLE', 'A Keras file has no words for the masks of a call.', {
    expected: 'a tensor for each input, or for attention null for each',
    received: masks.map((mask) => (mask === null ? 'null' : mask === 'own' ? 'undefined' : 'a tensor')).join(', '),
    where,
    hint: 'permute({ dims: [1, 2] }) takes the mask off a sequence and changes nothing else.',
  });
}

/** Layers whose call takes no mask in Keras. */
const MERGES = ['Add', 'Subtract', 'Multiply', 'Average', 'Maximum', 'Minimum', 'Concatenate', 'Dot'];
