import { existsSync, mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import {
  BUILT,
  end,
  endAll,
  installPackage,
  newFolder,
  query,
  removeAtTheEnd,
  removeFolders,
  run,
  start,
} from '#test/support/embedded-programs';
import { mayPass, mayRead } from './os-user.js';

const NOBODY = { uid: 65_534, gid: 65_534 };
const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? describe : describe.skip;
/** Another user must be able to run node and to read the build. */
const asRootBesideNobody =
  isRoot && mayPass(process.execPath, NOBODY) && mayRead(BUILT, NOBODY) ? describe : describe.skip;

const ofRoot = path.join(newFolder(), '.data');
afterAll(removeFolders);

asRoot('root with umask 077', () => {
  afterEach(endAll);

  it('keeps data and programs in the system folder when the project is closed, also when it is renamed', async () => {
    const project = newFolder(0o700);
    const version = `0.0.0-spec.${process.pid}`;
    const programs = `/var/lib/upmoltwork/postgresql-${version}`;
    removeAtTheEnd(programs);
    installPackage(project, version, (mode) => mode & 0o700);
    mkdirSync(path.join(project, '.data'), { mode: 0o700 });

    const first = await run(path.join(project, '.data'), { cwd: project, umask: 0o077 });
    expect(first.answer).toMatchObject({ moved: true });
    removeAtTheEnd(first.answer.dataDir);
    expect(first.answer.dataDir).toMatch(/^\/var\/lib\/upmoltwork\/[0-9a-f]{16}$/);
    expect(existsSync(programs)).toBe(true);
    await query(first.answer.owner, 'create table notes (word text)');
    await end(first.program, 'SIGTERM');

    const renamed = `${project}-renamed`;
    renameSync(project, renamed);
    removeAtTheEnd(renamed);
    const second = await run(path.join(renamed, '.data'), { cwd: renamed, umask: 0o077 });
    expect(second.answer.dataDir).toBe(first.answer.dataDir);
    await expect(query(second.answer.owner, 'select word from notes')).resolves.toEqual([]);
  });

  it('keeps the data where they were asked to lie when the project is open', async () => {
    const { answer } = await run(ofRoot, { umask: 0o077 });
    expect(answer).toMatchObject({ dataDir: ofRoot, moved: false });
  });
});

asRootBesideNobody('another user', () => {
  const home = path.join(newFolder(0o777), '.data');
  afterEach(endAll);

  it('who starts on data of their own can do so again after root has', async () => {
    const asUser = await run(home, NOBODY);
    await query(asUser.answer.owner, 'create table notes (word text)');
    await end(asUser.program, 'SIGTERM');

    const asRootAgain = await start({ home });
    expect(asRootAgain.url('app')).toBe(asUser.answer.app);
    await asRootAgain.stop();
    const again = await run(home, NOBODY);
    expect(again.answer.app).toBe(asUser.answer.app);
  });

  it('who starts on the data of root is told what to do in one line', async () => {
    const { answer } = await run(ofRoot, NOBODY);
    expect(answer.error).toMatch(
      /^CannotStartPostgres: The data in [^\n]* belong to another user: [^\n]*sudo chown -R[^\n]*$/,
    );
  });
});
