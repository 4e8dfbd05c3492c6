import { registerGradients } from './gradients/register-gradients.ts';

registerGradients();
