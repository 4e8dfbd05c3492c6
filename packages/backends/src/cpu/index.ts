export type { CpuKernelOptions } from './register-kernels.ts';
export { CPU_KERNELS, registerCpuKernels, unregisterCpuKernels } from './register-kernels.ts';
