import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { currentRequestId, currentTraceId } from '#platform/http';
import { lineWriter } from './line-writer.js';
import { type Loggable, toLoggable } from './loggable.js';
import { RepeatedLines } from './repeated-lines.js';

export interface StructuredLoggerOptions {
  readonly format: 'pretty' | 'json';
  /** The least important level that is still written. */
  readonly level: LogLevel;
  readonly write?: (line: string, stream: 'stdout' | 'stderr') => void;
}

const FRAMEWORK = new Set([
  'NestFactory',
  'NestApplication',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
]);

/** One for all loggers of the process. */
const WRITE = lineWriter();

type Fields = Record<string, Loggable>;

interface Said {
  level: LogLevel;
  context: string;
  stream: 'stdout' | 'stderr';
  entry: Fields;
}

const UNWRITABLE: Fields = { msg: 'an entry could not be written' };
const FAILURES: ReadonlySet<LogLevel> = new Set<LogLevel>(['warn', 'error', 'fatal']);

/**
 * Nest's console logger, writing one entry per call with the request it belongs to and without secrets:
 * `new Logger('Bids').log({ msg: 'bid accepted', taskId, bidId })`. Logging never throws.
 */
export class StructuredLogger extends ConsoleLogger {
  private readonly write: NonNullable<StructuredLoggerOptions['write']>;
  private readonly repeated = new RepeatedLines<Said>((last, held) =>
    this.put({ ...last, entry: { ...last.entry, repeated: held } }),
  );

  constructor({ format, level, write }: StructuredLoggerOptions) {
    super({
      json: format === 'json',
      logLevels: levelsFrom(level),
      // Objects beside the message are read here, where a throwing getter does no harm.
      structuredParams: false,
      ...(process.stdout.isTTY ? {} : { colors: false }),
    });
    this.write = write ?? WRITE;
  }

  protected override printMessages(
    messages: unknown[],
    context = '',
    level: LogLevel = 'log',
    stream: 'stdout' | 'stderr' = 'stdout',
    stack?: unknown,
  ): void {
    let entry: Fields;
    try {
      entry = this.entryOf(messages, stack);
    } catch {
      entry = UNWRITABLE;
    }
    const said = { level, context, stream, entry };
    if (!FAILURES.has(level) || this.repeated.admits(kindOf(said), said)) this.put(said);
  }

  private put({ level, context, stream, entry }: Said): void {
    let line: string;
    try {
      line = this.options.json ? jsonLine(level, context, entry) : this.prettyLine(level, context, entry);
    } catch {
      line = jsonLine(level, context, UNWRITABLE);
    }
    this.write(`${line}\n`, stream);
  }

  /** What Nest tells while it starts is for those who look for a fault in it. */
  override log(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    if (typeof context === 'string' && FRAMEWORK.has(context)) this.debug(message, ...rest);
    else super.log(message, ...rest);
  }

  /** The stack is part of the entry; printed again it would be a second, unmasked one. */
  protected override printStackTrace(): void {}

  private entryOf(messages: readonly unknown[], stack: unknown): Fields {
    const texts: string[] = [];
    let fields: Fields = {};
    for (const message of messages.map((each) => this.resolveMessage(each))) {
      if (message === undefined) continue;
      const copied = toLoggable(message);
      if (message instanceof Error) fields = { error: copied, ...fields };
      else if (isFields(copied)) fields = { ...fields, ...copied };
      else texts.push(typeof copied === 'string' ? copied : JSON.stringify(copied));
    }
    if (typeof stack === 'string') fields['stack'] = toLoggable(stack);
    if (texts.length > 0) fields['msg'] = texts.join(' ');
    else fields['msg'] ??= messageOf(fields['error']) ?? '';
    return fields;
  }

  private prettyLine(level: LogLevel, context: string, entry: Fields): string {
    const { msg, stack, error, request_id = currentRequestId(), ...rest } = entry;
    const details = { ...rest, ...(request_id && { request_id }) };
    const fields = Object.entries(details).map(([name, value]) => ` ${name}=${shown(value)}`);
    const trace = stack ?? (isFields(error) ? (error['stack'] ?? error['message']) : error);
    const head = `${new Date().toISOString()} ${this.colorize(level.toUpperCase().padStart(7), level)}`;
    const text = this.colorize(onOneLine(typeof msg === 'string' ? msg : shown(msg)), level);
    const below =
      trace === undefined ? '' : `\n${indented(typeof trace === 'string' ? trace : shown(trace))}`;
    return `${head} ${this.formatContext(context)}${text}${fields.join('')}${below}`;
  }
}

const LEVELS: readonly LogLevel[] = ['verbose', 'debug', 'log', 'warn', 'error', 'fatal'];

const levelsFrom = (least: LogLevel): LogLevel[] => LEVELS.slice(LEVELS.indexOf(least));

/** A field that is called like one of ours keeps its value under the name with an underscore. */
function jsonLine(level: LogLevel, context: string, entry: Fields): string {
  const { msg, time, level: level_, context: context_, request_id, trace_id, ...rest } = entry;
  const line = JSON.stringify({
    time: new Date().toISOString(),
    level,
    context: context || undefined,
    msg,
    request_id: request_id ?? currentRequestId(),
    trace_id: trace_id ?? currentTraceId(),
    time_: time,
    level_,
    context_,
    ...rest,
  });
  return onOneLine(line);
}

/** Which failures are the same: by where they are told and what went wrong, whomever they hit. */
function kindOf({ level, context, entry: { msg, route, status, error } }: Said): string {
  const what = isFields(error) ? (error['code'] ?? [error['name'], error['message']]) : error;
  return JSON.stringify([level, context, msg, route, status, what])
    .slice(0, KIND_LENGTH_MAX)
    .replaceAll(/[a-z]{3}_[0-9a-z]+|\d+/g, '#');
}

const KIND_LENGTH_MAX = 300;

const isFields = (value: Loggable | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const messageOf = (error: Loggable | undefined): Loggable | undefined =>
  isFields(error) ? error['message'] : error;

const shown = (value: Loggable | undefined): string =>
  typeof value === 'string' && /^[\w.:/@+-]+$/.test(value) ? value : onOneLine(JSON.stringify(value ?? null));

const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => `    ${onOneLine(line)}`)
    .join('\n');

/** What an agent wrote must not be able to forge a line, nor to steer or reverse the terminal. Valid inside JSON. */
const onOneLine = (text: string): string =>
  text.replace(STEERING, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

const STEERING = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
