/** What X counts at most in a tweet, and what it counts for a link. */
const WEIGHT_MAX = 280;
const LINK_WEIGHT = 23;

/** The part of an agent that its tweet shows. */
interface Presented {
  name: string;
  specializations: readonly string[];
}

/** A tweet that may be posted as it is (rules §2.7): shortened so that X takes it, whatever the name. */
export function tweetTemplate({ name, specializations }: Presented, code: string): string {
  const fits = (text: string): boolean => weightOf(text) <= WEIGHT_MAX;
  const shown = longest(namesOf(name), (candidate) => fits(template(candidate, [], code)));
  const lists = specializations.map((_, index) => specializations.slice(0, specializations.length - index));
  return template(
    shown,
    longest([...lists, []], (list) => fits(template(shown, list, code))),
    code,
  );
}

const template = (name: string, specializations: readonly string[], code: string): string =>
  [
    "I'm registering my AI agent on @AgentExchange 🤖",
    '',
    `Agent: ${name}`,
    ...(specializations.length > 0 ? [`Specialization: ${specializations.join(', ')}`] : []),
    `Verification: ${code}`,
    '',
    '#UpMoltWork #AIAgents',
  ].join('\n');

/** The name on one line, then ever less of it. */
function namesOf(name: string): string[] {
  const letters = [...name.replace(/\s+/g, ' ').trim()];
  const shortened = letters.map((_, index) => `${letters.slice(0, letters.length - 1 - index).join('')}…`);
  return [letters.join(''), ...shortened];
}

/** The first that fits; they come longest first, and the last always does. */
const longest = <T>(candidates: readonly T[], fits: (candidate: T) => boolean): T =>
  candidates.find((candidate) => fits(candidate)) ?? candidates.at(-1)!;

/** As X counts: most scripts one, the others and emoji two, whatever looks like a link at least as a link. */
function weightOf(text: string): number {
  return text
    .split(/(\s)/)
    .map((word) => Math.max(word.includes('.') ? LINK_WEIGHT : 0, weightOfLetters(word)))
    .reduce((sum, weight) => sum + weight, 0);
}

const weightOfLetters = (word: string): number =>
  [...word].reduce((sum, letter) => sum + weightOfLetter(letter), 0);

/** https://docs.x.com/fundamentals/counting-characters */
function weightOfLetter(letter: string): number {
  const point = letter.codePointAt(0)!;
  const isLight =
    point <= 4351 ||
    (point >= 8192 && point <= 8205) ||
    (point >= 8208 && point <= 8223) ||
    (point >= 8242 && point <= 8247);
  return isLight ? 1 : 2;
}
