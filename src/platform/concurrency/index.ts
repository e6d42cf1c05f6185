export { Gather } from './gather.js';
export { Kept } from './kept.js';
export { Lane } from './lane.js';
export { Signal } from './signal.js';
