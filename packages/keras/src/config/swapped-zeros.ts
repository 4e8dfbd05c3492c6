import { type JsonObject, own } from './json.ts';

/**
 * Whether a recurrent layer is one whose masked steps Keras sets to zero in the order of the input, where the outputs are in the order
 * computed: unrolled, backwards, with zeros. Rolled up it is the layer that was meant.
 */
export function swapsZeros(config: JsonObject): boolean {
  return ['unroll', 'go_backwards', 'zero_output_for_mask'].every((key) => own(config, key) === true);
}
