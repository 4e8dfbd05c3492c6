import '@tensorflow/tfjs-backend-cpu';
import { registerCpuKernels } from './register-kernels.ts';

registerCpuKernels();
