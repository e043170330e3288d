export { checkInput } from './check-input.js';
