import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { lineWriter } from './line-writer.js';

describe('Lines that are written', () => {
  it('go out together, in their order, each to its stream', async () => {
    const put: [string, string][] = [];
    const write = lineWriter((text, stream) => put.push([stream, text]));
    write('a\n', 'stdout');
    write('b\n', 'stderr');
    write('c\n', 'stdout');
    expect(put).toEqual([]);
    await turn();
    expect(put).toEqual([
      ['stdout', 'a\nc\n'],
      ['stderr', 'b\n'],
    ]);
    write('d\n', 'stdout');
    await turn();
    expect(put.at(-1)).toEqual(['stdout', 'd\n']);
  });

  it.each([
    ['leaves', 'process.exit(3)'],
    ['is ended by an error', 'throw new Error("oh")'],
  ])('are out when the program %s in the same turn', (_, end) => {
    const writer = path.resolve('dist/src/platform/observability/line-writer.js');
    const program = `import { lineWriter } from ${JSON.stringify(writer)};
      const write = lineWriter(); write('first\\n', 'stdout'); write('last\\n', 'stderr'); ${end};`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('first\n');
    expect(stderr).toContain('last\n');
  });
});
