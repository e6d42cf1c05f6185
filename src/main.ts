import 'reflect-metadata';

/** Before anything is loaded that an older Node could not even parse. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`UpMoltWork needs Node 20.19 or newer; this is ${process.version}.`);
  process.exitCode = 1;
} else {
  void import('#startup/run').then(({ run }) => run());
}
