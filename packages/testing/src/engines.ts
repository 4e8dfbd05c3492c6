/** An engine as `useBackend` of `@cellstate/backends` takes it. */
export interface Engine {
  readonly name: string;
  readonly backend: 'cpu';
  readonly options: { readonly fused: boolean; readonly simd?: boolean };
}

/** The engines that everything Keras gives is compared on: the reference path, then each engine with its fused kernels. */
export const ENGINES: readonly Engine[] = [
  { name: 'the reference path', backend: 'cpu', options: { fused: false } },
  { name: 'cpu, plain', backend: 'cpu', options: { fused: true, simd: false } },
  { name: 'cpu, SIMD', backend: 'cpu', options: { fused: true, simd: true } },
];
