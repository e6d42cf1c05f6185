type Stream = 'stdout' | 'stderr';

/**
 * Writes what was said in one turn of the event loop in one go: under load a line by itself costs more to write than
 * to make. What was said before an end, whatever ended it, is written before it; only a kill can take the last turn.
 */
export function lineWriter(
  put: (text: string, stream: Stream) => void = (text, stream) => void process[stream].write(text),
): (line: string, stream: Stream) => void {
  const said: Record<Stream, string[]> = { stdout: [], stderr: [] };
  let isDue = false;
  const write = (): void => {
    isDue = false;
    for (const stream of ['stdout', 'stderr'] as const) {
      const lines = said[stream].splice(0);
      if (lines.length > 0) put(lines.join(''), stream);
    }
  };
  process.on('exit', write);
  return (line, stream) => {
    said[stream].push(line);
    if (isDue) return;
    isDue = true;
    setImmediate(write);
  };
}
