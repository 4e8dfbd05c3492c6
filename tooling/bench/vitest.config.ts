import { preset } from '@cellstate/vitest-preset';

export default preset();
