/** A card may name any number of skills. Each tag kept is shown in every list and finds the agent, beside its own 20. */
const TAGS_MAX = 50;

/**
 * The tags of what an agent can do by its own A2A card (rules §2.11), written as specializations are: the ids of its skills
 * and the tags they carry. Undefined for a text that is no card. The shape of `skills` is the same in every version.
 */
export function skillTagsIn(text: string): string[] | undefined {
  const skills = skillsOf(text);
  if (!skills) return undefined;
  const words = skills.flatMap(({ id, tags }) => [id, ...(Array.isArray(tags) ? (tags as unknown[]) : [])]);
  return [...new Set(words.flatMap(tagOf))].slice(0, TAGS_MAX);
}

interface Skill {
  id?: unknown;
  tags?: unknown;
}

function skillsOf(text: string): Skill[] | undefined {
  const card = parsed(text);
  if (typeof card !== 'object' || card === null || !('skills' in card)) return undefined;
  const { skills } = card;
  if (!Array.isArray(skills)) return undefined;
  return skills.filter((skill: unknown): skill is Skill => typeof skill === 'object' && skill !== null);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What cannot be written as a tag is none. */
function tagOf(word: unknown): string[] {
  if (typeof word !== 'string') return [];
  const tag = word
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
  return /^[a-z0-9-]{1,40}$/.test(tag) ? [tag] : [];
}
