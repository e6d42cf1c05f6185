import { FACES, MAY_IMPORT, ROOMS } from './modules.graph.mjs';

const SPEC = '[.-]spec\\.tsx?$';
const DOOR = '/[^/]+/index\\.ts$';
const PURE_KERNEL =
  '^src/kernel/(money|ids|clock|random|plain-line|differing|state-machine|errors/domain-error)\\.ts$';
const anyOf = (names) => `(${names.join('|')})`;
const core = Object.keys(MAY_IMPORT);
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** Rooms and modules are alike: who may import whom stands in a table, and everybody comes in by the front door. */
const neighbours = (kind, table) =>
  Object.entries(table).map(([name, allowed]) =>
    rule(
      `${kind}-${name}-may-import`,
      `Of ${kind}, ${name} may import ${allowed.length > 0 ? allowed.join(', ') : 'nothing'}. See modules.graph.mjs.`,
      { path: `^src/${kind}/${name}/`, pathNot: SPEC },
      { path: `^src/${kind}/`, pathNot: `^src/${kind}/${anyOf([name, ...allowed])}/` },
    ),
  );

const frontDoors = (kind) => [
  rule(
    `only-the-front-door-of-${kind}`,
    'Import it through its index.ts; a spec, a test or a script does so too.',
    { path: `^(?!src/${kind}/)` },
    { path: `^src/${kind}/`, pathNot: `^src/${kind}${DOOR}` },
  ),
  rule(
    `only-the-front-door-within-${kind}`,
    'Import a neighbour through its index.ts; only its own specs reach behind it.',
    { path: `^src/${kind}/([^/]+)/` },
    { path: `^src/${kind}/`, pathNot: [`^src/${kind}/$1/`, `^src/${kind}${DOOR}`] },
  ),
  rule(
    `no-own-front-door-of-${kind}`,
    'Inside import the file itself.',
    { path: `^src/${kind}/([^/]+)/`, pathNot: SPEC },
    { path: `^src/${kind}/$1/index\\.ts$` },
  ),
];

export default {
  forbidden: [
    rule('no-cycles', 'Announce up, call down.', {}, { circular: true }),
    ...frontDoors('platform'),
    ...frontDoors('modules'),
    rule(
      'pure-domain',
      'domain/ is plain TypeScript: no Nest, TypeORM, BullMQ, Node or I/O.',
      { path: '^src/modules/([^/]+)/.*domain/', pathNot: SPEC },
      {
        pathNot: [
          '^src/modules/$1/.*domain/',
          '^src/modules/$1/[a-z-]+\\.(errors|events)\\.ts$',
          PURE_KERNEL,
        ],
      },
    ),
    rule(
      'kernel-knows-nobody',
      'Kernel and config lie under everything.',
      { path: '^src/(kernel|config)/' },
      { path: '^src/', pathNot: '^src/(kernel|config)/' },
    ),
    rule(
      'platform-knows-no-module',
      'The platform lies under all modules: it may import kernel and config.',
      { path: '^src/platform/', pathNot: SPEC },
      { path: '^src/', pathNot: '^src/(platform|kernel|config)/' },
    ),
    rule(
      'core-knows-no-extension',
      'Extensions lie on top.',
      { path: '^src/(kernel|config|platform|modules)/' },
      { path: '^src/extensions/' },
    ),
    rule(
      'nobody-knows-the-start',
      'What starts the program and the tools that it ships lie on top of it.',
      { path: '^src/(kernel|config|platform|modules|extensions)/', pathNot: SPEC },
      { path: '^src/(startup|cli)/' },
    ),
    rule(
      'product-knows-no-test',
      'Scripts and tests drive the product.',
      { path: '^src/', pathNot: SPEC },
      { path: '^(test|scripts|examples)/' },
    ),
    rule(
      'scripts-know-no-test',
      'A script runs where no test is installed.',
      { path: '^scripts/' },
      { path: '^test/' },
    ),
    rule(
      'nobody-knows-a-face',
      'Faces lie on top of the modules.',
      { path: '^src/', pathNot: `${SPEC}|^src/app\\.module\\.ts$|^src/modules/${anyOf(FACES)}/` },
      { path: `^src/modules/${anyOf(FACES)}/` },
    ),
    rule(
      'unlisted-module',
      'Add the module to modules.graph.mjs first.',
      { path: '^src/modules/', pathNot: `^src/modules/${anyOf([...core, ...FACES])}/` },
      {},
    ),
    rule(
      'unlisted-room',
      'Add the room to modules.graph.mjs first.',
      { path: '^src/platform/', pathNot: `^src/platform/${anyOf(Object.keys(ROOMS))}/` },
      {},
    ),
    rule(
      'extensions-stand-alone',
      'An extension may be removed without touching another.',
      { path: '^src/extensions/([^/]+)/' },
      { path: '^src/extensions/[^/]+/', pathNot: '^src/extensions/$1/' },
    ),
    ...neighbours('platform', ROOMS),
    ...neighbours('modules', MAY_IMPORT),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    // Aliases lead to the sources, not to what was built (package.json, imports).
    enhancedResolveOptions: { conditionNames: ['upmoltwork:source', 'import', 'require', 'node', 'default'] },
  },
};
