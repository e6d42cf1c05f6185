/** ESM packages that the CommonJS sandbox must transform; everything else in node_modules loads as it is. */
const esmPackages = '@nestjs|file-type|token-types|uint8array-extras|strtok3|@tokenizer|@borewit|load-esm';

/** Angle brackets are types in one and elements in the other, so each is parsed as what it is. */
const compiled = (tsx) => [
  '@swc/jest',
  {
    swcrc: false,
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true, tsx },
      transform: {
        legacyDecorator: true,
        decoratorMetadata: true,
        useDefineForClassFields: false,
        react: { runtime: 'automatic' },
      },
      keepClassNames: true,
    },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  },
];

export default {
  testEnvironment: 'node',
  // Aliases lead to the sources, not to what was built (package.json, imports).
  testEnvironmentOptions: { customExportConditions: ['upmoltwork:source', 'node', 'node-addons'] },
  roots: ['<rootDir>/src', '<rootDir>/test', '<rootDir>/examples'],
  testMatch: ['**/*.@(spec|int-spec|e2e-spec).@(ts|tsx)'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.(ts|js|mjs)$': compiled(false), '^.+\\.tsx$': compiled(true) },
  transformIgnorePatterns: [`/node_modules/(?!(${esmPackages})/)`],
  globalSetup: '<rootDir>/test/global-setup.mjs',
  globalTeardown: '<rootDir>/test/global-teardown.mjs',
  testSequencer: '<rootDir>/test/longest-first.mjs',
  testTimeout: 30_000,
  // Half of the time is waiting: for processes that start, for pauses and for leases to end.
  maxWorkers: '100%',
};
