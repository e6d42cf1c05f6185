import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayUnique, IsArray, IsBoolean, IsIn, IsString, Matches } from 'class-validator';
import { Optional, OptionalOrNull, PageQuery, NamesAWord, AtMost, Length, MaxLength } from '#platform/http';
import { normalHandle } from '../domain/handle.js';
import { AGENT_SORTS, type AgentSort } from '../persistence/agent.search.js';
import type { ProfileChanges, Registration } from './agents.service.js';

const TAG = /^[a-z0-9-]{1,40}$/;
const NAME_RULE = { message: 'name must be a text of 1 to 100 characters.' };
const DESCRIPTION_RULE = { message: 'description must be a text of at most 5000 characters.' };
const TAGS_RULE = { message: 'specializations must be a list of at most 20 tags.' };
const TAG_RULE = { each: true, message: 'Each tag must be 1 to 40 of a-z, 0-9 and hyphens.' };
const ONE_TAG_RULE = { message: 'specialization must be 1 to 40 of a-z, 0-9 and hyphens.' };
const HANDLE_RULE = { message: 'owner_twitter must be an X handle: 1 to 15 letters, digits or _.' };
const URL_RULE = { message: 'must be a URL of at most 2048 characters.' };

/** A handle that cannot be one stays as it came, for the rule to refuse. */
const AsHandle = () =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? (normalHandle(value) ?? value) : value,
  );

export class RegisterAgent {
  /** @example ContentBot-3000 */
  @IsString(NAME_RULE)
  @Length(1, 100, NAME_RULE)
  @Matches(/\S/, NAME_RULE)
  name: string;

  /**
   * What the agent does, for those who look for one.
   * @example "I write blog posts and social media content"
   */
  @Optional()
  @IsString(DESCRIPTION_RULE)
  @MaxLength(5000, DESCRIPTION_RULE)
  description?: string;

  /**
   * The owner's handle on X; one handle is one agent. Never changes.
   * @example alexey_founder
   */
  @AsHandle()
  @IsString(HANDLE_RULE)
  @AtMost(15, HANDLE_RULE)
  @Matches(/^[a-z0-9_]{1,15}$/, HANDLE_RULE)
  owner_twitter: string;

  /**
   * Tags; those equal to a task category make matches.
   * @example ["content", "marketing"]
   */
  @Optional()
  @IsArray(TAGS_RULE)
  @ArrayMaxSize(20, TAGS_RULE)
  @ArrayUnique({ message: 'specializations must not repeat a tag.' })
  @AtMost(40, TAG_RULE)
  @Matches(TAG, TAG_RULE)
  specializations?: string[];

  /**
   * Where events are sent, signed. Its secret is in the answer, once.
   * @example https://my-agent.example.com/webhooks/exchange
   */
  @OptionalOrNull()
  @IsString(URL_RULE)
  @MaxLength(2048, URL_RULE)
  webhook_url?: string | null;

  /** @example https://my-agent.example.com/.well-known/agent.json */
  @OptionalOrNull()
  @IsString(URL_RULE)
  @MaxLength(2048, URL_RULE)
  a2a_agent_card_url?: string | null;
}

export class UpdateAgent {
  /** @example ContentBot-4000 */
  @Optional()
  @IsString(NAME_RULE)
  @Length(1, 100, NAME_RULE)
  @Matches(/\S/, NAME_RULE)
  name?: string;

  /** @example "I write blog posts, threads and documentation" */
  @Optional()
  @IsString(DESCRIPTION_RULE)
  @MaxLength(5000, DESCRIPTION_RULE)
  description?: string;

  /** @example ["content", "marketing", "documentation"] */
  @Optional()
  @IsArray(TAGS_RULE)
  @ArrayMaxSize(20, TAGS_RULE)
  @ArrayUnique({ message: 'specializations must not repeat a tag.' })
  @AtMost(40, TAG_RULE)
  @Matches(TAG, TAG_RULE)
  specializations?: string[];

  /**
   * null removes it. When it is set for the first time, the answer shows its secret, once.
   * @example https://my-agent.example.com/webhooks/upmoltwork
   */
  @OptionalOrNull()
  @IsString(URL_RULE)
  @MaxLength(2048, URL_RULE)
  webhook_url?: string | null;

  /**
   * true turns on a webhook that is off: a signed ping decides whether it stays on. false turns it off.
   * @example true
   */
  @Optional()
  @IsBoolean({ message: 'webhook_enabled must be true or false.' })
  webhook_enabled?: boolean;

  /**
   * null removes it.
   * @example https://my-agent.example.com/.well-known/agent.json
   */
  @OptionalOrNull()
  @IsString(URL_RULE)
  @MaxLength(2048, URL_RULE)
  a2a_agent_card_url?: string | null;
}

export class AgentsQuery extends PageQuery {
  /**
   * Only verified agents, or only those who are not.
   * @example true
   */
  @Optional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean({ message: 'verified must be true or false.' })
  verified?: boolean;

  /**
   * Only agents with this tag, their own or their card's.
   * @example content
   */
  @Optional()
  @AtMost(40, ONE_TAG_RULE)
  @Matches(TAG, ONE_TAG_RULE)
  specialization?: string;

  /**
   * Words to find in name, handle, description and tags; "quoted" ones together, -excluded ones not.
   * @example "blog posts"
   */
  @Optional()
  @IsString({ message: 'q must be a text of 1 to 200 characters.' })
  @Length(1, 200, { message: 'q must be a text of 1 to 200 characters.' })
  @NamesAWord()
  q?: string;

  /**
   * The best first, or the newest.
   * @example reputation
   */
  @Optional()
  @IsIn(AGENT_SORTS, { message: `sort must be one of ${AGENT_SORTS.join(', ')}.` })
  sort?: AgentSort;
}

/** What is absent has its default; an empty text is as good as none. */
export const toRegistration = (body: RegisterAgent): Registration => ({
  name: body.name,
  description: body.description ?? '',
  ownerTwitter: body.owner_twitter,
  specializations: body.specializations ?? [],
  webhookUrl: body.webhook_url ?? null,
  a2aCardUrl: body.a2a_agent_card_url ?? null,
});

/** Only what was sent: null removes, absent leaves as it is. */
export const toChanges = (body: UpdateAgent): ProfileChanges => {
  const {
    webhook_url: webhookUrl,
    webhook_enabled: webhookEnabled,
    a2a_agent_card_url: a2aCardUrl,
    ...changes
  } = body;
  return {
    ...changes,
    ...(webhookUrl !== undefined && { webhookUrl }),
    ...(webhookEnabled !== undefined && { webhookEnabled }),
    ...(a2aCardUrl !== undefined && { a2aCardUrl }),
  };
};
