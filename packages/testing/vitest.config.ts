import { preset } from '@cellstate/vitest-preset';

export default preset({ setupFiles: ['./src/setup.ts'] });
