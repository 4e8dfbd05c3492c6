import { preset } from '@cellstate/vitest-preset';
import { mergeConfig } from 'vitest/config';

export default mergeConfig(preset({ testTimeout: 180_000 }), { test: { globalSetup: './src/pack-tarballs.ts', maxWorkers: 2 } });
