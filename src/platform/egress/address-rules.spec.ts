import { type AddressPolicy, isPrivateAddress, isPublicAddress, mayReach } from './address-rules.js';
import { AddressRefused } from './egress.errors.js';
import { checkNamedAddress } from './named-address.js';

const production: AddressPolicy = { allowPrivate: false, ownPorts: [3000] };
const sandbox: AddressPolicy = { allowPrivate: true, ownPorts: [3000, 5432] };

describe('isPublicAddress', () => {
  it.each([
    '8.8.8.8',
    '93.184.216.34',
    '172.32.0.1',
    '100.128.0.1',
    '198.20.0.1',
    '2606:4700::1111',
    '2a00:1450::1',
  ])('takes %s', (ip) => expect(isPublicAddress(ip)).toBe(true));

  it.each([
    ['0.0.0.0', 'this host'],
    ['0.1.2.3', 'this network'],
    ['10.0.0.1', 'private'],
    ['100.64.0.1', 'carrier-grade NAT'],
    ['100.100.100.200', 'metadata of a cloud behind carrier-grade NAT'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'the far end of loopback'],
    ['168.63.129.16', 'host agent of a cloud'],
    ['169.254.169.254', 'metadata'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.0.0.192', 'protocol assignments'],
    ['192.0.2.1', 'documentation'],
    ['192.88.99.1', '6to4 relay'],
    ['192.168.1.1', 'private'],
    ['198.18.0.1', 'benchmarks'],
    ['198.19.255.255', 'benchmarks'],
    ['203.0.113.7', 'documentation'],
    ['224.0.0.1', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::7f00:1', 'IPv4-compatible'],
    ['::ffff:127.0.0.1', 'IPv4-mapped loopback'],
    ['::ffff:8.8.8.8', 'IPv4-mapped, even of a public address'],
    ['64:ff9b::7f00:1', 'NAT64'],
    ['64:ff9b:1::a00:1', 'local NAT64'],
    ['100::1', 'discard'],
    ['2001::1', 'Teredo'],
    ['2001:2::1', 'benchmarks'],
    ['2001:db8::1', 'documentation'],
    ['2002:7f00:1::', '6to4 of loopback'],
    ['3fff::1', 'documentation'],
    ['4000::1', 'not yet given out'],
    ['fc00::1', 'unique local'],
    ['fd00:ec2::254', 'metadata'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local with a zone'],
    ['fec0::1', 'site-local'],
    ['ff02::1', 'multicast'],
    ['0177.0.0.1', 'not an address as resolvers print it'],
    ['2130706433', 'a plain number'],
    ['example.com', 'a name'],
    ['', 'nothing'],
  ])('refuses %s (%s)', (ip) => expect(isPublicAddress(ip)).toBe(false));
});

describe('isPrivateAddress', () => {
  it.each(['127.0.0.1', '10.1.2.3', '172.17.0.2', '192.168.0.9', '::1', 'fd12:3456::1'])('takes %s', (ip) =>
    expect(isPrivateAddress(ip)).toBe(true),
  );

  it.each([
    '0.0.0.0',
    '169.254.169.254',
    '100.100.100.200',
    'fe80::1',
    'fd00:ec2::254',
    'fd20:ce::254',
    'fd00:c1::a9fe:a9fe',
    'fd00:42::42',
    '::ffff:127.0.0.1',
    '::ffff:169.254.169.254',
    '168.63.129.16',
    '8.8.8.8',
  ])('refuses %s', (ip) => expect(isPrivateAddress(ip)).toBe(false));
});

describe('mayReach', () => {
  const own = ['93.184.216.34', '192.168.1.5', '2606:4700:0:0::7'];

  it.each([
    { ip: '8.8.8.8', port: 443, policy: production, passes: true },
    { ip: '127.0.0.1', port: 8080, policy: production, passes: false },
    { ip: '93.184.216.34', port: 443, policy: production, passes: false },
    { ip: '2606:4700::7', port: 443, policy: production, passes: false },
    { ip: '8.8.8.8', port: 3000, policy: production, passes: true },
    { ip: '8.8.8.8', port: 443, policy: sandbox, passes: true },
    { ip: '127.0.0.1', port: 8080, policy: sandbox, passes: true },
    { ip: '127.0.0.1', port: 3000, policy: sandbox, passes: false },
    { ip: '127.9.9.9', port: 5432, policy: sandbox, passes: false },
    { ip: '::1', port: 3000, policy: sandbox, passes: false },
    { ip: '192.168.1.5', port: 3000, policy: sandbox, passes: false },
    { ip: '192.168.1.5', port: 8080, policy: sandbox, passes: true },
    { ip: '192.168.1.6', port: 3000, policy: sandbox, passes: true },
    { ip: '93.184.216.34', port: 3000, policy: sandbox, passes: false },
    { ip: '169.254.169.254', port: 80, policy: sandbox, passes: false },
  ])('$ip:$port, private allowed: $policy.allowPrivate → $passes', ({ ip, port, policy, passes }) =>
    expect(mayReach({ ip, port }, policy, own)).toBe(passes),
  );
});

describe('checkNamedAddress', () => {
  it.each([
    'https://agent.example.com/webhook',
    'https://agent.example.com',
    'https://agent.example.com./webhook?key=a%20b#part',
    'HTTPS://Agent.Example.COM/',
    'https://agent.example.com:8443/',
    'https://agent.example.com:80/',
    'https://agent.example.com:1024/',
    'https://bücher.example/',
    'https://xn--bcher-kva.example/',
    'https://my_agent.example.com/',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
    'https://localhost.example.com/',
    'https://internal.example.com/@someone',
    'https://example.com/?back=http://a@b',
  ])('takes %s in production', (url) => expect(checkNamedAddress(url, production)).toBeUndefined());

  it.each([
    ['', 'form'],
    ['agent.example.com/webhook', 'form'],
    ['//agent.example.com', 'form'],
    ['https:agent.example.com', 'form'],
    ['https:///agent.example.com', 'form'],
    ['https://', 'form'],
    [' https://agent.example.com', 'form'],
    ['https://agent.example.com\n.evil.example', 'form'],
    ['ht\ttps://agent.example.com', 'form'],
    ['https://agent.example.com\\@127.0.0.1/', 'form'],
    ['https://\\127.0.0.1/', 'form'],
    ['https://agent.example.com:99999/', 'form'],
    ['https://[::1', 'form'],
    ['https://[fe80::1%25eth0]/', 'form'],
    ['https://256.256.256.256/', 'form'],
    [`https://agent.example.com/${'a'.repeat(2_048)}`, 'length'],
    ['http://agent.example.com/', 'scheme'],
    ['ftp://agent.example.com/', 'scheme'],
    ['file:///etc/passwd', 'form'],
    ['gopher://127.0.0.1:6379/_x', 'scheme'],
    ['https://me:secret@agent.example.com/', 'userinfo'],
    ['https://agent.example.com@127.0.0.1/', 'userinfo'],
    ['https://@agent.example.com/', 'userinfo'],
    ['https://agent.example.com:22/', 'port'],
    ['https://agent.example.com:0/', 'port'],
    ['https://agent.example.com:1023/', 'port'],
    ['https://127.0.0.1/', 'address'],
    ['https://127.1/', 'address'],
    ['https://127.0.0.1./', 'address'],
    ['https://2130706433/', 'address'],
    ['https://0x7f000001/', 'address'],
    ['https://0x7f.0.0.1/', 'address'],
    ['https://017700000001/', 'address'],
    ['https://0177.0.0.01/', 'address'],
    ['https://%31%32%37.0.0.1/', 'address'],
    ['https://１２７.０.０.１/', 'address'],
    ['https://127。0。0。1/', 'address'],
    ['https://0/', 'address'],
    ['https://169.254.169.254/latest/meta-data', 'address'],
    ['https://0xa9fea9fe/', 'address'],
    ['https://[::]/', 'address'],
    ['https://[::1]/', 'address'],
    ['https://[0:0:0:0:0:0:0:1]/', 'address'],
    ['https://[::ffff:127.0.0.1]/', 'address'],
    ['https://[::ffff:7f00:1]/', 'address'],
    ['https://[64:ff9b::7f00:1]/', 'address'],
    ['https://[2002:7f00:1::]/', 'address'],
    ['https://[fe80::1]/', 'address'],
    ['https://100.64.0.1/', 'address'],
    ['https://198.18.0.1/', 'address'],
    ['https://168.63.129.16/', 'address'],
    ['https://localhost/', 'host'],
    ['https://LOCALHOST./', 'host'],
    ['https://ⓛocalhost/', 'host'],
    ['https://app.localhost/', 'host'],
    ['https://printer.local/', 'host'],
    ['https://metadata.google.internal/', 'host'],
    ['https://metadata.google.internal./', 'host'],
    ['https://router.home.arpa/', 'host'],
    ['https://redis:6379/', 'host'],
    ['https://agent..example.com/', 'host'],
    ['https://agent.example.com../', 'host'],
    ['https://.example.com/', 'host'],
    ["https://agent'.example.com/", 'host'],
    [`https://${'a'.repeat(64)}.example.com/`, 'host'],
  ])('refuses %j in production: %s', (url, rule) =>
    expect(checkNamedAddress(url, production)?.rule).toBe(rule),
  );

  it.each([
    'http://agent.example.com/',
    'http://localhost:8080/hook',
    'http://127.0.0.1:8080/hook',
    'http://[::1]:8080/hook',
    'http://192.168.1.9/hook',
    'http://receiver:9000/hook',
  ])('takes %s in the sandbox', (url) => expect(checkNamedAddress(url, sandbox)).toBeUndefined());

  it.each([
    ['http://localhost:3000/v1/agents', 'address'],
    ['http://app.localhost.:3000/', 'address'],
    ['http://127.1:3000/', 'address'],
    ['http://[::1]:5432/', 'address'],
    ['http://0.0.0.0:8080/', 'address'],
    ['http://169.254.169.254/latest/meta-data', 'address'],
    ['http://[::ffff:169.254.169.254]/', 'address'],
    ['http://localhost:25/', 'port'],
    ['ftp://localhost:8080/', 'scheme'],
    ['http://me@localhost:8080/', 'userinfo'],
  ])('refuses %s in the sandbox: %s', (url, rule) =>
    expect(checkNamedAddress(url, sandbox)?.rule).toBe(rule),
  );

  it('refuses an address of this machine that is public otherwise', () => {
    expect(checkNamedAddress('https://93.184.216.34/', production)).toBeUndefined();
    expect(checkNamedAddress('https://93.184.216.34/', production, ['93.184.216.34'])?.rule).toBe('address');
  });
});

describe('AddressRefused', () => {
  it('names the field, the rule and what to do', () => {
    const error = new AddressRefused('/webhook_url', checkNamedAddress('http://a.example/', production)!);
    expect([error.type.kind, error.type.slug]).toEqual(['invalid', 'address-refused']);
    expect(error.rule).toBe('scheme');
    expect(error.fields).toEqual([{ pointer: '/webhook_url', rule: 'scheme', message: 'Use https.' }]);
  });
});
