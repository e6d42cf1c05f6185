const INTERVAL_MS = 10_000;
const WRITTEN_MAX = 5;
/** Failures differ by their place in the program, not by what they hit; more kinds than this share one count. */
const KINDS_MAX = 200;
const ALL_OTHERS = '';

interface Kind<Line> {
  written: number;
  held: number;
  last: Line;
}

/**
 * What is said again and again is written a few times, then counted, and told once an interval with the last of its
 * lines: a full disk fails every request, and its log must not fill what is left of it.
 */
export class RepeatedLines<Line> {
  private kinds = new Map<string, Kind<Line>>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly tell: (last: Line, held: number) => void) {}

  /** Whether this one is to be written now. */
  admits(kind: string, line: Line): boolean {
    this.timer ??= setTimeout(() => this.endInterval(), INTERVAL_MS).unref();
    const found = this.kindOf(kind, line);
    if (found.written < WRITTEN_MAX) {
      found.written++;
      return true;
    }
    found.held++;
    found.last = line;
    return false;
  }

  private kindOf(name: string, line: Line): Kind<Line> {
    const key = this.kinds.has(name) || this.kinds.size < KINDS_MAX ? name : ALL_OTHERS;
    const kind = this.kinds.get(key) ?? { written: 0, held: 0, last: line };
    this.kinds.set(key, kind);
    return kind;
  }

  /** What goes on is only counted in the next interval too; what has stopped may speak again. */
  private endInterval(): void {
    this.timer = undefined;
    const loud = [...this.kinds].filter(([, { held }]) => held > 0);
    this.kinds = new Map(loud.map(([key, kind]) => [key, { ...kind, held: 0 }]));
    for (const [, { last, held }] of loud) this.tell(last, held);
    if (loud.length > 0) this.timer = setTimeout(() => this.endInterval(), INTERVAL_MS).unref();
  }
}
