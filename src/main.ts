import 'reflect-metadata';
import { run } from '#startup/run';

await run();
