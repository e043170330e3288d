export { checkAllTypes, checkInput } from './check-input.js';
export type { ValidationWords } from './recent-wording.js';
