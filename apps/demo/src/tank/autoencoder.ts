import { dense, input, lstm, type Model, model, repeatVector } from '@cellstate/layers';

export interface Autoencoder {
  readonly encoder: Model;
  readonly decoder: Model;
  /** The decoder over the encoder; all three share their parameters. */
  readonly autoencoder: Model;
}

export interface AutoencoderOptions {
  readonly steps: number;
  readonly features: number;
  /** Numbers a sequence is squeezed into. */
  readonly code: number;
  readonly units: number;
  readonly seed: number;
}

/** A sequence goes through a few numbers and comes out again. */
export function autoencoderOf({ steps, features, code, units, seed }: AutoencoderOptions): Autoencoder {
  const x = input({ shape: [steps, features] });
  const encoder = model({ inputs: x, outputs: lstm({ units: code }).apply(x), name: 'encoder', seed });

  const numbers = input({ shape: [code] });
  const unfolded = lstm({ units, returnSequences: true }).apply(repeatVector({ n: steps }).apply(numbers));
  const decoder = model({ inputs: numbers, outputs: dense({ units: features }).apply(unfolded), name: 'decoder', seed });

  const whole = input({ shape: [steps, features] });
  const autoencoder = model({ inputs: whole, outputs: decoder.apply(encoder.apply(whole)), name: 'autoencoder', seed });
  return { encoder, decoder, autoencoder };
}
