// node pictures.mjs turned DIR: one photograph in all eight orientations of EXIF, in every format that has it.
// node pictures.mjs compare LIST OUT: how alike are the pictures of OUT, which Pictures made as LIST says, and Lanczos references of the
// same size; and how alike are sharp's of the same quality. Ends with 1 when one is worse by more than 0.01, has another shape, or was
// refused although sharp makes something of it.
import sharp from 'sharp';
import { mkdirSync, readFileSync } from 'node:fs';

sharp.cache(false);
const [mode, ...args] = process.argv.slice(2);
const WORSE = 0.01, LENIENT = { failOn: 'none', limitInputPixels: 50e6 };
const encode = { jpg: i => i.jpeg({ quality: 85 }), webp: i => i.webp({ quality: 80 }) };

async function turned(photograph, dir) {
  mkdirSync(dir, { recursive: true });
  for (let o = 1; o <= 8; o++)
    for (const format of ['jpeg', 'png', 'webp', 'tiff', 'avif'])
      await sharp(photograph).withMetadata({ orientation: o }).toFormat(format, format === 'tiff' ? { compression: 'lzw' } : {}).toFile(`${dir}/o${o}.${format}`);
}

// Mean of SSIM over windows of 8 x 8, four apart, of luma.
function ssim(a, b, width, height) {
  const side = Math.min(8, width, height), n = side * side;
  let sum = 0, windows = 0;
  for (let y = 0; y + side <= height; y += 4)
    for (let x = 0; x + side <= width; x += 4) {
      let sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
      for (let j = 0; j < side; j++)
        for (let i = 0, at = (y + j) * width + x; i < side; i++, at++) {
          const p = a[at], q = b[at];
          sa += p; sb += q; saa += p * p; sbb += q * q; sab += p * q;
        }
      const ma = sa / n, mb = sb / n, va = saa / n - ma * ma, vb = sbb / n - mb * mb, cov = sab / n - ma * mb;
      sum += ((2 * ma * mb + 6.5025) * (2 * cov + 58.5225)) / ((ma * ma + mb * mb + 6.5025) * (va + vb + 58.5225));
      windows++;
    }
  return windows ? sum / windows : 1;
}

const luma = image => image.flatten({ background: '#fff' }).toColourspace('b-w').extractChannel(0).raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });

async function compare(list, out) {
  const lines = readFileSync(list, 'utf8').split('\n').filter(l => l.includes('\t')).map(l => l.split('\t'));
  const faults = [], differences = {}, count = { compared: 0, 'refused by both': 0, 'only here': 0 };
  let slowest = [0];
  for (const [number, type, ms, outcome, path] of lines) {
    const name = path?.split('/').slice(-2).join('/');
    if (outcome === undefined || outcome.startsWith('FAULT')) { faults.push(`${name ?? number}: ${outcome ?? 'the process ended'}`); continue; }
    if (+ms > slowest[0]) slowest = [+ms, name];
    let upright;
    try {
      const { data, info } = await sharp(readFileSync(path), LENIENT).autoOrient().toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
      upright = () => sharp(data, { raw: info });
      upright.width = info.width, upright.height = info.height;
    } catch (e) {
      count[outcome.startsWith('made') ? 'only here' : 'refused by both']++;
      continue;
    }
    if (!outcome.startsWith('made')) { faults.push(`${name}: ${outcome}`); continue; }
    for (const size of [1200, 300])
      for (const ext of ['jpg', 'webp']) {
        const { data: own, info } = await luma(sharp(`${out}/${number}-${size}.${ext}`));
        const by = Math.min(1, size / Math.max(upright.width, upright.height)), w = upright.width * by, h = upright.height * by;
        if (Math.abs(info.width - w) > 1 || Math.abs(info.height - h) > 1) { faults.push(`${name}: ${info.width}x${info.height}, not ${Math.round(w)}x${Math.round(h)}`); continue; }
        const small = { width: info.width, height: info.height, fit: 'fill', kernel: 'lanczos3' };
        const reference = await luma(upright().resize(small));
        const theirs = await encode[ext](sharp(readFileSync(path), LENIENT).autoOrient().resize(small).flatten(ext === 'jpg' ? { background: '#fff' } : false)).toBuffer();
        const a = ssim(own, reference.data, info.width, info.height), b = ssim((await luma(sharp(theirs))).data, reference.data, info.width, info.height);
        count.compared++;
        (differences[`${size}.${ext}`] ??= []).push(a - b);
        if (a < b - WORSE) faults.push(`${name} ${size}.${ext}: ${a.toFixed(3)}, sharp ${b.toFixed(3)} (${type})`);
      }
  }
  for (const [k, d] of Object.entries(differences)) {
    d.sort((x, y) => x - y);
    console.log(`${k}: ${d.length} pictures, SSIM less sharp's ${d[0].toFixed(3)} / ${d[d.length >> 1].toFixed(3)} / ${d.at(-1).toFixed(3)}`);
  }
  console.log(`${lines.length} pictures; ${Object.entries(count).map(([k, n]) => `${n} ${k}`).join(', ')}; slowest ${slowest.join(' ms ')}`);
  for (const f of faults) console.log(`  ${f}`);
  process.exit(faults.length ? 1 : 0);
}

await (mode === 'turned' ? turned(...args) : compare(...args));
