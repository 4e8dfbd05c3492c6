export { loadTfjsNode } from './load-tfjs-node.ts';
export { NODE_BACKEND, NODE_KERNELS, registerNodeKernels, unregisterNodeKernels } from './register-kernels.ts';
