import { kerasFixtures, replayWindows } from '@cellstate/testing';
import { describe, expect, test } from 'vitest';
import * as windowing from '../src/index.ts';

const { keras, windows } = kerasFixtures();

describe(`windows and padding are as in Keras ${keras}`, () => {
  test.each(windows.map((fixture) => [`${fixture.cut} ${JSON.stringify(fixture.options)}, ${fixture.name}`, fixture] as const))(
    '%s',
    (_title, fixture) => {
      expect(replayWindows(fixture, windowing)).toEqual([]);
    },
  );
});
