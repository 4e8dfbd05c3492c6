import { useBackend } from '@cellstate/backends';
import { afterAll, describe, expect, test } from 'vitest';
import { bidirectional, dense, gru, gruCell, lstm, rnn, sequential, simpleRnn } from '../../src/index.ts';

const build = () =>
  sequential([
    lstm({ units: 2, returnSequences: true, inputShape: [null, 3] }),
    gru({ units: 2, returnSequences: true, dropout: 0.5, recurrentDropout: 0.5 }),
    gru({ units: 2, returnSequences: true, resetAfter: false, goBackwards: true }),
    gru({ units: 2, returnSequences: true, recurrentActivation: 'hardSigmoid' }),
    simpleRnn({ units: 2, returnSequences: true, useBias: false, stateful: true }),
    simpleRnn({ units: 2, returnSequences: true, activation: 'relu' }),
    rnn({ cell: gruCell({ units: 2 }), returnSequences: true }),
    bidirectional({ layer: gru({ units: 2 }) }),
    dense({ units: 1 }),
  ]);

/** The last column of each layer's row. */
function paths(): string[] {
  const model = build();
  const rows = model.summary().split('\n').slice(4, -2);
  model.dispose();
  return rows.map((row) => /(fused|reference)$/.exec(row)?.[0] ?? '');
}

describe('the summary says which way each layer goes', () => {
  afterAll(async () => void (await useBackend('cpu', { fused: false })));

  test('with fused kernels: by the activations alone', async () => {
    await useBackend('cpu');
    expect(paths()).toEqual(['fused', 'fused', 'fused', 'reference', 'fused', 'reference', 'fused', 'fused', '']);
  });

  test('without: the reference', async () => {
    await useBackend('cpu', { fused: false });
    expect(paths()).toEqual([...Array.from({ length: 8 }, () => 'reference'), '']);
  });
});
