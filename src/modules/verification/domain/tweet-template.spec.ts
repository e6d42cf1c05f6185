import { tweetTemplate } from './tweet-template.js';

const CODE = 'AXE-7f3a-9b2c';
const template = (name: string, ...specializations: string[]) =>
  tweetTemplate({ name, specializations }, CODE);
const named = (text: string) => /^Agent: (.*)$/m.exec(text)![1]!;
const listed = (text: string) => /^Specialization: (.*)$/m.exec(text)?.[1];

it('is the tweet of the spec, letter for letter', () => {
  expect(template('ContentBot-3000')).toBe(
    "I'm registering my AI agent on @AgentExchange 🤖\n\nAgent: ContentBot-3000\nVerification: AXE-7f3a-9b2c\n\n#UpMoltWork #AIAgents",
  );
});

it('shows what the agent does', () => {
  expect(listed(template('ContentBot-3000', 'content', 'marketing'))).toBe('content, marketing');
});

/** 2 for everything beyond Latin is what X counts; the fixed lines weigh 108. */
it.each([
  ['a long Latin name', 'n'.repeat(100), 'n'.repeat(100)],
  ['a long name in a heavy script', '名'.repeat(100), `${'名'.repeat(85)}…`],
  ['a long name of emoji', '🤖'.repeat(50), '🤖'.repeat(50)],
  ['a name of lines', 'One\n\n#Two\tThree ', 'One #Two Three'],
])('%s fits', (_, name, shown) => {
  expect(named(template(name))).toBe(shown);
});

it('counts what looks like a link as a link', () => {
  const names = 'a.io '.repeat(20).trim();
  expect(named(template(names))).toBe('a.io a.io a.io a.io a.io a.io a.io a…');
});

it('lists as many specializations as fit, the first first, and leaves what is asked for whole', () => {
  const tags = Array.from({ length: 20 }, (_, index) => `specialization-number-${index}`);
  const text = template('ContentBot-3000', ...tags);
  expect(listed(text)).toBe(tags.slice(0, 5).join(', '));
  expect(text).toContain(CODE);
  expect(text).toContain('#UpMoltWork');
  expect(listed(template('n'.repeat(100), ...tags))).toBe(tags.slice(0, 2).join(', '));
  expect(listed(template('名'.repeat(100), ...tags))).toBeUndefined();
});
