import { FACES, MAY_IMPORT } from './modules.graph.mjs';

const SPEC = '[.-]spec\\.tsx?$';
const PURE_KERNEL =
  '^src/kernel/(money|ids|clock|random|plain-line|differing|state-machine|errors/domain-error)\\.ts$';
const anyOf = (names) => `(${names.join('|')})`;
const core = Object.keys(MAY_IMPORT);
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const tableRules = Object.entries(MAY_IMPORT).map(([name, allowed]) =>
  rule(
    `${name}-may-import`,
    `${name} may import only kernel${allowed.map((m) => `, ${m}`).join('')}. See modules.graph.mjs.`,
    { path: `^src/modules/${name}/`, pathNot: SPEC },
    { path: '^src/modules/', pathNot: `^src/modules/${anyOf([name, ...allowed])}/` },
  ),
);

export default {
  forbidden: [
    rule('no-cycles', 'Announce up, call down.', {}, { circular: true }),
    rule(
      'only-the-front-door',
      'Import a module through its index.ts.',
      { path: '^(src/(?!modules/)|examples/)', pathNot: `${SPEC}|^src/app\\.module\\.ts$` },
      { path: '^src/modules/', pathNot: '^src/modules/[^/]+/index\\.ts$' },
    ),
    rule(
      'only-the-front-door-of-a-neighbour',
      'Import a module through its index.ts.',
      { path: '^src/modules/([^/]+)/', pathNot: SPEC },
      { path: '^src/modules/', pathNot: ['^src/modules/$1/', '^src/modules/[^/]+/index\\.ts$'] },
    ),
    rule(
      'no-own-front-door',
      'Inside a module import the file itself.',
      { path: '^src/modules/([^/]+)/', pathNot: SPEC },
      { path: '^src/modules/$1/index\\.ts$' },
    ),
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
      'The kernel lies under all modules.',
      { path: '^src/(kernel|config|database)/' },
      { path: '^src/(modules|extensions)/' },
    ),
    rule(
      'kernel-lies-under-the-platform',
      'The platform carries what the kernel offers; it reaches the kernel through a seam, such as DueRunner.offerTo.',
      { path: '^src/(kernel|config|database)/', pathNot: SPEC },
      { path: '^src/platform/' },
    ),
    rule(
      'platform-knows-no-module',
      'The platform lies under all modules: it may import kernel, config and database.',
      { path: '^src/platform/', pathNot: SPEC },
      { path: '^src/', pathNot: '^src/(platform|kernel|config|database)/' },
    ),
    rule(
      'only-the-front-door-of-the-platform',
      'Import a part of the platform through its index.ts.',
      { path: '^(src|examples)/(?!platform/)', pathNot: SPEC },
      { path: '^src/platform/', pathNot: '^src/platform/[^/]+/index\\.ts$' },
    ),
    rule(
      'only-the-front-door-within-the-platform',
      'Import a part of the platform through its index.ts.',
      { path: '^src/platform/([^/]+)/', pathNot: SPEC },
      { path: '^src/platform/', pathNot: ['^src/platform/$1/', '^src/platform/[^/]+/index\\.ts$'] },
    ),
    rule(
      'core-knows-no-extension',
      'Extensions lie on top.',
      { path: '^src/(kernel|platform|modules)/' },
      { path: '^src/extensions/' },
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
      'extensions-stand-alone',
      'An extension may be removed without touching another.',
      { path: '^src/extensions/([^/]+)/' },
      { path: '^src/extensions/[^/]+/', pathNot: '^src/extensions/$1/' },
    ),
    ...tableRules,
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
