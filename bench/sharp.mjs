// node sharp.mjs IN OUT: 1200, 600, 300 and 150 px of every file, as $BENCH_FORMATS says, two at a time: one decode each, and each size from
// the next larger. Prints job_s, the time without node's start.
import sharp from 'sharp';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const [dir, out] = process.argv.slice(2), formats = (process.env.BENCH_FORMATS ?? 'jpg').split(' ');
const encode = { jpg: i => i.jpeg({ quality: 85 }), webp: i => i.webp({ quality: 80 }) };
sharp.concurrency(1);
sharp.cache(false);
const files = readdirSync(dir).sort(), start = performance.now();
async function worker() {
  for (let f; (f = files.shift());) {
    let image = sharp(readFileSync(`${dir}/${f}`)).autoOrient();
    for (const s of [1200, 600, 300, 150]) {
      const { data, info } = await image.resize(s, s, { fit: 'inside', withoutEnlargement: true }).raw().toBuffer({ resolveWithObject: true });
      image = sharp(data, { raw: info });
      for (const format of formats) writeFileSync(`${out}/${f.replace(/\.[^.]*$/, '')}-${s}.${format}`, await encode[format](image.clone()).toBuffer());
    }
  }
}
await Promise.all([worker(), worker()]);
console.log(`job_s=${((performance.now() - start) / 1000).toFixed(3)}`);
