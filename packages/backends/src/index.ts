export type { Backend, EngineName, UseBackendOptions } from './use-backend.ts';
export { ENGINES, useBackend } from './use-backend.ts';
