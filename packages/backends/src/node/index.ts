export { NODE_BACKEND, NODE_KERNELS, registerNodeKernels, unregisterNodeKernels } from './register-kernels.ts';
