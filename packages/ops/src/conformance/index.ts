export { caseInputs } from './case-inputs.ts';
export type { CaseResult, SequenceFunction } from './run-case.ts';
export { runCase } from './run-case.ts';
export type { SequenceCase } from './sequence-cases.ts';
export { SEQUENCE_CASES, sequenceCases } from './sequence-cases.ts';
