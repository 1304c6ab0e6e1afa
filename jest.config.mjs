// Selection is by suffix: .spec.ts is unit, .int.spec.ts wants PostgreSQL, .kafka.spec.ts wants a broker.
const swc = [
  '@swc/jest',
  {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: false },
    },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  },
];

const base = {
  rootDir: '.',
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': swc },
  moduleNameMapper: { '^#([a-z-]+)$': '<rootDir>/libs/$1/src/index.ts' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.cache/'],
};

const suffixes = ['int', 'kafka', 'e2e', 'acceptance'];
const ignored = (kept) =>
  suffixes.filter((suffix) => suffix !== kept).map((suffix) => `\\.${suffix}\\.spec\\.ts$`);

export default {
  testTimeout: 60_000,
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/{apps,libs,test,scripts}/**/*.spec.ts'],
      testPathIgnorePatterns: ignored(null),
    },
    { ...base, displayName: 'int', testMatch: ['<rootDir>/{apps,libs,test}/**/*.int.spec.ts'] },
    { ...base, displayName: 'acceptance', testMatch: ['<rootDir>/test/**/*.acceptance.spec.ts'] },
    { ...base, displayName: 'kafka', testMatch: ['<rootDir>/{apps,libs,test}/**/*.kafka.spec.ts'] },
    { ...base, displayName: 'e2e', testMatch: ['<rootDir>/test/**/*.e2e.spec.ts'] },
  ],
};
