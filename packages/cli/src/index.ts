// The door of the command line, for those who embed it; the command itself is bin/tablewright.mjs.
export { main } from './main.js';
