import { testExamples } from '../src/test-examples.ts';

testExamples(import.meta.url);
