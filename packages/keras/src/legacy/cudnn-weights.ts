import type { Layer } from '@cellstate/layers';
import type { Stored } from './legacy-weights.ts';

const GATES: Readonly<Record<string, number>> = { LSTM: 4, GRU: 3 };

/**
 * Weights of Keras 2's CuDNN layers as those of LSTM and GRU: each gate's matrix transposed within its own memory, the two biases of
 * an LSTM added, those of a GRU as two rows. Told by the length of the bias, which is twice that of the plain layer's. Others pass.
 */
export function fromCudnn({ className }: Layer<unknown>, stored: readonly Stored[]): readonly Stored[] {
  const gates = GATES[className];
  const [kernel, recurrent, bias] = stored;
  if (gates === undefined || kernel === undefined || recurrent === undefined || bias === undefined || stored.length > 3) return stored;
  const units = recurrent.shape[0] as number;
  if (bias.shape.length !== 1 || bias.shape[0] !== 2 * gates * units || recurrent.shape[1] !== gates * units) return stored;
  const added = bias.data.slice(0, gates * units).map((value, i) => value + (bias.data[gates * units + i] as number));
  return [
    relaid(kernel, gates),
    relaid(recurrent, gates),
    className === 'LSTM' ? { shape: [gates * units], data: added } : { shape: [2, gates * units], data: bias.data },
  ];
}

/** Each gate's `[rows, columns]` block, filled column by column with what is stored row by row. */
function relaid({ shape, data }: Stored, gates: number): Stored {
  const [rows, width] = shape as [number, number];
  const columns = width / gates;
  const next = new Float32Array(data.length);
  for (let gate = 0; gate < gates; gate++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const place = column * rows + row;
        const from = Math.floor(place / columns) * width + (place % columns);
        next[row * width + gate * columns + column] = data[from + gate * columns] as number;
      }
    }
  }
  return { shape, data: next };
}
