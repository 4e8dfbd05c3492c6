import { type OptionSubject, testOptions } from '@cellstate/testing';
import { afterAll } from 'vitest';
import { hasRelaxedSimd } from '../src/cpu/simd/simd-engine.ts';
import * as doors from '../src/index.ts';

afterAll(async () => void (await doors.useBackend('cpu')));

const make: OptionSubject['make'] = (options) => doors.useBackend('cpu', options);

testOptions(doors, {
  subjects: {
    useBackend: {
      make,
      observe: async (options) => JSON.stringify(await make(options)),
      changes: () => ({ fused: false, simd: false, relaxed: !hasRelaxedSimd(), threads: 2 }),
    },
  },
  without: [],
});
