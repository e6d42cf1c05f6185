import { agentOfKey, keyText } from './api-key.js';

const SECRET = '0123456789abcdef'.repeat(4);
const KEY = `axe_agt_7f3a9b2c_${SECRET}`;

describe('An API key', () => {
  it('is made of the agent and its secret', () => {
    expect(keyText('agt_7f3a9b2c', SECRET)).toBe(KEY);
  });

  it('says whose it claims to be', () => {
    expect(agentOfKey(KEY)).toBe('agt_7f3a9b2c');
  });

  it.each([
    ['nothing', ''],
    ['the agent alone', 'agt_7f3a9b2c'],
    ['a secret too short', KEY.slice(0, -1)],
    ['a secret too long', `${KEY}0`],
    ['a secret in capitals', KEY.toUpperCase()],
    ['a secret that is not hexadecimal', `${KEY.slice(0, -1)}g`],
    ['another prefix', KEY.replace('axe', 'opk')],
    ['an id too short', KEY.replace('7f3a9b2c', '7f3a9b2')],
    ['an id with capitals', KEY.replace('7f3a9b2c', '7F3A9B2C')],
    ['the id of something else', KEY.replace('agt', 'tsk')],
    // The platform cannot log in.
    ['the platform', KEY.replace('7f3a9b2c', 'system')],
    ['a space before', ` ${KEY}`],
    ['a line behind', `${KEY}\n`],
    ['a second line', `${KEY}\n${KEY}`],
  ])('is none with %s', (_, text) => {
    expect(agentOfKey(text)).toBeUndefined();
  });
});
