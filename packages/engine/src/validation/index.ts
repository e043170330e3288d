export { checkAllTypes, checkInput } from './check-input.js';
