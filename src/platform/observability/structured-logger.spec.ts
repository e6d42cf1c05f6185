import { Logger } from '@nestjs/common';
import { runInRequest } from '#platform/http';
import { REDACTED } from './loggable.js';
import { StructuredLogger, type StructuredLoggerOptions } from './structured-logger.js';

const KEY = `axe_agt_1a2b3c4d_${'ab12'.repeat(16)}`;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let lines: string[];
beforeEach(() => (lines = []));

const logger = (options: Partial<StructuredLoggerOptions> = {}) =>
  new StructuredLogger({ format: 'json', level: 'log', write: (line) => lines.push(line), ...options });

/** What was written, one entry a line: a line that is not JSON fails here. */
const entries = () =>
  lines.map((line) => {
    expect(line.endsWith('\n')).toBe(true);
    expect(line.slice(0, -1)).not.toContain('\n');
    return JSON.parse(line) as Record<string, unknown>;
  });

const broken = () => {
  throw new Error('no');
};

describe('a JSON log', () => {
  it('writes one structured line per decision through Nest’s facade', () => {
    const before = Logger['staticInstanceRef'];
    Logger.overrideLogger(logger());
    try {
      runInRequest({ requestId: 'req_1', traceId: 'f'.repeat(32) }, () =>
        new Logger('Bids').log({ msg: 'bid accepted', taskId: 'tsk_1', bidId: 'bid_2' }),
      );
    } finally {
      Logger.overrideLogger(before!);
    }
    expect(entries()).toEqual([
      {
        time: expect.stringMatching(ISO),
        level: 'log',
        context: 'Bids',
        msg: 'bid accepted',
        request_id: 'req_1',
        trace_id: 'f'.repeat(32),
        taskId: 'tsk_1',
        bidId: 'bid_2',
      },
    ]);
  });

  it.each<[string, unknown[], object]>([
    ['a text', ['started'], { msg: 'started' }],
    ['a text and a context', ['started', 'Main'], { msg: 'started', context: 'Main' }],
    ['a text and fields', ['started', { port: 1 }, 'Main'], { msg: 'started', port: 1, context: 'Main' }],
    ['several texts', ['a', 'b', 'Main'], { msg: 'a b', context: 'Main' }],
    ['a lazy text', [() => 'worked out'], { msg: 'worked out' }],
    ['a list', [[1, 2]], { msg: '[1,2]' }],
    ['nothing', [undefined], { msg: '' }],
    [
      'fields called like ours',
      [{ msg: 'm', level: 3, time: 4, context: 5 }],
      { level: 'log', level_: 3, time_: 4 },
    ],
    ['a request named by hand', [{ msg: 'm', request_id: 'req_9' }], { request_id: 'req_9' }],
  ])('takes %s', (_, args, expected) => {
    (logger().log as (...args: unknown[]) => void)(...args);
    expect(entries()).toEqual([expect.objectContaining(expected)]);
  });

  it.each<[string, (error: Error) => unknown[]]>([
    ['alone', (error) => [error]],
    ['beside a text', (error) => ['it broke', error, 'Ctx']],
    ['in a field', (error) => [{ msg: 'it broke', error }, undefined, 'Ctx']],
  ])('keeps an error %s on one line, its stack in a field', (_, args) => {
    (logger().error as (...args: unknown[]) => void)(...args(new RangeError(`bad ${KEY}`)));
    const error = {
      name: 'RangeError',
      message: `bad ${REDACTED}`,
      stack: expect.stringContaining('\n    at '),
    };
    expect(entries()).toEqual([expect.objectContaining({ level: 'error', error })]);
    expect(lines.join('')).not.toContain('axe_');
  });

  it('keeps a stack given as text in a field, masked', () => {
    const stack = new Error(KEY).stack;
    logger().error('it broke', stack, 'Ctx');
    expect(entries()).toEqual([
      expect.objectContaining({ msg: 'it broke', context: 'Ctx', stack: expect.stringContaining(REDACTED) }),
    ]);
    expect(lines.join('')).not.toContain('axe_');
  });

  it('writes no secret', () => {
    logger().warn({
      msg: `with Bearer hunter2`,
      headers: { authorization: 'hunter2' },
      url: 'redis://:hunter2@x',
    });
    logger().log(`with token=hunter2`, { password: 'hunter2' });
    expect(entries()).toHaveLength(2);
    expect(lines.join('')).not.toContain('hunter2');
  });

  it('never throws', () => {
    const circle: Record<string, unknown> = { big: 1n };
    circle['self'] = circle;
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const hostile = {
      get msg() {
        throw new Error('no');
      },
    };
    for (const message of [circle, proxy, hostile, broken]) logger().log(message);
    for (const field of [circle, proxy, hostile]) logger().log('text', field);
    const unwritable = 'an entry could not be written';
    expect(entries().map(({ msg }) => msg)).toEqual([
      '',
      unwritable,
      '[unreadable]',
      unwritable,
      'text',
      unwritable,
      'text',
    ]);
  });

  it.each([
    ['log', ['log', 'warn', 'error', 'fatal']],
    ['error', ['error', 'fatal']],
    ['verbose', ['log', 'warn', 'error', 'fatal', 'debug', 'verbose']],
  ] as const)('at level %s writes %j', (level, expected) => {
    const log = logger({ level });
    for (const each of ['log', 'warn', 'error', 'fatal', 'debug', 'verbose'] as const) log[each]('x');
    expect(entries().map((entry) => entry['level'])).toEqual(expected);
  });

  it('sends errors to stderr and the rest to stdout', () => {
    const streams: string[] = [];
    const log = logger({ write: (_, stream) => streams.push(stream) });
    log.log('x');
    log.error('x');
    expect(streams).toEqual(['stdout', 'stderr']);
  });
});

describe('What fails again and again', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const diskFull = (agentId: string) => ({
    msg: 'unexpected error',
    agentId,
    error: Object.assign(new Error(`could not extend file of ${agentId}`), { code: '53100' }),
  });

  it('is written five times, then told once an interval with a count, as long as it goes on', () => {
    const log = logger();
    for (let n = 0; n < 1_000; n++) log.error(diskFull(`agt_${n}`));
    expect(entries()).toHaveLength(5);
    jest.advanceTimersByTime(10_000);
    expect(entries().slice(5)).toEqual([
      expect.objectContaining({ msg: 'unexpected error', agentId: 'agt_999', repeated: 995 }),
    ]);
    for (let n = 0; n < 50; n++) log.error(diskFull('agt_more'));
    expect(entries()).toHaveLength(6);
    jest.advanceTimersByTime(10_000);
    expect(entries()[6]).toMatchObject({ repeated: 50 });
    jest.advanceTimersByTime(10_000);
    expect(entries()).toHaveLength(7);
    log.error(diskFull('agt_later'));
    expect(entries()[7]).toMatchObject({ agentId: 'agt_later' });
  });

  it('hides nothing else: another failure, another route, what is no failure', () => {
    const log = logger();
    for (let n = 0; n < 10; n++) {
      log.error(diskFull('agt_one'));
      log.log({ msg: 'unexpected error' });
    }
    log.error({ msg: 'unexpected error', error: new Error('another') });
    log.error({ msg: 'request', route: '/v1/a', status: 500 }, 'Http');
    log.error({ msg: 'request', route: '/v1/b', status: 500 }, 'Http');
    expect(entries()).toHaveLength(5 + 10 + 3);
  });

  it('cannot be made to fill the memory', () => {
    const log = logger();
    for (let n = 0; n < 1_000; n++) log.error(new Error(String.fromCodePoint(0x4e00 + n)));
    expect(entries()).toHaveLength(200 + 5);
  });
});

describe('a pretty log', () => {
  it('reads as a line, with the fields behind the text', () => {
    runInRequest({ requestId: 'req_1' }, () =>
      logger({ format: 'pretty' }).log({ msg: 'bid accepted', taskId: 'tsk_1', note: 'two words' }, 'Bids'),
    );
    expect(lines).toEqual([
      expect.stringMatching(
        /^\S+Z {5}LOG \[Bids\] bid accepted taskId=tsk_1 note="two words" request_id=req_1\n$/,
      ),
    ]);
  });

  it('shows a stack below its line', () => {
    logger({ format: 'pretty' }).error({ msg: 'it broke', error: new Error('why') }, undefined, 'Ctx');
    expect(lines).toEqual([expect.stringMatching(/ERROR \[Ctx\] it broke\n {4}Error: why\n {8}at /)]);
  });

  it('lets nobody forge a line or steer the terminal', () => {
    logger({ format: 'pretty' }).log({ msg: 'a\nb\u001b[2J\u009b1m\u202e', note: 'x\ny\u009b' });
    expect(lines.join('')).toMatch(/a\\u000ab\\u001b\[2J\\u009b1m\\u202e note="x\\ny\\u009b"\n$/);
  });
});
