import { fileURLToPath } from 'node:url';
import { testRefusals } from '@cellstate/testing';
import { CHECKPOINT_REFUSALS } from './refusals/checkpoint-refusals.ts';
import { RULE_REFUSALS } from './refusals/rule-refusals.ts';
import { FIT_REFUSALS, MAKING_REFUSALS, STATE_REFUSALS } from './refusals/trainer-refusals.ts';

testRefusals([...MAKING_REFUSALS, ...FIT_REFUSALS, ...STATE_REFUSALS, ...RULE_REFUSALS, ...CHECKPOINT_REFUSALS], {
  sources: fileURLToPath(new URL('../src', import.meta.url)),
  texts: 'errors.txt',
});
