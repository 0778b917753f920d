// node rounds.mjs pictures|films [ROUNDS] [COUNT]: bench/derivatives beside sharp, or bench/films beside bench/films-by-hand, in turn, on inputs
// that it makes. Prints what each round took, and ratios: least / median / most. Nothing else ought to run on the machine.
// pictures: COUNT of 12 megapixels, four JPEGs of each, then four JPEGs and four WebPs, two at a time; job is the time without the start.
// films: COUNT seconds of 1280 x 720 with sound, silent, and turned; wall and CPU of the whole process.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const bench = dirname(fileURLToPath(import.meta.url)), home = join(process.env.BENCH_SCRATCH ?? join(tmpdir(), 'bench'), 'rounds');
const [what, rounds = '3', count = what === 'films' ? '20' : '32'] = process.argv.slice(2);
const shell = (command, env = {}) => {
  const r = spawnSync('bash', ['-c', `TIMEFORMAT='took %R %U %S'; time ${command}`], { encoding: 'utf8', env: { ...process.env, ...env }, maxBuffer: 1 << 26 });
  if (r.status !== 0) throw new Error(`${command}: ${r.status}\n${r.stdout}${r.stderr}`);
  const [, wall, user, system] = r.stderr.match(/took ([\d.]+) ([\d.]+) ([\d.]+)\s*$/).map(Number);
  return { wall, cpu: user + system, job: Number(r.stdout.match(/job_s=([\d.]+)/)?.[1] ?? wall) };
};

function pictures(dir) {
  mkdirSync(dir, { recursive: true });
  for (let i = 0; i < Number(count); i++)
    if (!existsSync(`${dir}/${i}.jpg`))
      execFileSync('convert', ['-seed', `${i}`, '-size', '1000x750', 'plasma:fractal', '-resize', '4000x3000', '-attenuate', '.2', '+noise', 'Gaussian', '-sampling-factor', '4:2:0', '-quality', '90', `${dir}/${i}.jpg`]);
}

function films(dir) {
  mkdirSync(dir, { recursive: true });
  const ffmpeg = (...args) => execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args]);
  if (existsSync(`${dir}/turned.mp4`)) return;
  ffmpeg('-f', 'lavfi', '-i', `testsrc2=size=1280x720:rate=30:duration=${count}`, '-f', 'lavfi', '-i', `sine=frequency=440:duration=${count}`,
    '-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', `${dir}/sound.mp4`);
  ffmpeg('-i', `${dir}/sound.mp4`, '-an', '-c', 'copy', `${dir}/silent.mp4`);
  ffmpeg('-i', `${dir}/sound.mp4`, '-c', 'copy', '-metadata:s:v', 'rotate=90', `${dir}/turned.mp4`);
}

function beside(title, input, sides, figures, env) {
  const got = Object.fromEntries(Object.keys(sides).map(k => [k, []])), out = join(home, 'out');
  // The first round is for caches and compilers, and does not count.
  for (let i = 0; i <= Number(rounds); i++)
    for (const [name, command] of i % 2 ? Object.entries(sides) : Object.entries(sides).reverse()) {
      rmSync(out, { recursive: true, force: true });
      mkdirSync(out, { recursive: true });
      const r = shell(`${command} ${input} ${out}`, env);
      console.log(`${title} ${name} ${i ? `round ${i}` : 'before'}: job ${r.job.toFixed(2)} s, wall ${r.wall.toFixed(2)} s, CPU ${r.cpu.toFixed(2)} s, ${readdirSync(out, { recursive: true }).length} files`);
      if (i) got[name].push(r);
    }
  const [own, peer] = Object.values(got);
  for (const [figure, of] of Object.entries(figures)) {
    const ratios = own.map((r, i) => of(r, peer[i])).sort((a, b) => a - b);
    console.log(`${title}, ${figure}: ${[ratios[0], ratios[ratios.length >> 1], ratios.at(-1)].map(x => x.toFixed(2)).join(' / ')}`);
  }
}

mkdirSync(home, { recursive: true });
if (what === 'films') {
  const input = join(home, `films-${count}`);
  films(input);
  beside('films', input, { mediaferry: join(bench, 'films'), 'by hand': join(bench, 'films-by-hand') },
    { 'CPU, times that by hand (at most 1.1)': (a, b) => a.cpu / b.cpu, 'wall clock, times that by hand (at most 1.3)': (a, b) => a.wall / b.wall });
} else {
  const input = join(home, `pictures-${count}`);
  pictures(input);
  if (!existsSync(join(home, 'node_modules'))) execFileSync('npm', ['install', '--prefix', home, '--omit=dev', '--no-package-lock', '--loglevel=error', 'sharp@0.35.5']);
  cpSync(join(bench, 'sharp.mjs'), join(home, 'sharp.mjs'));
  for (const formats of ['jpg', 'jpg webp'])
    beside(formats, input, { mediaferry: join(bench, 'derivatives'), sharp: `node ${join(home, 'sharp.mjs')}` },
      { 'images/s, times sharp\'s (at least 1.0)': (a, b) => b.job / a.job, 'CPU, times sharp\'s': (a, b) => a.cpu / b.cpu }, { BENCH_FORMATS: formats });
}
