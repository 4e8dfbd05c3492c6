import { fileURLToPath } from 'node:url';
import { testRefusals } from '@cellstate/testing';
import { SCALER_REFUSALS, SERIES_REFUSALS } from './refusals/series-refusals.ts';
import { LANE_REFUSALS, WINDOW_REFUSALS } from './refusals/window-refusals.ts';

testRefusals([...SERIES_REFUSALS, ...SCALER_REFUSALS, ...WINDOW_REFUSALS, ...LANE_REFUSALS], {
  sources: fileURLToPath(new URL('../src', import.meta.url)),
  texts: 'errors.txt',
});
