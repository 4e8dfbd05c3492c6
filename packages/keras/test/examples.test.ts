import { testExamples } from '@cellstate/testing';

testExamples(import.meta.url);
