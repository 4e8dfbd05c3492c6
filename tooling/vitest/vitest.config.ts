import { preset } from './src/preset.js';

export default preset();
