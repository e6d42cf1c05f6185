export { tableOf, type Table } from './table.js';
export type { Statement } from './statement.js';
