import { preset } from '@cellstate/vitest-preset';

export default preset({ setupFiles: ['@cellstate/testing/setup'] });
