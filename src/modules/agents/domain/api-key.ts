const KEY = /^axe_(agt_[0-9a-z]{8})_[0-9a-f]{64}$/;

/** The agent an API key claims to be of; undefined for what is no API key at all. */
export const agentOfKey = (key: string): string | undefined => KEY.exec(key)?.[1];

export const keyText = (agentId: string, secretHex: string): string => `axe_${agentId}_${secretHex}`;
