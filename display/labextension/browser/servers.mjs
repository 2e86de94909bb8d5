// Real Jupyter servers on loopback, each in a home of its own.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';

export const TOKEN = 'tok';

const ROOT = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../../..');
const PREFIX = join(ROOT, 'build/prefix');
/** Where install/make/lab.sh unpacked JupyterLab and Notebook 7. */
const LAB = join(process.env.GOFIVE_LAB || join(ROOT, 'build/lab'), 'root');

/** Says why a front end cannot be had; '' when it can. */
export function missing(front) {
  if (front !== 'notebook6' && !existsSync(join(LAB, 'usr/lib64'))) {
    return `JupyterLab and Notebook 7 are not in ${LAB}: install/make/lab.sh fetches them`;
  }
  if (front === 'notebook6' && !process.env.GOFIVE_PYTHON) {
    return 'no Python with notebook 6: GOFIVE_PYTHON is not set';
  }
  return '';
}

/** Starts a server that serves dir, writes below scratch, and answers. stop ends it and its kernels. */
export async function start(front, dir, scratch) {
  const port = await freePort();
  const home = join(scratch, 'home-' + front);
  mkdirSync(join(home, 'runtime'), { recursive: true, mode: 0o700 });
  quiet(join(home, 'config/labconfig'));
  addPython(join(home, 'data/kernels/system-python'));
  const { command, args, env } = front === 'notebook6' ? notebook6(dir, port, home) : unpacked(front, dir, port, home);
  const log = openSync(join(scratch, front + '.log'), 'w');
  const server = spawn(command, args, { env, cwd: dir, stdio: ['ignore', log, log] });
  const ended = new Promise(done => server.on('exit', done));
  const url = `http://127.0.0.1:${port}`;
  await awaitServer(url, server, join(scratch, front + '.log'));
  const stop = async () => {
    server.kill('SIGTERM');
    const stuck = setTimeout(() => server.kill('SIGKILL'), 20000);
    await ended;
    clearTimeout(stuck);
  };
  return { url, stop };
}

// Lab asks at its first start whether it may fetch news.
function quiet(dir) {
  mkdirSync(dir, { recursive: true });
  const settings = { '@jupyterlab/apputils-extension:notification': { fetchNews: 'false' } };
  writeFileSync(join(dir, 'default_setting_overrides.json'), JSON.stringify(settings));
}

// A kernel that is not ours. The unpacked Python hands its home down, and none of it fits the system's.
function addPython(dir) {
  mkdirSync(dir, { recursive: true });
  const argv = ['env', '-u', 'PYTHONHOME', process.env.GOFIVE_PYTHON || 'python3', '-m', 'ipykernel_launcher', '-f', '{connection_file}'];
  writeFileSync(join(dir, 'kernel.json'), JSON.stringify({ argv, display_name: 'Python of the system', language: 'python' }));
}

function options(dir, port) {
  return ['--no-browser', '--ip=127.0.0.1', `--port=${port}`, '--allow-root', dir];
}

function notebook6(dir, port, home) {
  return {
    command: process.env.GOFIVE_PYTHON,
    args: ['-m', 'notebook', ...options('--notebook-dir=' + dir, port), '--NotebookApp.token=' + TOKEN],
    env: jupyterEnv(home, {})
  };
}

// The unpacked Python runs with its own loader and libraries; nothing of it is installed.
function unpacked(front, dir, port, home) {
  const python = readdirSync(join(LAB, 'usr/bin')).filter(name => /^python3\.\d+$/.test(name)).pop();
  const libraries = readdirSync(join(LAB, 'usr/lib')).find(name => name.endsWith('-linux-gnu'));
  const loader = readdirSync(join(LAB, 'usr/lib64')).find(name => name.startsWith('ld-linux'));
  const module = front === 'lab' ? 'jupyterlab' : 'notebook';
  return {
    command: join(LAB, 'usr/lib64', loader),
    args: ['--library-path', join(LAB, 'usr/lib', libraries), join(LAB, 'usr/bin', python), '-m', module,
      ...options('--ServerApp.root_dir=' + dir, port), '--IdentityProvider.token=' + TOKEN, '--LabApp.news_url=None', '--LabApp.expose_app_in_browser=True', '--JupyterNotebookApp.expose_app_in_browser=True'],
    env: jupyterEnv(home, { PYTHONHOME: join(LAB, 'usr'), PYTHONDONTWRITEBYTECODE: '1' })
  };
}

function jupyterEnv(home, more) {
  const paths = [join(PREFIX, 'share/jupyter')];
  const configs = [join(PREFIX, 'etc/jupyter')];
  if (more.PYTHONHOME) {
    paths.push(join(LAB, 'usr/share/jupyter'));
    configs.push(join(LAB, 'etc/jupyter'));
  }
  return {
    ...process.env, ...more, HOME: home,
    JUPYTER_PATH: paths.join(':'), JUPYTER_CONFIG_PATH: configs.join(':'),
    JUPYTER_CONFIG_DIR: join(home, 'config'), JUPYTER_DATA_DIR: join(home, 'data'), JUPYTER_RUNTIME_DIR: join(home, 'runtime')
  };
}

async function awaitServer(url, server, log) {
  for (let tries = 0; tries < 1800; tries++) { // a loaded computer takes more than a minute
    if (server.exitCode !== null) {
      break;
    }
    const answer = await fetch(`${url}/api?token=${TOKEN}`).catch(() => null);
    if (answer?.ok) {
      return;
    }
    await new Promise(done => setTimeout(done, 100));
  }
  server.kill('SIGKILL');
  throw new Error(`the server did not come up; what it said is in ${log}`);
}

function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.on('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}
