/* oxlint-disable jest/no-standalone-expect -- itWith() is `it`, or `it.skip` where the runtime is missing */
import { transformSync } from '@swc/core';
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

interface Vector {
  name: string;
  secrets: string[];
  body: string;
  headers: Record<string, string>;
}

const VECTORS = JSON.parse(readFileSync('test/vectors/webhook-signatures.json', 'utf8')) as Vector[];
const DOCUMENT = readFileSync('docs/webhooks.md', 'utf8');
const FOREIGN = 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

/** One question to a verifier, and what it must say. */
interface Question extends Vector {
  now: number;
  authentic: boolean;
  bodyAuthentic: boolean;
}

const QUESTIONS: Question[] = VECTORS.flatMap((vector) => {
  const now = Number(vector.headers['webhook-timestamp']);
  const right = { ...vector, now, authentic: true, bodyAuthentic: true };
  const tampered = vector.body.replace('"data":{', '"data":{"a":1,');
  return [
    right,
    // Each secret of a rotation is enough by itself.
    ...vector.secrets.map((secret) => ({ ...right, secrets: [secret] })),
    { ...right, now: now + 300 },
    { ...right, now: now + 301, authentic: false },
    { ...right, now: now - 301, authentic: false },
    { ...right, body: tampered, authentic: false, bodyAuthentic: false },
    { ...right, secrets: [FOREIGN], authentic: false, bodyAuthentic: false },
    { ...right, headers: { ...vector.headers, 'webhook-id': 'evt_other' }, authentic: false },
    { ...right, headers: {}, authentic: false },
  ];
});
const EXPECTED = QUESTIONS.map(({ authentic, bodyAuthentic }) => [authentic, bodyAuthentic]);

describe('The snippet in docs/webhooks.md', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'webhook-snippets-'));
    write('questions.json', JSON.stringify(QUESTIONS));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const write = (name: string, text: string): string => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  const answers = (command: string, args: string[], cwd = folder): unknown =>
    JSON.parse(execFileSync(command, args, { cwd, encoding: 'utf8' }));

  itWith('node')('in TypeScript verifies the golden vectors and refuses what is wrong', () => {
    const { code } = transformSync(snippet('verify.ts'), {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'es6' },
    });
    write('verify.mjs', code);
    const program = write(
      'ask.mjs',
      `import { readFileSync } from 'node:fs';
       import { isAuthentic, isBodyAuthentic } from './verify.mjs';
       const questions = JSON.parse(readFileSync('questions.json', 'utf8'));
       console.log(JSON.stringify(questions.map(({ secrets, headers, body, now }) =>
         [isAuthentic(secrets, headers, body, now), isBodyAuthentic(secrets, body)])));`,
    );
    expect(answers('node', [program])).toEqual(EXPECTED);
  });

  itWith('python3')('in Python verifies the golden vectors and refuses what is wrong', () => {
    write('verify.py', snippet('verify.py'));
    const program = write(
      'ask.py',
      [
        'import json, verify',
        'questions = json.load(open("questions.json", encoding="utf8"))',
        'print(json.dumps([[verify.is_authentic(q["secrets"], q["headers"], q["body"].encode(), q["now"]),',
        '                   verify.is_body_authentic(q["secrets"], q["body"].encode())] for q in questions]))',
      ].join('\n'),
    );
    expect(answers('python3', [program])).toEqual(EXPECTED);
  });

  itWith('go', 'version')('in Go verifies the golden vectors and refuses what is wrong', () => {
    write('go/go.mod', 'module example.com/ask\n\ngo 1.18\n');
    write('go/webhook/verify.go', snippet('verify.go'));
    write(
      'go/main.go',
      `package main
       import ("encoding/json"; "fmt"; "net/http"; "os"; "time"; "example.com/ask/webhook")
       func main() {
         var questions []struct { Secrets []string; Headers map[string]string; Body string; Now int64 }
         text, _ := os.ReadFile("../questions.json")
         if err := json.Unmarshal(text, &questions); err != nil { panic(err) }
         answers := [][]bool{}
         for _, q := range questions {
           headers := http.Header{}
           for name, value := range q.Headers { headers.Set(name, value) }
           answers = append(answers, []bool{
             webhook.IsAuthentic(q.Secrets, headers, []byte(q.Body), time.Unix(q.Now, 0)),
             webhook.IsBodyAuthentic(q.Secrets, []byte(q.Body))})
         }
         out, _ := json.Marshal(answers)
         fmt.Println(string(out))
       }`,
    );
    expect(answers('go', ['run', '.'], path.join(folder, 'go'))).toEqual(EXPECTED);
  });

  itWith('openssl', 'version')('for openssl computes the three signatures of the golden vectors', () => {
    const program = write('verify.sh', snippet('verify.sh'));
    for (const { secrets, headers, body } of VECTORS) {
      const file = write('body.json', body);
      const args = [program, secrets[0]!, headers['webhook-id']!, headers['webhook-timestamp']!, file];
      const printed = execFileSync('sh', args, { encoding: 'utf8' }).trim().split('\n');
      const { signature } = JSON.parse(body) as { signature: string };
      const [standard] = headers['webhook-signature']!.split(' ');
      expect(printed).toEqual([headers['x-webhook-signature'], standard, signature]);
    }
  });
});

describe('The receiver in examples', () => {
  let receiver: ChildProcess;
  let url: string;
  let printed = '';
  const [vector] = VECTORS;
  beforeAll(async () => {
    const env = { ...process.env, WEBHOOK_SECRET: vector!.secrets[0], PORT: '0' };
    receiver = spawn('node', ['examples/webhook-receiver/receiver.mjs'], { env });
    receiver.stdout!.on('data', (chunk: Buffer) => (printed += String(chunk)));
    while (!printed.includes('\n')) await once(receiver.stdout!, 'data');
    url = /http:\S+/.exec(printed)![0];
  });
  afterAll(() => receiver.kill());

  const post = async (headers: Record<string, string>, body: string): Promise<number> =>
    (await fetch(url, { method: 'POST', headers, body })).status;

  it('takes what is signed, once, and refuses the rest', async () => {
    const { signatureHeaders } = await import('#modules/webhooks');
    const { body, secrets } = vector!;
    const seconds = Math.floor(Date.now() / 1000);
    const signed = signatureHeaders(secrets, { id: 'evt_0123456789abcdefghij', seconds }, body);
    expect(await post(signed, body)).toBe(204);
    expect(await post(signed, body)).toBe(204);
    expect(await post(signed, `${body} `)).toBe(401);
    expect(await post(vector!.headers, body)).toBe(401);
    expect((await fetch(url)).status).toBe(405);
    expect(printed.split('\n').filter((line) => line.includes('task.bid_accepted'))).toHaveLength(1);
  });
});

/** The fenced code that begins with a comment naming the file. */
function snippet(name: string): string {
  const found = new RegExp(`\`\`\`\\w+\\n((?://|#) ${name}\\n[\\s\\S]*?)\`\`\``).exec(DOCUMENT);
  if (!found) throw new Error(`docs/webhooks.md has no ${name}.`);
  return found[1]!;
}

/** Where a runtime is missing, its test is reported as skipped, by its name. */
function itWith(command: string, ...args: string[]): jest.It {
  const isInstalled = spawnSync(command, args.length > 0 ? args : ['--version']).status === 0;
  return isInstalled ? it : it.skip;
}
