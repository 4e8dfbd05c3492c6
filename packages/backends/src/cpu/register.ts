import { registerCpuKernels } from './register-kernels.ts';

registerCpuKernels();
