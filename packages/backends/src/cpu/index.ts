export { CPU_KERNELS, registerCpuKernels, unregisterCpuKernels } from './register-kernels.ts';
